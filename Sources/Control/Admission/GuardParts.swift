// What stands between routes and servers, with the files that it comes from.
import MartletEventLoop
import MartletGuarding
import MartletHTTPCore
import MartletProxy
import MartletProxyConfig
import Synchronization

/// Made from files once, before anything runs.
package struct GuardParts: Sendable {
    /// By their paths: where each is among the model's lists.
    private(set) var places: [String: Int] = [:]
    /// What the files of networks said.
    private(set) var lists: [NetworkSet] = []
    /// By the key path of their section: where each way to prove who one is stands among the judges.
    private(set) var admissions: [String: Int] = [:]
    private(set) var judges: [any AdmissionJudge] = []
    /// Check passwords.
    let threads = WorkThreads(2)
    /// Whether passwords are checked.
    private(set) var checksPasswords = false
    /// Everything that is loaded anew when it changes.
    private(set) var files: [WatchedFiles] = []
    /// Folders that files are served from, and what clients get during maintenance.
    private(set) var sites = SiteParts()
    /// Who is told of changes.
    let audience = GuardAudience()

    /// Of a config without rules.
    package init() {}

    /// Reads all files that `configuration` names.
    /// - Throws: the first that is wrong.
    static func load(_ configuration: Configuration) throws(FileProblem) -> GuardParts {
        var parts = GuardParts()
        try parts.load(configuration.access, at: "access")
        if let auth = configuration.auth { try parts.load(auth, at: "auth") }
        for (index, route) in configuration.routes.enumerated() {
            try parts.load(route.access, at: "routes[\(index)].access")
            if let auth = route.auth ?? nil { try parts.load(auth, at: "routes[\(index)].auth") }
        }
        parts.sites = try SiteParts.load(configuration)
        return parts
    }

    /// The same for a proxy that is to run.
    static func open(_ configuration: Configuration) throws(StartError) -> GuardParts {
        do throws(FileProblem) {
            return try load(configuration)
        } catch {
            throw StartError.file(keyPath: error.keyPath, error.message)
        }
    }

    /// All that is wrong with the files that `configuration` names.
    package static func inspect(_ configuration: Configuration) -> [ConfigurationFinding] {
        do throws(FileProblem) {
            _ = try load(configuration)
            return []
        } catch {
            return [error.finding]
        }
    }

    private mutating func load(_ rules: [AccessRuleConfiguration], at path: String) throws(FileProblem) {
        for (index, rule) in rules.enumerated() {
            for (position, file) in rule.clientFiles.enumerated() where places[file] == nil {
                let suffix = rule.clientFiles.count > 1 ? "[\(position)]" : ""
                try load(file, for: "\(path)[\(index)].clientFiles\(suffix)")
            }
        }
    }

    private mutating func load(_ file: String, for keyPath: String) throws(FileProblem) {
        let (place, audience) = (lists.count, audience)
        let watched = WatchedFiles("list of networks", [file]) { () throws(FileProblem) in
            audience.tell(.networks(list: place, try Self.networks(file, keyPath)))
        }
        lists.append(try Self.networks(file, keyPath))
        places[file] = place
        files.append(watched)
    }

    private mutating func load(_ auth: AuthConfiguration, at path: String) throws(FileProblem) {
        if let basic = auth.basic {
            try load(basic, at: path + ".basic.file")
        } else if let keys = auth.apiKeys {
            try load(keys, at: path + ".apiKeys.file")
        } else {
            throw FileProblem(path, "nothing says how clients prove who they are")
        }
        admissions[path] = judges.count - 1
    }

    private mutating func load(_ basic: BasicAuthConfiguration, at path: String) throws(FileProblem) {
        let read = { @Sendable () throws(FileProblem) in
            try Self.parse(basic.file, path) { bytes throws(GuardFileError) in try UserList(parsing: bytes) }
        }
        let watched = WatchedFiles("list of users", [basic.file]) {}
        let desk = PasswordDesk(basic, try read(), threads: threads)
        files.append(watched.loading { () throws(FileProblem) in desk.replace(try read()) })
        judges.append(desk)
        checksPasswords = true
    }

    private mutating func load(_ keys: APIKeysConfiguration, at path: String) throws(FileProblem) {
        let read = { @Sendable () throws(FileProblem) in
            try Self.parse(keys.file, path) { bytes throws(GuardFileError) in try KeyList(parsing: bytes) }
        }
        let watched = WatchedFiles("list of keys", [keys.file]) {}
        let desk = KeyDesk(keys, try read())
        files.append(watched.loading { () throws(FileProblem) in desk.replace(try read()) })
        judges.append(desk)
    }

    private static func networks(_ file: String, _ keyPath: String) throws(FileProblem) -> NetworkSet {
        try parse(file, keyPath) { bytes throws(GuardFileError) in NetworkSet(try NetworkList.parse(bytes)) }
    }

    static func parse<List>(
        _ file: String, _ keyPath: String, _ read: ([UInt8]) throws(GuardFileError) -> List
    ) throws(FileProblem) -> List {
        let bytes = try FileBytes.read(file, for: keyPath)
        do throws(GuardFileError) {
            return try read(bytes)
        } catch {
            throw FileProblem(keyPath, "'\(file)' is of no use: \(error)")
        }
    }
}

/// The loops, as soon as there are any.
final class GuardAudience: Sendable {
    private let mailboxes = Mutex<[Mailbox<ProxyDriver.Message>]>([])

    func add(_ new: [Mailbox<ProxyDriver.Message>]) { mailboxes.withLock { $0 += new } }

    func tell(_ message: ProxyDriver.Message) {
        for mailbox in mailboxes.withLock({ $0 }) { mailbox.post(message) }
    }
}
