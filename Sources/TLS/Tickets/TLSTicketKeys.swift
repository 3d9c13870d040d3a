// Keys of tickets (RFC 5077, and the pre-shared keys of RFC 8446): with them a server needs no memory of its clients.
import Synchronization

/// The keys of tickets, shared by contexts and loops.
package final class TLSTicketKeys: Sendable {
    /// One key: it encrypts (AES-CBC) and authenticates (HMAC-SHA256).
    struct Key: Sendable {
        let name: [UInt8]
        /// 16 or 32 bytes.
        let encryption: [UInt8]
        let authentication: [UInt8]
        /// When it was made, in seconds since 1970.
        var made: Int64 = 0
    }

    private struct State {
        /// The first encrypts.
        var keys: [Key]
        /// How long a key encrypts, in seconds; 0 when keys come from files.
        var period: Int64
    }

    private let state: Mutex<State>
    private let now: @Sendable () -> Int64

    /// How long tickets are good for, in seconds: as long as a key encrypts, an hour at least, and a week at most (RFC 8446,
    /// section 4.6.1); 12 hours with keys from files. For longer, who gets hold of a key could read more.
    let lifetime: UInt32

    /// Keys of its own, a new one every `rotateEverySeconds` seconds. A ticket is accepted until two more have come after
    /// the key that it was made with.
    package convenience init(rotateEverySeconds: Int) {
        self.init(rotateEverySeconds: rotateEverySeconds, now: FileBytes.now)
    }

    /// The same with a clock of the test's.
    init(rotateEverySeconds: Int, now: @escaping @Sendable () -> Int64) {
        state = Mutex(State(keys: [Self.make(now())], period: Int64(max(1, rotateEverySeconds))))
        lifetime = UInt32(min(max(rotateEverySeconds, 3600), 7 * 86_400))
        self.now = now
    }

    /// Keys from files as nginx has them, of 48 or 80 bytes. The first encrypts, all decrypt.
    package init(files: [[UInt8]]) throws(TLSError) {
        state = Mutex(State(keys: try Self.parse(files), period: 0))
        lifetime = 12 * 3600
        now = { 0 }
    }

    /// Takes other keys from files.
    package func replace(files: [[UInt8]]) throws(TLSError) {
        let keys = try Self.parse(files)
        state.withLock { $0 = State(keys: keys, period: 0) }
    }

    /// The key for new tickets.
    func encrypting() -> Key? {
        let time = now()
        return state.withLock { state in
            if state.period > 0, let newest = state.keys.first, time - newest.made >= state.period {
                state.keys.insert(Self.make(time), at: 0)
                state.keys.removeLast(max(0, state.keys.count - 3))
            }
            return state.keys.first
        }
    }

    /// The key of a ticket, and whether the client should have a newer ticket.
    func decrypting(_ name: [UInt8]) -> (key: Key, isOld: Bool)? {
        let time = now()
        return state.withLock { state in
            guard let place = state.keys.firstIndex(where: { $0.name == name }) else { return nil }
            let key = state.keys[place]
            // Where nobody has come for long, no newer key was made.
            let age = state.period > 0 ? (time - key.made) / state.period : 0
            return age >= 3 ? nil : (key, place > 0 || age > 0)
        }
    }

    /// Its keys with when each was made, for a process that is to take the tickets; none when they come from files, which that
    /// process has itself.
    package var lasting: [(bytes: [UInt8], made: Int64)] {
        state.withLock { state in
            if state.period == 0 { return [] }
            return state.keys.map { ($0.name + $0.authentication + $0.encryption, $0.made) }
        }
    }

    /// Takes the tickets of another process, and makes new ones with its keys as long as they are not too old. Does nothing when
    /// keys come from files.
    /// - Returns: `false`, and nothing is changed, when these are no keys.
    package func follow(_ keys: [(bytes: [UInt8], made: Int64)]) -> Bool {
        var taken: [Key] = []
        for (bytes, made) in keys.prefix(3) {
            guard bytes.count == 80, var key = try? Self.parse([bytes]).first else { return false }
            key.made = made
            taken.append(key)
        }
        if taken.isEmpty { return false }
        state.withLock { if $0.period > 0 { $0.keys = taken } }
        return true
    }

    private static func make(_ time: Int64) -> Key {
        Key(
            name: LibraryBytes.random(16), encryption: LibraryBytes.random(32),
            authentication: LibraryBytes.random(32), made: time)
    }

    private static func parse(_ files: [[UInt8]]) throws(TLSError) -> [Key] {
        if files.isEmpty { throw TLSError("there is no file with a key for tickets") }
        var keys: [Key] = []
        for bytes in files {
            let name = Array(bytes.prefix(16))
            switch bytes.count {
            case 48:
                keys.append(Key(name: name, encryption: Array(bytes[16..<32]), authentication: Array(bytes[32...])))
            case 80:
                keys.append(Key(name: name, encryption: Array(bytes[48...]), authentication: Array(bytes[16..<48])))
            default:
                throw TLSError(
                    "a key for tickets has 48 or 80 bytes, not \(bytes.count): make one with `openssl rand 80 > FILE`")
            }
        }
        return keys
    }
}
