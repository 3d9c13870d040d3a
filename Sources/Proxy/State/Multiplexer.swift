// What lives for each connection that carries several exchanges at a time, on either side.
import MartletEventLoop
import MartletHTTP2
import MartletHTTPCore

/// A connection of HTTP/2 with its streams. Each stream is a client connection, or a connection to a server, of its own, whose
/// socket is a channel (decision 0014).
struct Multiplexer: ~Copyable {
    /// The connection's socket.
    let socket: Token
    /// The connection's place among the clients, or among the connections to servers.
    let owner: UInt32
    let role: HTTP2Role
    var machine: HTTP2Connection
    var decoder: HPACKDecoder
    var encoder: HPACKEncoder
    /// The beginning of a frame whose rest has not come.
    var pending: Buffer?
    /// Frames of a block of fields for which there was no room behind others: they leave first.
    var largeBlock: Buffer?
    /// It is among those that are looked after at the end of the turn.
    var isQueued = false
    /// The connection is broken: it is closed as soon as the peer has been told why.
    var isFailed = false
    /// Of a client's connection, while its client is asked whether it has read everything: until when, in milliseconds.
    var askedUntil: UInt64 = 0
    /// Of a link: the next one to the same server; `.max` for none.
    var nextLink: UInt32 = .max
    /// Of a link: its streams, those that wait for their first frame as well, and how many there may be.
    var streams: UInt32 = 0
    /// Of a link: some of them wait for the server to say whether it takes them.
    var hasUndecided = false
    var streamLimit: UInt32 = .max
    /// Of a link: streams in its life, and how many there may be.
    var served: UInt32 = 0
    var requestLimit: UInt32 = .max

    init(socket: Token, owner: UInt32, role: HTTP2Role, limits: HTTP2Limits, now: UInt64) {
        self.socket = socket
        self.owner = owner
        self.role = role
        machine = HTTP2Connection(role: role, limits: limits, now: now)
        decoder = HPACKDecoder(tableBytes: limits.headerTableBytes)
        encoder = HPACKEncoder(tableBytes: Self.encoderTable, compresses: role == .server)
    }

    /// The most bytes of memory for what the peer remembers of our fields.
    private static var encoderTable: Int { 4096 }

    /// Of a link: whether streams may begin on it at all, as far as is known.
    var mayServe: Bool { !isFailed && !machine.isEnding && served < requestLimit }

    /// Of a link: whether one more stream may begin now.
    var hasRoom: Bool { mayServe && streams < min(streamLimit, UInt32(clamping: machine.peer.maxStreams)) }

    /// Decodes a block of fields. An error is one of the whole connection.
    mutating func decode(
        _ block: BlockLocation, in received: Span<UInt8>, into section: inout FieldSection
    ) -> HPACKFault? {
        section.removeAll()
        switch block {
        case .received(let range): return decoder.decode(received.extracting(range), into: &section)
        case .gathered: return decoder.decode(machine.gatheredBlock, into: &section)
        }
    }

    /// Joins what came with the beginning of a frame that came before; `nil` when memory is used up.
    mutating func join(_ buffer: consuming Buffer, pool: borrowing BufferPool) -> Buffer? {
        guard let pending = pending.take() else { return buffer }
        return Joining.join(pending, buffer, pool: pool)
    }

    /// Keeps the beginning of a frame; `false` when memory is used up.
    mutating func keep(_ bytes: Span<UInt8>, pool: borrowing BufferPool) -> Bool {
        guard let rest = KeptBytes.copy(bytes, pool: pool) else { return false }
        pending = consume rest
        return true
    }
}
