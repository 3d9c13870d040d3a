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
    private(set) var threads = WorkThreads(2)
    /// Whether passwords are checked.
    private(set) var checksPasswords = false
    /// Everything that is loaded anew when it changes.
    private(set) var files: [WatchedFiles] = []
    /// Those that ask another service.
    private(set) var services: [ForwardDesk] = []
    /// Those that take tokens.
    private(set) var tokens: [TokenDesk] = []
    /// Where failures are told.
    private(set) var complaints = Complaints()
    /// Folders that files are served from, and what clients get during maintenance.
    private(set) var sites = SiteParts()
    /// Takes clients for browsers, in the place of who finds out whether they are; `nil` where that is done.
    var challenger: (any Challenger)?
    /// Who is told of changes.
    let audience = GuardAudience()

    /// Of a config without rules.
    package init() {}

    /// Reads all files that `configuration` names.
    /// - Throws: the first that is wrong.
    /// - Parameter before: those of the config in force, whose threads go on.
    static func load(_ configuration: Configuration, after before: GuardParts? = nil) throws(FileProblem) -> GuardParts
    {
        var parts = GuardParts()
        if let before { (parts.threads, parts.complaints) = (before.threads, before.complaints) }
        try parts.load(configuration.access, at: "access")
        if let auth = configuration.auth { try parts.load(auth, at: "auth") }
        for index in configuration.routesWithParts {
            let (access, auth) = (configuration.routes[index].access, configuration.routes[index].auth)
            if !access.isEmpty { try parts.load(access, at: "routes[\(index)].access") }
            if let auth = auth ?? nil { try parts.load(auth, at: "routes[\(index)].auth") }
        }
        parts.sites = try SiteParts.load(configuration)
        return parts
    }

    /// The same for a proxy that is to run.
    static func open(
        _ configuration: Configuration, after before: GuardParts? = nil
    ) throws(StartError) -> GuardParts {
        do throws(FileProblem) {
            return try load(configuration, after: before)
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
        if !auth.any.isEmpty {
            try load(anyOf: auth, at: path)
        } else if let basic = auth.basic {
            try load(basic, at: path + ".basic.file")
        } else if let keys = auth.apiKeys {
            try load(keys, at: path + ".apiKeys.file")
        } else if let forward = auth.forward {
            try load(forward, at: path + ".forward")
        } else if let jwt = auth.jwt {
            try load(jwt, at: path + ".jwt")
        } else {
            throw FileProblem(path, "nothing says how clients prove who they are")
        }
        admissions[path] = judges.count - 1
    }

    private mutating func load(anyOf auth: AuthConfiguration, at path: String) throws(FileProblem) {
        var ways: [any AdmissionJudge] = []
        for (index, way) in auth.any.enumerated() {
            try load(way, at: "\(path).any[\(index)]")
            if let judge = judges.last { ways.append(judge) }
        }
        judges.append(AnyDesk(ways, challenges: AdmissionModel(auth).challenges))
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

    private mutating func load(_ forward: ForwardAuthConfiguration, at path: String) throws(FileProblem) {
        let watched = forward.ca.map { WatchedFiles("authorities of a service", [$0]) {} }
        let client = { @Sendable () throws(FileProblem) in
            try Self.client(forward.ca, path + ".ca", connections: forward.concurrency)
        }
        let desk = ForwardDesk(forward, try client(), complaints: complaints)
        if let watched { files.append(watched.loading { () throws(FileProblem) in desk.replace(try client()) }) }
        judges.append(desk)
        services.append(desk)
    }

    mutating func watch(_ files: WatchedFiles) { self.files.append(files) }

    mutating func add(_ desk: TokenDesk) {
        judges.append(desk)
        tokens.append(desk)
    }

    /// What has become of what clients have shown.
    var counts: DeskCounts {
        DeskCounts(
            forward: services.reduce(ForwardCounts()) { $0 + $1.counts },
            tokens: tokens.reduce(TokenCounts()) { $0 + $1.counts },
            fetches: tokens.compactMap(\.fetcher).reduce(FetchCounts()) { $0 + $1.counts })
    }

    /// Starts what goes on beside the loops.
    func start() throws(SystemError) {
        if checksPasswords { try threads.start() }
        for desk in tokens { desk.fetcher?.start() }
    }

    func stop() {
        threads.stop()
        retire()
    }

    /// Others have taken their place, and go on with the threads.
    func retire() {
        for desk in tokens { desk.fetcher?.stop() }
    }

    static func client(
        _ ca: String?, _ keyPath: String, connections: Int
    ) throws(FileProblem) -> ServiceClient {
        var roots: [UInt8]?
        if let ca { roots = try FileBytes.read(ca, for: keyPath) }
        do throws(ServiceFailure) {
            return try ServiceClient(roots: roots, connections: connections)
        } catch {
            throw FileProblem(keyPath, "'\(ca ?? "")' is of no use: \(error.reason)")
        }
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

    /// From now on nobody is told anything: what is said here is of tables that the loops are about to give up.
    func close() { mailboxes.withLock { $0 = [] } }

    func tell(_ message: ProxyDriver.Message) {
        mailboxes.withLock { mailboxes in
            for mailbox in mailboxes { mailbox.post(message) }
        }
    }
}
