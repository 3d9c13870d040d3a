// What is wrong with folders of servers, for `martlet check` and whoever reads a config.
import MartletEventLoop
import MartletProxyConfig

/// Looks into the folders that a config names.
enum FolderInspection {
    /// Warnings: servers that cannot be found keep nothing from starting.
    static func inspect(_ configuration: Configuration) -> [ConfigurationFinding] {
        configuration.upstreams.flatMap { upstream -> [ConfigurationFinding] in
            guard let settings = upstream.discover, let path = settings.folder else { return [] }
            return problems(path, settings.maxServers).map { problem in
                ConfigurationFinding(
                    keyPath: "upstreams.\(upstream.name).discover.folder", severity: .warning, message: problem)
            }
        }
    }

    private static func problems(_ path: String, _ mostServers: Int) -> [String] {
        var folder = ServerFolder(mostServers: mostServers)
        switch FolderThread.read(path, &folder) {
        case .failure(let error): return ["the folder cannot be read: \(error)"]
        case .success(let outcome):
            let more = outcome.leftOut == 0 ? [] : ["\(outcome.leftOut) servers are left out, as 'maxServers' says"]
            return outcome.problems.prefix(20).map { "\(path)/\($0)" } + more
        }
    }
}
