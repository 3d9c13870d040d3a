// Maintenances, with the pages that they show and the files that turn them on.
import MartletEventLoop
import MartletFiles
import MartletHTTPCore
import MartletProxy
import MartletProxyConfig
import Synchronization

/// Made from files once, before anything runs.
struct MaintenanceParts: Sendable {
    /// The longest page, in bytes.
    private static let longestPage = 1 << 20

    /// By the key path of their section: their places in the model.
    private(set) var places: [String: Int32] = [:]
    private(set) var models: [MaintenanceModel] = []
    /// What is looked at, by their places in the model.
    private(set) var sources: [MaintenanceConfiguration] = []

    /// Of a config without any.
    init() {}

    /// Reads all pages that `configuration` names.
    /// - Throws: the first that cannot be used.
    static func load(_ configuration: Configuration) throws(FileProblem) -> MaintenanceParts {
        var parts = MaintenanceParts()
        if let all = configuration.maintenance { try parts.add(all, at: "maintenance") }
        for index in configuration.routesWithParts {
            if let own = configuration.routes[index].maintenance ?? nil {
                try parts.add(own, at: "routes[\(index)].maintenance")
            }
        }
        for upstream in configuration.upstreams {
            if let own = upstream.maintenance { try parts.add(own, at: "upstreams.\(upstream.name).maintenance") }
        }
        return parts
    }

    private mutating func add(_ maintenance: MaintenanceConfiguration, at path: String) throws(FileProblem) {
        var model = MaintenanceModel()
        model.status = UInt16(maintenance.status)
        model.retryAfter = UInt32(clamping: (maintenance.retryAfter ?? .zero).components.seconds)
        if !maintenance.except.clients.isEmpty { model.exempt = NetworkSet(maintenance.except.clients) }
        if let file = maintenance.file { model.page = try Self.page(file, for: path + ".file") }
        if let mark = maintenance.whenFile { model.isOn = FileStamp(mark).exists }
        places[path] = Int32(models.count)
        models.append(model)
        sources.append(maintenance)
    }

    static func page(_ file: String, for keyPath: String) throws(FileProblem) -> MaintenancePage {
        let bytes = try FileBytes.read(file, for: keyPath)
        if bytes.count > longestPage { throw FileProblem(keyPath, "'\(file)' is larger than 1 MiB") }
        return MaintenancePage(contentType: MediaTypes().type(of: Array(file.utf8)), content: bytes)
    }
}

/// Looks every second, on a thread of its own, whether maintenances are on and what their pages say, and tells the loops.
final class MaintenanceWatch: Sendable {
    private struct Known {
        var isOn: Bool
        var page: FileStamp
    }

    private let sources: [MaintenanceConfiguration]
    private let known: Mutex<[Known]>
    private let tell: @Sendable (ProxyDriver.Message) -> Void

    /// - Parameter tell: tells the loops.
    init(_ parts: MaintenanceParts, tell: @escaping @Sendable (ProxyDriver.Message) -> Void) {
        sources = parts.sources
        // Pages have just been read. A change within these milliseconds is seen with the next one.
        known = Mutex(
            zip(parts.models, sources).map { Known(isOn: $0.isOn, page: FileStamp($1.file ?? "")) })
        self.tell = tell
    }

    /// Whether there is anything to look at.
    var isNeeded: Bool { sources.contains { $0.whenFile != nil || $0.file != nil } }

    /// Looks at all of them once. What has changed, in words for the log.
    func look() -> [String] {
        known.withLock { known in
            var news: [String] = []
            for (place, source) in sources.enumerated() {
                let stamp = FileStamp(source.file ?? "")
                // An old page is better than none: a file that cannot be read is looked at again.
                if stamp != known[place].page, let file = source.file,
                    let page = try? MaintenanceParts.page(file, for: "maintenance.file")
                {
                    known[place].page = stamp
                    tell(.maintenancePage(place: place, page))
                    news.append("page of maintenance loaded anew")
                }
                guard let mark = source.whenFile else { continue }
                let isOn = FileStamp(mark).exists
                if isOn == known[place].isOn { continue }
                known[place].isOn = isOn
                tell(.maintenance(place: place, isOn: isOn))
                news.append(isOn ? "maintenance begins" : "maintenance ends")
            }
            return news
        }
    }
}
