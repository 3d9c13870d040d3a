// What a process tells the one that follows it. It goes through a file in memory, whose descriptor is inherited: secrets must not
// stand in the environment, which others can read (decision 0021).
import FoundationEssentials
import MartletBalancing

/// The note. The two processes may be of different versions: whatever is added later must be optional.
struct HandoverNote: Codable, Equatable, Sendable {
    /// What `version` says as long as an older process can be understood.
    static let currentVersion = 1

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
    }

    var version = Self.currentVersion
    /// The process that wrote this, and what it is.
    var process: Int32
    var program: String
    /// The standard error of the process that wrote this: the new one's is a pipe until it has taken over.
    var errors: Int32
    var sockets: [Socket] = []
    /// What sticky cookies are made with where the config has no secret.
    var stickySecret: [UInt8] = []
    var tickets: [Tickets] = []
    var servers: [Server] = []
    /// How often one process has followed another so far.
    var upgrades = 0

    var encoded: [UInt8] { (try? JSONEncoder().encode(self)).map { Array($0) } ?? [] }

    /// - Throws: why it cannot be read, in a few words.
    init(decoding bytes: [UInt8]) throws(InheritanceError) {
        struct Version: Decodable { var version: Int }
        let decoder = JSONDecoder()
        do {
            let version = try decoder.decode(Version.self, from: Data(bytes)).version
            if version != Self.currentVersion {
                throw InheritanceError(
                    "the process before this one writes notes of version \(version), "
                        + "and this one reads version \(Self.currentVersion): stop it, and start this one instead")
            }
            self = try decoder.decode(HandoverNote.self, from: Data(bytes))
        } catch let error as InheritanceError {
            throw error
        } catch {
            throw InheritanceError("the note of the process before this one cannot be read: \(error)")
        }
    }

    init(process: Int32, program: String, errors: Int32) {
        (self.process, self.program, self.errors) = (process, program, errors)
    }
}

/// Why what this process was started with is of no use.
struct InheritanceError: Error, Equatable {
    let message: String
    init(_ message: String) { self.message = message }
}
