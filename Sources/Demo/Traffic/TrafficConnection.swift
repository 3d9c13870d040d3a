// What lives for each of the client's connections.
import MartletEventLoop
import MartletHTTP1

/// A connection that asks for the same path again and again.
struct TrafficConnection: ~Copyable {
    /// What it is doing.
    enum State {
        /// It is being made; its first request is counted as begun.
        case connecting
        /// A request is out.
        case waiting
        /// The head of the answer is here, the content is coming.
        case reading(status: Int)
        /// Between two requests.
        case pausing
    }

    let socket: Token
    /// The connection's place among all.
    let index: Int
    var state = State.connecting
    /// When the request was sent, in nanoseconds.
    var began: UInt64 = 0
    /// Part of a head, which waits for the rest.
    var rest: Buffer?
    var content = ContentDecoder()
    /// The server closes after this answer.
    var isLast = false

    init(socket: Token, index: Int) {
        self.socket = socket
        self.index = index
    }
}
