// What lives for each connection to a demo server.
import MartletEventLoop
import MartletHTTP1

/// A connection to one of the demo servers: from the proxy, or from anybody who found the port.
struct ServerClient: ~Copyable {
    /// What the connection waits for.
    enum Phase: Equatable {
        /// A head.
        case reading
        /// The rest of the request's content, which is dropped.
        case skipping
        /// The server's thought. Nothing is read until the answer is sent.
        case thinking
        /// The client, to take the answer.
        case sending
    }

    let socket: Token
    let kind: ServerKind
    var phase = Phase.reading
    /// Bytes that are not dealt with: part of a head or of a trailer section, or the next request.
    var rest: Buffer?
    /// Where the current request's content ends.
    var content = ContentDecoder()
    /// What the current request is answered with.
    var answer: Answer?
    /// Only the answer's head was asked for.
    var isHead = false
    /// The connection ends with this answer.
    var isLast = false

    init(socket: Token, kind: ServerKind) {
        self.socket = socket
        self.kind = kind
    }
}

/// A client whose server is thinking.
struct Thought {
    let client: Token
    /// When it is over, in milliseconds.
    let due: UInt64
}
