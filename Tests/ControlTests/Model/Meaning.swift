import MartletEventLoop
import MartletHTTPCore
import MartletProxy
import MartletProxyConfig
import MartletRouting

@testable import MartletControl

/// What a config means, as text that differs when the meaning does.
struct Meaning: CustomStringConvertible {
    let description: String

    /// - Parameter yaml: a whole file.
    init(_ yaml: String) throws {
        let configuration = try ConfigurationLoader.parse(yaml, file: "test")
        let model = try ModelCompiler.compile(configuration, loops: 2, secret: StickySecret("a secret of the tests"))
        var parts = model.listeners.map { "listener \($0.name) \($0.address.description) \($0.isAdmin)" }
        parts += Self.routes(of: model)
        parts += model.upstreams.map { "upstream \($0.name) \($0.servers) \($0.settings) \($0.health) \($0.affinity)" }
        parts += model.servers.map { "server \($0.name) \($0.addresses.map(\.description)) \($0.connectionLimit)" }
        parts += ServerName.all(in: configuration).map { "name \($0)" }
        let proxy = IPAddress(hi: 0, lo: 0xffff_0a00_0001)
        parts.append("trusts 10.0.0.1: \(model.trustedProxies.contains(proxy))")
        parts.append("settings \(model.settings)")
        description = parts.joined(separator: "\n")
    }

    private static func routes(of model: Model) -> [String] {
        ["a.example.com", "other.test"].flatMap { host in
            ["/", "/api", "/files"].map { path in
                let found = model.routes.lookup(host: host.utf8.span, path: path.utf8.span)
                let target = found.map { model.targets[$0] }
                let name = target.map { model.upstreams[$0.upstream].name } ?? "nobody"
                return "\(host)\(path) to \(name), \(target?.priority ?? .normal)"
            }
        }
    }
}
