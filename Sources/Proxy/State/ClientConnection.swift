// What lives for each client connection.
import MartletEventLoop
import MartletHTTP1
import MartletHTTP2
import MartletHTTPCore
import MartletRouting

/// What a client connection is doing.
enum ClientState: UInt8 {
    /// Between requests: no byte of the next one has come.
    case idle
    /// Part of a head has come.
    case readingHead
    /// A request is being served.
    case exchanging
    /// The PROXY header, which must come first, has not come yet.
    case readingProxyHeader
    /// Its bytes are relayed, or will be: the first of them, a ClientHello, tell where to.
    case readingHello
    /// Its bytes are relayed as they are.
    case tunnelling
    /// It carries streams.
    case multiplexing
    /// The last answer is out; what still comes is read and dropped, so that closing does not destroy the answer.
    case lingering
}

/// Facts about a client connection, one bit each.
struct ClientFlags: OptionSet, BitwiseCopyable {
    let rawValue: UInt16
    /// The connection ends after this exchange.
    static let closesAfter = ClientFlags(rawValue: 1)
    /// The client has half-closed.
    static let ended = ClientFlags(rawValue: 2)
    /// Its forwarding fields are believed.
    static let isTrusted = ClientFlags(rawValue: 4)
    /// It came by the admin listener.
    static let isAdmin = ClientFlags(rawValue: 8)
    /// A function further up the stack is reading requests from it.
    static let isBeingRead = ClientFlags(rawValue: 16)
    /// It is beyond a limit: told so and closed.
    static let isShed = ClientFlags(rawValue: 32)
    /// It is closed as soon as what waits is sent.
    static let closesWhenSent = ClientFlags(rawValue: 64)
    /// It speaks TLS.
    static let isSecure = ClientFlags(rawValue: 128)
    /// Its handshake is going on, and counted.
    static let isHandshaking = ClientFlags(rawValue: 256)
    /// It came by a listener that redirects to https.
    static let isRedirect = ClientFlags(rawValue: 512)
    /// It is a stream of a connection, not one itself. `ended` says that its request has come whole.
    static let isStream = ClientFlags(rawValue: 1_024)
    /// It is nobody: what it is answered, as a stream without a connection, is dropped.
    static let isMirror = ClientFlags(rawValue: 2_048)

    /// What streams have in common with their connection.
    static let ofStreams: ClientFlags = [.isTrusted, .isAdmin, .isSecure, .isRedirect]
}

/// A connection from a client.
struct ClientConnection: ~Copyable {
    let socket: Token
    /// Who it is: the other end, or whom the PROXY header names.
    private(set) var peer: PeerAddress
    /// Whom the current request is from: the peer, or whom it names if it is a trusted proxy.
    private(set) var source: PeerAddress
    /// Where it came in: a place in the model.
    let listener: UInt16
    /// The block of counters in which its exchanges are counted.
    let counters: UInt16
    var state = ClientState.idle
    /// The minor version of TLS 1, 0 for none.
    var tlsVersion: UInt8 = 0
    var flags: ClientFlags
    /// The length of the peer's address in `peerText`.
    private(set) var peerTextCount: UInt8 = 0
    /// The length of the source's address in `sourceText`.
    private(set) var sourceTextCount: UInt8 = 0
    /// Requests so far.
    var requests: UInt32 = 0
    /// The exchange being served; `.max` for none.
    var exchange: UInt32 = .max
    /// Bytes that have come and are not dealt with: part of a head or of a trailer section, or the next request.
    var pending: Buffer?
    /// Field lines that say who the client has proved to be; `nil` for nobody.
    var identity: [UInt8]?
    /// Its certificate, if routes or rules look at that; `nil` for none.
    var certificate: CertificateText?
    /// The name that the client has asked for in its handshake; `nil` if nobody wants to know.
    var serverName: [UInt8]?
    var scanner = HeadEndScanner()
    /// Of a connection that carries streams, and of a stream: the place of what they share. `.max` for none.
    var multiplexer: UInt32 = .max
    /// Of a stream: which of those that had the place it is. A stream whose exchange goes on may outlive its connection.
    var multiplexerGeneration: UInt32 = 0
    /// Of a stream: its place in the machine; -1 when the peer, or we, have reset it.
    var place: Int32 = -1
    /// Of a stream: how far its response has been made frames of.
    var outgoing = OutgoingMessage()
    /// Of a stream: trailers that came, as they are to be sent on.
    var trailers: Buffer?
    /// Decodes the content of the current request.
    var decoder = ContentDecoder()
    /// When this state must be over, in milliseconds.
    var deadline: UInt64
    /// How fast the client sends and takes.
    var upload = RateMeter()
    var download = RateMeter()
    /// The peer's address, as it stands in fields.
    private(set) var peerText = InlineArray<48, UInt8>(repeating: 0)
    /// The source's address, as it stands in logs.
    private(set) var sourceText = InlineArray<48, UInt8>(repeating: 0)

    /// - Parameter listener: where it came in, and the block of counters of that.
    init(
        socket: Token, peer: PeerAddress, listener: (place: UInt32, counters: UInt16), flags: ClientFlags,
        deadline: UInt64
    ) {
        self.socket = socket
        self.listener = UInt16(listener.place)
        counters = listener.counters
        self.peer = peer
        source = peer
        self.flags = flags
        self.deadline = deadline
        setPeer(peer)
    }

    /// A stream of a connection: it is who the connection's client is.
    init(streamOf owner: borrowing ClientConnection, channel: Token, multiplexer: Token, place: Int32) {
        socket = channel
        peer = owner.peer
        source = owner.source
        listener = owner.listener
        counters = owner.counters
        flags = owner.flags.intersection(.ofStreams).union(.isStream)
        deadline = owner.deadline
        tlsVersion = owner.tlsVersion
        identity = owner.identity
        certificate = owner.certificate
        serverName = owner.serverName
        peerText = owner.peerText
        peerTextCount = owner.peerTextCount
        sourceText = owner.sourceText
        sourceTextCount = owner.sourceTextCount
        self.multiplexer = multiplexer.index
        multiplexerGeneration = multiplexer.generation
        self.place = place
    }

    /// Nobody, who asks for the response to a copy of a client's request. To servers it is that client.
    init(mirrorOf client: borrowing ClientConnection, channel: Token) {
        socket = channel
        peer = client.peer
        source = client.source
        listener = client.listener
        counters = client.counters
        state = .exchanging
        flags = client.flags.intersection(.isSecure).union([.isStream, .isMirror])
        deadline = .max
        peerText = client.peerText
        peerTextCount = client.peerTextCount
        sourceText = client.sourceText
        sourceTextCount = client.sourceTextCount
    }

    /// Of a stream: nothing can be told to the peer about it any more.
    var isStreamGone: Bool { place < 0 }

    /// Of a stream: how many bytes of content wait to be taken.
    var heldCount: Int { KeptBytes.count(pending) }

    /// Of a stream: whether content waits to be taken.
    var isHolding: Bool { heldCount > 0 }

    /// Keeps content that nobody can take now; `false` when memory is used up.
    mutating func hold(_ bytes: Span<UInt8>, pool: borrowing BufferPool) -> Bool {
        KeptBytes.add(bytes, to: &pending, pool: pool)
    }

    /// Whoever it is from now on.
    mutating func setPeer(_ peer: PeerAddress) {
        self.peer = peer
        (peerText, peerTextCount) = Self.text(of: peer)
        forgetSource()
    }

    /// Whom the current request is from.
    mutating func setSource(_ source: PeerAddress) {
        self.source = source
        (sourceText, sourceTextCount) = Self.text(of: source)
    }

    /// It is from the peer, until somebody else is named.
    mutating func forgetSource() {
        (source, sourceText, sourceTextCount) = (peer, peerText, peerTextCount)
    }

    /// Nothing for one that has come through a Unix socket.
    private static func text(of peer: PeerAddress) -> (InlineArray<48, UInt8>, UInt8) {
        var text = InlineArray<48, UInt8>(repeating: 0)
        if peer.isLocal { return (text, 0) }
        var span = text.mutableSpan
        let count = IPAddress(hi: peer.high, lo: peer.low).text(into: &span)
        return (text, UInt8(count))
    }
}
