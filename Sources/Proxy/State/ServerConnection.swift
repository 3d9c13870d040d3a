// What lives for each connection to a server.
import MartletEventLoop
import MartletHTTP1
import MartletHTTP2

/// What a connection to a server is doing.
enum ServerConnectionState: UInt8 {
    case connecting, idle, active
}

/// A connection to a server.
struct ServerConnection: ~Copyable {
    let socket: Token
    /// The server, as an index of the model.
    let server: Int32
    let upstream: Int32
    var state = ServerConnectionState.connecting
    /// The response's head has been dealt with; content is coming.
    var isReadingContent = false
    /// The server may be sent another request after this one.
    var isPersistent = true
    /// The exchange it serves; `.max` for none.
    var exchange: UInt32
    /// Which of the server's sets of addresses it was made to; see `ServerState.epoch`.
    let epoch: UInt32
    /// When content came last, in milliseconds.
    var lastByte: UInt64 = 0
    /// When the current try began, in monotonic nanoseconds.
    var began: UInt64 = 0
    /// Requests before the current one.
    var requests: UInt32 = 0
    /// Bytes that had been sent on the connection before the current request.
    var sentBefore: UInt64 = 0
    /// Bytes that have come and are not dealt with: part of a head or of a trailer section.
    var pending: Buffer?
    var hasPartialHead = false
    var scanner = HeadEndScanner()
    /// It carries streams.
    var isLink = false
    /// It is a stream of a link, not a connection itself.
    var isStream = false
    /// Of a link and of its streams: the place of what they share. `.max` for none.
    var multiplexer: UInt32 = .max
    /// Of a stream: its place in the machine; -1 before its first frame, and when the server, or we, have reset it.
    var place: Int32 = -1
    /// Of a stream: it has had a place.
    var wasPlaced = false
    /// Of a stream: the server has said that nothing more will come.
    var hasEnded = false
    /// Of a stream: it has become a tunnel (RFC 8441).
    var isTunnel = false
    /// Of a stream: how far its request has been made frames of.
    var outgoing = OutgoingMessage()
    /// Of a stream: trailers that came, as they are to be sent on.
    var trailers: Buffer?
    /// The span of the current try, 0 for none; when it began in monotonic nanoseconds, and which of the exchange's tries it is.
    var span: UInt64 = 0
    var spanBegan: UInt64 = 0
    var spanTry: UInt8 = 0
    /// The status of its response, 0 for none yet, and why it came to nothing.
    var spanStatus: UInt16 = 0
    var spanFailure: FailureKind?
    /// Decodes the content of the current response.
    var decoder = ContentDecoder()

    init(socket: Token, server: Int32, upstream: Int32, exchange: UInt32, epoch: UInt32) {
        self.socket = socket
        self.server = server
        self.upstream = upstream
        self.exchange = exchange
        self.epoch = epoch
    }

    /// Of a stream: how many bytes of content wait to be taken.
    var heldCount: Int { KeptBytes.count(pending) }

    /// Of a stream: whether content waits to be taken.
    var isHolding: Bool { heldCount > 0 }

    /// Keeps content that nobody can take now; `false` when memory is used up.
    mutating func hold(_ bytes: Span<UInt8>, pool: borrowing BufferPool) -> Bool {
        KeptBytes.add(bytes, to: &pending, pool: pool)
    }
}
