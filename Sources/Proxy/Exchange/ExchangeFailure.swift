// Why an exchange was not answered by its server: for the status, the log line and the counter.
import MartletHTTP2
import MartletHTTPCore

/// Who caused a failure.
package enum FailureSide: UInt8, Sendable {
    case client, server, proxy

    package var name: StaticString {
        switch self {
        case .client: "client"
        case .server: "server"
        case .proxy: "proxy"
        }
    }
}

/// How far an exchange had come.
package enum ExchangePhase: UInt8, Sendable {
    case readingRequest, routing, waiting, connecting, sendingRequest, awaitingResponse, sendingResponse, relaying

    package var name: StaticString {
        switch self {
        case .readingRequest: "reading-request"
        case .routing: "routing"
        case .waiting: "waiting"
        case .connecting: "connecting"
        case .sendingRequest: "sending-request"
        case .awaitingResponse: "awaiting-response"
        case .sendingResponse: "sending-response"
        case .relaying: "relaying"
        }
    }
}

/// What went wrong. Each kind knows its side, the status that the client gets, and words for the log.
package enum FailureKind: Equatable, BitwiseCopyable, Sendable {
    /// The request's head or content is not HTTP as we accept it.
    case requestRefused(HeadRefusal)
    /// The fields of a request on a stream are not HTTP as we accept it.
    case streamRefused(SectionFault)
    /// The client broke a rule of HTTP/2 on the request's stream.
    case streamBroken
    case methodNotAllowed
    /// An extended CONNECT for a protocol that the route does not allow, or that nobody knows.
    case protocolNotSupported
    /// A handshake of WebSocket without a key, or with one that is none.
    case badWebSocketKey
    case noRoute
    /// A rule refuses it, with this status.
    case accessDenied(UInt16)
    /// The client has to show first that it is a browser.
    case challenged
    /// A page of this origin may not ask.
    case originRefused
    /// Nobody is to be served now: a place in the model's maintenances, and the status.
    case maintenance(place: UInt16, status: UInt16)
    /// The client has not proved who it is.
    case unauthenticated
    /// It has, but what it has shown is not for this.
    case notEntitled
    /// Nobody could decide whether the client may come in, or not in time.
    case admissionUnavailable
    case admissionTimeout
    case requestBodyTooLarge
    /// Requests that are read before a server is chosen take too much memory together.
    case tooMuchBuffered
    /// The client ended its side within the request.
    case requestTruncated
    case requestHeadTimeout
    case requestTooSlow
    case responseReadTooSlowly
    case clientGone
    case exchangeTimeout
    case connectFailed
    case connectTimeout
    /// TLS with the server came to nothing.
    case handshakeFailed
    /// The server could not prove who it is.
    case certificateRefused
    /// The server's key is none of those that are pinned.
    case pinMismatch
    /// There is no server, or none could be reached, for as long as an exchange waits.
    case noServer
    /// All servers were at their limits for as long as an exchange waits.
    case saturated
    case queueFull
    /// The client ended its side while its request waited for a server.
    case clientLeft
    /// The server is being drained, and the time for that is over.
    case serverDrained
    case serverClosed
    case serverReset
    /// A check found the server down while a response was waited for.
    case serverDown
    case responseTimeout
    case responseRefused(HeadRefusal)
    /// The same of a response on a stream.
    case responseMalformed(SectionFault)
    /// The server broke a rule of HTTP/2.
    case serverBrokeHTTP2
    /// The server has not chosen the protocol that it must be spoken to in.
    case protocolNotSpoken
    /// The server takes no WebSockets over HTTP/2, in which alone it may be spoken to.
    case webSocketNotEnabled
    /// The server has said that it has not begun to work on the request.
    case streamUnprocessed
    case responseTooManyInterim
    /// A field of the response shows where a server stands, and the route does not let that pass.
    case responseLeaks
    /// The response's content is not coded as its head says, or becomes longer than it may.
    case responseUndecodable
    case switchedUnasked
    case responseTruncated
    case responseStalled
    /// Descriptors, ports or memory ran out when a connection was to be made.
    case noResources
    case noBuffers
    case tooManyConnections
    case tooManyConnectionsFromClient
    case headTooLargeToForward
    case draining
    /// The time that a call may take is over.
    case deadlinePassed
    /// The time that a call may take cannot be understood.
    case callTimeoutMalformed
    /// Neither side of a call has said anything for too long.
    case callSilent
    /// The content of a call of gRPC-Web is said to be Base64, and is not.
    case webTextMalformed
    /// What only happens to connections that are relayed, or before HTTP.
    case tunnel(TunnelFailure)
    /// What only happens to requests for files.
    case file(FileFailure)

    /// Who caused it.
    package var side: FailureSide {
        switch self {
        case .tunnel(let failure): failure.side
        case .file(let failure): failure.side
        case .requestRefused, .streamRefused, .streamBroken, .methodNotAllowed, .protocolNotSupported,
            .badWebSocketKey, .requestBodyTooLarge, .requestTruncated, .requestHeadTimeout, .requestTooSlow,
            .responseReadTooSlowly, .clientGone, .clientLeft, .tooManyConnectionsFromClient, .deadlinePassed,
            .callTimeoutMalformed, .callSilent, .webTextMalformed, .accessDenied, .challenged, .originRefused,
            .unauthenticated, .notEntitled:
            .client
        case .connectFailed, .connectTimeout, .handshakeFailed, .certificateRefused, .pinMismatch, .serverClosed,
            .serverReset, .serverDown, .responseTimeout, .responseRefused, .responseMalformed, .serverBrokeHTTP2,
            .protocolNotSpoken, .webSocketNotEnabled, .streamUnprocessed, .responseTooManyInterim, .responseLeaks,
            .responseUndecodable, .switchedUnasked, .responseTruncated, .responseStalled:
            .server
        case .noRoute, .exchangeTimeout, .noServer, .saturated, .queueFull, .serverDrained, .noBuffers, .noResources,
            .tooManyConnections, .headTooLargeToForward, .draining, .admissionUnavailable, .admissionTimeout,
            .tooMuchBuffered, .maintenance:
            .proxy
        }
    }

    /// Whether waiting for a server is of no use: it is there, but not to be trusted, or does not speak as it must.
    var isLasting: Bool {
        self == .handshakeFailed || self == .certificateRefused || self == .pinMismatch || self == .protocolNotSpoken
            || self == .webSocketNotEnabled
    }

    /// Whether what follows the request on its connection cannot be trusted, or is not wanted.
    var spoilsConnection: Bool {
        switch self {
        case .requestRefused, .streamRefused, .streamBroken, .methodNotAllowed, .protocolNotSupported,
            .badWebSocketKey, .requestBodyTooLarge, .requestTruncated, .noBuffers, .webTextMalformed, .tunnel:
            true
        case .noRoute, .requestHeadTimeout, .requestTooSlow, .responseReadTooSlowly, .clientGone, .exchangeTimeout,
            .connectFailed, .connectTimeout, .handshakeFailed, .certificateRefused, .pinMismatch, .noServer, .saturated,
            .queueFull, .clientLeft, .serverDrained,
            .serverClosed, .serverReset, .serverDown, .responseTimeout,
            .responseRefused, .responseMalformed, .serverBrokeHTTP2, .protocolNotSpoken, .webSocketNotEnabled,
            .streamUnprocessed, .responseTooManyInterim, .responseLeaks, .responseUndecodable, .switchedUnasked,
            .responseTruncated,
            .responseStalled, .noResources, .tooManyConnections, .tooManyConnectionsFromClient, .headTooLargeToForward,
            .draining,
            .deadlinePassed, .callTimeoutMalformed, .callSilent, .accessDenied, .challenged, .originRefused,
            .unauthenticated,
            .notEntitled, .admissionUnavailable, .admissionTimeout, .tooMuchBuffered, .file, .maintenance:
            false
        }
    }

    /// The status of the answer, if there still can be one.
    package var status: Int {
        switch self {
        case .tunnel(let failure): failure.status
        case .file(let failure): failure.status
        case .requestRefused(let refusal): refusal.status
        case .streamRefused(let fault): fault.status ?? 400
        case .streamBroken: 400
        case .methodNotAllowed: 405
        case .badWebSocketKey: 400
        case .protocolNotSupported, .webSocketNotEnabled: 501
        case .noRoute: 404
        case .accessDenied(let status), .maintenance(_, let status): Int(status)
        case .originRefused, .challenged: 403
        case .unauthenticated: 401
        case .notEntitled: 403
        case .requestBodyTooLarge: 413
        case .requestTruncated, .callTimeoutMalformed, .webTextMalformed: 400
        case .requestHeadTimeout, .requestTooSlow: 408
        case .headTooLargeToForward: 431
        case .connectFailed, .handshakeFailed, .certificateRefused, .pinMismatch, .serverClosed, .serverReset,
            .serverDown, .responseRefused, .responseMalformed, .serverBrokeHTTP2, .protocolNotSpoken,
            .streamUnprocessed, .responseTooManyInterim, .responseLeaks, .responseUndecodable, .switchedUnasked,
            .responseTruncated:
            502
        case .noServer, .saturated, .queueFull, .clientLeft, .serverDrained, .noBuffers, .noResources,
            .tooManyConnections, .tooManyConnectionsFromClient, .draining, .admissionUnavailable, .admissionTimeout,
            .tooMuchBuffered:
            503
        case .connectTimeout, .responseTimeout, .responseStalled, .exchangeTimeout, .deadlinePassed, .callSilent: 504
        // Nobody is there to read it; the log shows what nginx's users know as 499.
        case .clientGone, .responseReadTooSlowly: 499
        }
    }

    /// Words for the log; never shown to a client.
    package var reason: String {
        switch self {
        case .tunnel(let failure): failure.reason
        case .file(let failure): failure.reason
        case .requestRefused(let refusal), .responseRefused(let refusal): refusal.reason
        case .streamRefused(let fault), .responseMalformed(let fault): fault.reason
        case .streamBroken: "client broke a rule of HTTP/2"
        case .serverBrokeHTTP2: "server broke a rule of HTTP/2"
        case .protocolNotSpoken: "the server does not speak HTTP/2"
        case .webSocketNotEnabled: "the server takes no WebSockets over HTTP/2"
        case .badWebSocketKey: "bad or missing Sec-WebSocket-Key"
        case .streamUnprocessed: "server did not begin to work on the request"
        case .methodNotAllowed: "method not allowed"
        case .protocolNotSupported: "protocol of CONNECT not supported"
        case .noRoute: "no route"
        case .accessDenied: "refused by an access rule"
        case .challenged: "has not shown that it is a browser"
        case .originRefused: "pages of this origin may not ask"
        case .maintenance: "maintenance"
        case .unauthenticated: "not authenticated"
        case .notEntitled: "not entitled"
        case .admissionUnavailable: "whether the client may come in could not be found out"
        case .admissionTimeout: "whether the client may come in was not found out in time"
        case .requestBodyTooLarge: "request body too large"
        case .tooMuchBuffered: "too much of requests is being buffered"
        case .requestTruncated: "client ended within the request"
        case .requestHeadTimeout: "request head timeout"
        case .requestTooSlow: "request body too slow"
        case .responseReadTooSlowly: "client reads the response too slowly"
        case .clientGone: "client gone"
        case .exchangeTimeout: "exchange timeout"
        case .connectFailed: "connect failed"
        case .connectTimeout: "connect timeout"
        case .handshakeFailed: "TLS handshake with the server failed"
        case .certificateRefused: "the server's certificate is not accepted"
        case .pinMismatch: "the server's key is not among the pins"
        case .noServer: "no server can be reached"
        case .saturated: "all servers are at their limits"
        case .queueFull: "too many requests wait for a server"
        case .clientLeft: "client ended its side while its request waited"
        case .serverDrained: "server drained"
        case .serverClosed: "server closed before the response"
        case .serverReset: "server reset before the response"
        case .serverDown: "server went down before the response"
        case .responseTimeout: "response timeout"
        case .responseTooManyInterim: "too many interim responses"
        case .responseLeaks: "response shows where its server stands"
        case .responseUndecodable: "response cannot be decoded"
        case .switchedUnasked: "server switched protocols unasked"
        case .responseTruncated: "response truncated"
        case .responseStalled: "server stopped within the response"
        case .noBuffers: "no buffers left"
        case .noResources: "no connection can be made from here"
        case .tooManyConnections: "too many connections"
        case .tooManyConnectionsFromClient: "too many connections from this client"
        case .headTooLargeToForward: "rebuilt head too large"
        case .draining: "shutting down"
        case .deadlinePassed: "the call's deadline has passed"
        case .callTimeoutMalformed: "grpc-timeout malformed"
        case .webTextMalformed: "content is not Base64"
        case .callSilent: "neither side of the call has sent anything"
        }
    }
}
