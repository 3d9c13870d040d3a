// What a process tells the one that follows it. It goes through a file in memory, whose descriptor is inherited: secrets must not
// stand in the environment, which others can read (decision 0021). How it is read stands in HandoverNote+Reading.swift.
import FoundationEssentials
import MartletBalancing

/// The note. The two processes may be of different versions: whatever is added later must be optional.
struct HandoverNote: Codable, Equatable, Sendable {
    /// What `version` says as long as an older process can be understood.
    static let currentVersion = 1
    /// The most bytes of a note.
    static let limit = 32 << 20

    /// A listening socket.
    struct Socket: Codable, Equatable, Sendable {
        var descriptor: Int32
        /// The listener's name, and where it was told to listen.
        var listener: String
        var address: String
        /// Its path belongs to whoever has started the first of the processes.
        var isForeign: Bool
    }

    /// The keys of a listener's tickets, the one that encrypts first.
    struct Tickets: Codable, Equatable, Sendable {
        var listener: String
        var address: String
        var keys: [[UInt8]]
        /// When each was made, in seconds since 1970.
        var made: [Int64]
    }

    /// What an operator wants of a server.
    struct Server: Codable, Equatable, Sendable {
        var upstream: String
        var server: String
        var state: String
        /// What the config said when the operator said something else: only as long as it does is that heeded.
        var configured: String?
    }

    /// What is known of a server's health.
    struct Health: Codable, Equatable, Sendable {
        var upstream: String
        var server: String
        var record: HealthRecord
    }

    /// What an operator has changed of a server at run time.
    struct Change: Codable, Equatable, Sendable {
        struct Attributes: Codable, Equatable, Sendable {
            var weight: Int
            var backup: Bool
            var state: String
            var maxInFlight: Int?
            var maxConnections: Int?
        }

        var upstream: String
        var server: String
        /// `nil` for one that was removed.
        var wanted: Attributes?
        /// `nil` for one that was added.
        var basis: Attributes?
    }

    /// What is logged since an operator said so.
    struct Log: Codable, Equatable, Sendable {
        var level: String
        /// What the config said then.
        var configured: String
    }

    enum CodingKeys: String, CodingKey {
        case version, process, program, errors, sockets
        case stickySecret, tickets, servers, upgrades, health, changes, log, confirms
    }

    // MARK: Without these there is nothing to go on with

    var version = Self.currentVersion
    /// The process that wrote this, and what it is.
    var process: Int32
    var program: String
    /// The standard error of the process that wrote this: the new one's is a pipe until it has taken over.
    var errors: Int32
    var sockets: [Socket] = []

    // MARK: What cannot be read of these is done without

    /// What sticky cookies, groups and challenges are made with where the config has no secret.
    var stickySecret: [UInt8] = []
    var tickets: [Tickets] = []
    var servers: [Server] = []
    /// How often one process has followed another so far.
    var upgrades = 0
    var health: [Health] = []
    /// All differences from the config's file; `nil` when nothing is said of them.
    var changes: [Change]?
    var log: Log?
    /// Whether the process that wrote this waits until the new one says that it serves, and speaks once more then.
    var confirms = false

    /// What could not be read; never written.
    var faults: [String] = []

    init(process: Int32, program: String, errors: Int32) {
        (self.process, self.program, self.errors) = (process, program, errors)
    }

    var encoded: [UInt8] { (try? JSONEncoder().encode(self)).map { Array($0) } ?? [] }

    /// At most so many bytes; what was left out for that, in words.
    func encoded(atMost limit: Int) -> (bytes: [UInt8], dropped: [String]) {
        var (note, dropped, bytes) = (self, [String](), encoded)
        if bytes.count > limit {
            dropped.append("the health of \(health.count) servers")
            note.health = []
            bytes = note.encoded
        }
        if bytes.count > limit {
            dropped.append("\(changes?.count ?? 0) changes of servers")
            note.changes = nil
            bytes = note.encoded
        }
        return (bytes, dropped)
    }
}

/// Why what this process was started with is of no use.
struct InheritanceError: Error, Equatable {
    let message: String
    init(_ message: String) { self.message = message }
}
