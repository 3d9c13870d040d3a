// Limits and times in the units that the loops count in. Plain numbers: a loop copies them.
import MartletHTTPCore

/// Limits, times and rates for all exchanges.
package struct ProxySettings: Sendable, BitwiseCopyable {
    /// Limits of a request's head: beyond them 431, for the target 414.
    package var requestHead = HeadLimits()
    /// Limits of a response's head: beyond them 502.
    package var responseHead = HeadLimits(fields: 200)
    /// Bytes of a request's content: beyond them 413. If routes take more, the most that any of them takes; all routes have limits of
    /// their own then.
    package var requestBody = UInt64.max
    /// Client connections at a time, of all loops together: beyond them 503.
    package var connections = 50_000
    /// Client connections at a time from one address: beyond them 503.
    package var connectionsPerClient = Int.max
    /// Requests on one client connection, after which it is closed.
    package var requestsPerConnection = UInt32.max
    /// Memory for buffers of one loop, in bytes.
    package var bufferBytes = 128 << 20

    /// Bytes of content of requests that are being read before a server is chosen, of all loops together: beyond them 503.
    package var bufferedRequestBytes = 64 << 20

    /// Memory for compressing responses of one loop, in bytes: beyond it they are not compressed.
    package var coderBytes = 256 << 20

    /// Bytes of requests kept in files to be sent again, of all loops together: beyond it requests are not kept.
    package var replayFileBytes = 1 << 30

    /// From the connection, or a head's first byte, to the head's end, in milliseconds: beyond it 408.
    package var requestHeadTime: UInt64 = 10_000
    /// For a client's TLS handshake, in milliseconds: beyond it the connection is closed.
    package var handshakeTime: UInt64 = 10_000
    /// TLS handshakes with clients that go on at a time, of all loops together: beyond it connections are closed.
    package var handshakes = 10_000
    /// The same with one client address.
    package var handshakesPerClient = 500
    /// TLS handshakes that one client address may begin in a second: beyond it connections are closed.
    package var handshakeRatePerClient = Int.max

    /// How long a connection that is passed on as it is, from its beginning or since it has switched protocols, may be without a
    /// byte in either direction, in milliseconds.
    package var tunnelIdleTime: UInt64 = 3_600_000

    /// Exchanges of one loop that wait until somebody else has decided whether they may go on: beyond it 503.
    package var suspendedExchanges = 10_000
    /// How long they wait, in milliseconds: beyond it 503.
    package var admissionTime: UInt64 = 10_000

    /// Files open for clients at a time, or waited for, of all loops together: beyond it 503.
    package var openFiles = 5_000
    /// How long opening a file may take, in milliseconds: beyond it 503.
    package var fileTime: UInt64 = 10_000

    /// Between two requests of a connection, in milliseconds.
    package var idleTime: UInt64 = 60_000
    /// For a whole exchange, in milliseconds: beyond it 504. 0 is off.
    package var exchangeTime: UInt64 = 0
    /// How long a connection that is being closed is read, so that the last answer arrives, in milliseconds.
    package var lingerTime: UInt64 = 2_000

    /// The least bytes per second of a request's content: below it 408. 0 is off.
    package var requestRate: UInt64 = 500
    /// The least bytes per second in which a client takes a response. 0 is off.
    package var responseRate: UInt64 = 500
    /// Over how many milliseconds a rate is measured.
    package var rateGrace: UInt64 = 8_000

    package init() {}
}

/// Limits and times of one upstream.
package struct UpstreamSettings: Sendable, BitwiseCopyable {
    /// To make a connection, in milliseconds: beyond it the next server is tried.
    package var connectTime: UInt64 = 2_000
    /// From the request sent to the response's first byte, in milliseconds: beyond it 504.
    package var responseTime: UInt64 = 60_000
    /// Between two pieces of a response, in milliseconds: beyond it the response is cut. 0 is off.
    package var stallTime: UInt64 = 60_000
    /// For a call of gRPC as a whole, in milliseconds, whatever time its client gives it: beyond it DEADLINE_EXCEEDED. 0 is off.
    package var callTime: UInt64 = 0
    package var retry = RetrySettings()
    package var hedge = HedgeSettings()
    package var queue = QueueSettings()
    package var breaker = BreakerSettings()
    /// What servers are told of the client's address before its bytes.
    package var proxyProtocol = ProxyProtocolVersion.none
    /// Idle connections kept for each server by each loop.
    package var maxIdle = 64
    /// How long a connection may be idle, in milliseconds.
    package var idleTime: UInt64 = 30_000
    /// Requests on one connection, after which it is closed.
    package var maxRequests = UInt32.max
    /// What is spoken.
    package var version = UpstreamProtocol.http1
    /// How HTTP/2 is spoken, if it is.
    package var http2 = HTTP2Settings.forServers

    package init() {}
}

/// Which form of the PROXY protocol servers get.
package enum ProxyProtocolVersion: UInt8, Sendable, BitwiseCopyable {
    case none, v1, v2
}
