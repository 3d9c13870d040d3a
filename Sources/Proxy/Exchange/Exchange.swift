// One request with its response. Knows nothing of the protocols on either side (decision D7).
import MartletBalancing
import MartletCoding
import MartletEventLoop
import MartletHTTPCore
import MartletTelemetry

/// In which form Martlet's own error pages are written for a client, by its Accept field.
package enum ErrorFormat: UInt8, Sendable {
    case text, html, json
    /// A problem (RFC 9457), on the admin listener.
    case problem
}

/// Facts about an exchange, one bit each.
struct ExchangeFlags: OptionSet, BitwiseCopyable {
    let rawValue: UInt64
    /// The whole request has been read.
    static let requestComplete = ExchangeFlags(rawValue: 1)
    /// A byte of the response has come.
    static let responseBegun = ExchangeFlags(rawValue: 2)
    /// The final response's head was handed over for the client.
    static let responseHeadSent = ExchangeFlags(rawValue: 4)
    /// The whole response was handed over for the client.
    static let responseComplete = ExchangeFlags(rawValue: 8)
    /// The request fits one buffer, so it can be sent again.
    static let replayable = ExchangeFlags(rawValue: 16)
    /// It was sent again once: not twice.
    static let resent = ExchangeFlags(rawValue: 32)
    /// The client waits for 100 (Continue).
    static let expectsContinue = ExchangeFlags(rawValue: 64)
    /// The request's trailers end here: its head nominates fields, and which ones is not known when they come.
    static let dropsRequestTrailers = ExchangeFlags(rawValue: 128)
    /// The client said HTTP/1.0.
    static let isHTTP10 = ExchangeFlags(rawValue: 256)
    /// The request came with an id from a client that is trusted, kept in `note`.
    static let keepsID = ExchangeFlags(rawValue: 512)
    /// It waits for an answer made outside of the loop.
    static let suspended = ExchangeFlags(rawValue: 1024)
    /// The request's head could be read.
    static let headRead = ExchangeFlags(rawValue: 2048)
    /// It came in by the admin listener.
    static let isAdmin = ExchangeFlags(rawValue: 4096)
    /// The server has said 100 (Continue).
    static let continued = ExchangeFlags(rawValue: 8192)
    /// The same of the response's trailers.
    static let dropsResponseTrailers = ExchangeFlags(rawValue: 1 << 14)
    /// It is counted among those that are being retried.
    static let isRetrying = ExchangeFlags(rawValue: 1 << 15)
    /// The kept request is being sent anew.
    static let isReplaying = ExchangeFlags(rawValue: 1 << 16)
    /// A connection that is relayed as it is, from its beginning or since both sides have switched protocols.
    /// `requestComplete` and `responseComplete` say that client and server have ended their sides, `responseHeadSent` that
    /// the server has been reached.
    static let isTunnel = ExchangeFlags(rawValue: 1 << 17)
    /// It is counted among the tunnels: it was not refused before it could become one.
    static let isCountedTunnel = ExchangeFlags(rawValue: 1 << 18)
    /// A call of gRPC.
    static let isCall = ExchangeFlags(rawValue: 1 << 19)
    /// The response of a call ends with its head, without a length, as the stream does.
    static let endsWithHead = ExchangeFlags(rawValue: 1 << 20)
    /// A call that is gRPC-Web for its client.
    static let isWeb = ExchangeFlags(rawValue: 1 << 21)
    /// Its response is one of gRPC, and is translated.
    static let isWebAnswered = ExchangeFlags(rawValue: 1 << 22)
    /// It is suspended until somebody else has decided whether it may go on.
    static let isAtGate = ExchangeFlags(rawValue: 1 << 24)
    /// The question of a browser whether a page of another site may ask something, which its route answers.
    static let isPreflight = ExchangeFlags(rawValue: 1 << 25)
    /// Its route says what it may take.
    static let hasOwnLimits = ExchangeFlags(rawValue: 1 << 26)
    /// Its content is read as a whole before a server is chosen.
    static let isCollecting = ExchangeFlags(rawValue: 1 << 27)
    /// That is done: the request is there as a whole, and stays until it has an answer.
    static let isCollected = ExchangeFlags(rawValue: 1 << 28)
    /// Its response shows where a server stands, which has been counted.
    static let showsOrigin = ExchangeFlags(rawValue: 1 << 29)
    /// The content of its response may be changed on the way.
    static let mayBeCoded = ExchangeFlags(rawValue: 1 << 23)
    /// It is: the exchange has a coder.
    static let isCoded = ExchangeFlags(rawValue: 1 << 30)
    /// It is a copy of a request, whose client is nobody.
    static let isMirror = ExchangeFlags(rawValue: 1 << 31)
    /// It is for a file, and has its `file`.
    static let servesFile = ExchangeFlags(rawValue: 1 << 32)
    /// Its client takes gzip.
    static let takesGzip = ExchangeFlags(rawValue: 1 << 33)
    /// Its spans are recorded.
    static let isSampled = ExchangeFlags(rawValue: 1 << 40)
}

/// One request with its response.
struct Exchange: ~Copyable {
    /// The client connection it came by: an index.
    let client: UInt32
    /// The server connection that serves it; `.max` if there is none now.
    var connection: UInt32 = .max
    /// The upstream that the route named, and the server tried last, as indices of the model; -1 for none.
    var upstream: Int32 = -1
    var server: Int32 = -1
    /// What its route does: a place in the model's actions.
    var actions: UInt32 = 0
    /// The block of counters of its route.
    var counters = UInt16(Scope.none)
    /// The layout in which its line in the access log is begun.
    var logLayout: UInt16 = 0
    var flags: ExchangeFlags = []
    var method = HTTPMethod.other
    var errorFormat = ErrorFormat.text
    var phase = ExchangePhase.readingRequest
    /// Tries so far, since it last waited because no server could be reached.
    var attempts: UInt8 = 0
    /// All tries, those of a second server included.
    var tries: UInt8 = 0
    var priority = Priority.normal
    /// The connection of a second server that was asked meanwhile; `.max` for none.
    var hedge: UInt32 = .max
    /// The server on probation whose one exchange it is; -1 for none. A hedge says nothing of that server.
    var probation: Int32 = -1
    /// The split that has given it to its upstream, and which share that is, where the client is to be told; -1 for none.
    var split: Int32 = -1
    var share: UInt16 = 0
    /// The server that a cookie ties the request to; -1 for none.
    var stuckTo: Int32 = -1
    /// The request's key, where servers are chosen by one.
    var key: UInt64 = 0
    var tried = TriedServers()
    /// When it began to wait for a server, and when its response must have begun, in milliseconds; 0 for not yet.
    var waitingSince: UInt64 = 0
    var responseDeadline: UInt64 = 0
    /// Interim responses passed on.
    var interims: UInt8 = 0
    var status: UInt16 = 0
    /// How content is framed towards the server and towards the client.
    var requestFraming = ContentFraming.none
    var responseFraming = ContentFraming.none
    var failure: FailureKind?
    /// errno, where a system call failed.
    var systemError: Int32 = 0
    /// What else is known of a failure: why TLS with a server came to nothing.
    var detail: String?
    /// When it began and when the response's first byte came, in monotonic nanoseconds; 0 for not yet.
    let began: UInt64
    var firstByte: UInt64 = 0
    /// When the rest of what is told of slow ones happened, and how long it took.
    var times = ExchangeTimes()
    /// Bytes that had been sent on the client connection before.
    var sentBefore: UInt64 = 0
    /// Bytes of the request's head.
    var headBytes: UInt32 = 0
    /// The id made for it; see `ExchangeFlags.keepsID`.
    var id: (UInt64, UInt64)
    /// The request while it waits for a connection, or the one sent last, kept to be sent again.
    var request: Buffer?
    /// Content that has been read before a server is chosen, and how many bytes of it are counted among those of all.
    var content: Buffer?
    var collectedBytes: UInt32 = 0
    /// The same for a request in several pieces.
    var replay = ReplayLog()
    /// What the log needs of the head, and the id if it was the client's.
    var note: Buffer?
    var idLength: UInt8 = 0
    /// How long the part of it is, behind the id, that says which request it is.
    var briefLength: UInt16 = 0
    /// The same of one that has become a tunnel, which may last for days.
    var keptNote: [UInt8]?
    /// The exclusions of the log that it is one for.
    var unlogged: UInt16 = 0
    /// What lines say of the fields of its response.
    var loggedFields: [UInt8]?
    /// The trace that it belongs to, if there are any.
    var trace: ExchangeTrace?
    /// The name of its route, if somebody wants to know.
    var route: String?
    /// Where its path is counted, while somebody looks.
    var watched = TopPlace()
    /// What its response needs of the request; see `KeptValues`.
    var kept: Buffer?
    /// The field in which its response shows where a server stands.
    var leak: String?
    /// Of a tunnel: the name that the client has asked for, and bytes from the client and to it.
    var serverName: String?
    var bytesIn: UInt64 = 0
    var bytesOut: UInt64 = 0
    /// The protocol that the server is asked to switch to, a place in `UpgradeTable.names`; -1 for none.
    var upgrade: Int16 = -1
    /// What Sec-WebSocket-Accept has to be where it may be for us to say it, or to check it. `nil` for nothing.
    var accept: [UInt8]?
    /// Of a WebSocket: where the server's frames end.
    var frames = FrameBoundary()
    /// Of a call.
    var call = Call()
    /// The rule that refused it, or was noted last: a place in `AccessModel.rules`; -1 for none.
    var accessRule: Int32 = -1
    /// Who was asked about its client: a place in `Model.admissions`; -1 for nobody.
    var admission: Int16 = -1
    /// What was wrong with what the client has shown.
    var admissionFault = AdmissionFault.none
    /// What the answer to that was, if it was let in.
    var pass: AdmissionPass?
    /// The coding that the client wants most of those that it could get, and the one that it gets.
    var coding = ContentCoding.identity
    var sentCoding = ContentCoding.identity
    /// What changes the content of its response on the way: a place in the driver's coders; `.max` for nothing.
    var coder: UInt32 = .max
    /// What it is copied by, or is a copy by: a place in `Model.mirrors`; -1 for nothing.
    var mirroring: Int16 = -1
    /// What has become of its copy, and the exchange which that is.
    var mirrorNote = MirrorNote.none
    var mirror = Token.none
    /// Bytes of the head that was composed for the server.
    var composedBytes: UInt32 = 0
    /// The rest of an answer that Martlet makes itself.
    var answer: LocalContent?
    /// The file that it is for.
    var file: FileTask?
    /// Of a request on the admin listener whose content is being read.
    var admin: AdminTask?

    init(client: UInt32, began: UInt64, id: (UInt64, UInt64)) {
        self.client = client
        self.began = began
        self.id = id
    }

    /// Where in the note the part begins that lines are made of.
    var noteStart: Int { Int(idLength) + Int(briefLength) }

    /// It was a request, and is a tunnel since its server has switched protocols.
    var isUpgraded: Bool { upgrade >= 0 && flags.contains(.isTunnel) }

    /// The same, and the protocol is WebSocket.
    var isWebSocket: Bool { Int(upgrade) == UpgradeTable.webSocket && flags.contains(.isTunnel) }
}

/// Moments of an exchange in monotonic nanoseconds, 0 for none, and spans of time in nanoseconds.
struct ExchangeTimes: BitwiseCopyable {
    /// When it began to wait for a server last, and how long it has waited altogether.
    var queued: UInt64 = 0
    var waited: UInt64 = 0
    /// When a request with content was there as a whole, when a server was sent it last, and when all of the response was there.
    var requestEnded: UInt64 = 0
    var sent: UInt64 = 0
    var served: UInt64 = 0
    /// How long it took until connections to servers stood that were made for it, and their handshakes after that.
    var connecting: UInt64 = 0
    var securing: UInt64 = 0
}

/// The content of an answer made by Martlet, sent buffer by buffer as the client takes it.
struct LocalContent: Sendable {
    let bytes: [UInt8]
    var sent: Int = 0
}
