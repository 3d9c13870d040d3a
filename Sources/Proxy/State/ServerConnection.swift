// What lives for each connection to a server.
import MartletEventLoop
import MartletHTTP1

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
    /// Decodes the content of the current response.
    var decoder = ContentDecoder()

    init(socket: Token, server: Int32, upstream: Int32, exchange: UInt32, epoch: UInt32) {
        self.socket = socket
        self.server = server
        self.upstream = upstream
        self.exchange = exchange
        self.epoch = epoch
    }
}
