// What lives for each connection to a demo server.
import MartletEventLoop
import MartletHTTP1

/// A connection to one of the demo servers: from the proxy, or from anybody who found the port.
struct ServerClient: ~Copyable {
    let socket: Token
    let kind: ServerKind
    /// Part of a head or of a trailer section, which waits for the rest.
    var rest: Buffer?
    /// Where the current request's content ends.
    var content = ContentDecoder()
    /// What is answered when the content is over.
    var answer: Answer?
    /// Only the answer's head was asked for.
    var isHead = false
    /// The connection ends with that answer.
    var isLast = false
    /// It ends as soon as what waits to be sent is sent.
    var isEnding = false

    init(socket: Token, kind: ServerKind) {
        self.socket = socket
        self.kind = kind
    }
}

/// An answer that a server is still thinking about.
struct ThoughtOver {
    let client: Token
    let answer: Answer
    let isHead: Bool
    let isLast: Bool
    /// When it is sent, in milliseconds.
    let due: UInt64
}
