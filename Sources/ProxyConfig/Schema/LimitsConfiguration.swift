// How much one client, one request, or all of them together may take.

/// How much one client, one request, or all of them together may take. What goes beyond is answered with the status
/// named.
package struct LimitsConfiguration: Sendable, Equatable {
    /// The largest request head: request line and fields together. Beyond it: 431.
    package var requestHead: Int = 32 << 10

    /// The most field lines of a request. Beyond it: 431.
    package var requestFields: Int = 100

    /// The longest request target: path and query. Beyond it: 414.
    package var uri: Int = 8 << 10

    /// The largest content of a request. Beyond it: 413. `off` for any size.
    package var requestBody: Int?

    /// The largest response head. A server that sends more is answered for with 502.
    package var responseHead: Int = 32 << 10

    /// The most field lines of a response. A server that sends more is answered for with 502.
    package var responseFields: Int = 200

    /// The most connections of clients at a time, over all listeners. Beyond it: 503, and the connection is closed.
    package var connections: Int = 50_000

    /// The most connections from one client address at a time. Beyond it: 503, and the connection is closed. `off`
    /// for any number.
    package var connectionsPerClient: Int?

    /// How many requests a client may make on one connection before it is closed. `off` for any number.
    package var requestsPerConnection: Int?

    /// The most memory for buffers, of all event loops together. When it is used up, new connections are answered
    /// with 503 and reading waits.
    package var bufferMemory: Int = 256 << 20

    /// The most space for files that hold requests which may have to be sent again (`retry.bodyFile`), of all requests
    /// together. They lie, without a name, in the folder that `TMPDIR` names, else in `/var/tmp` or `/tmp`. Requests
    /// beyond it are passed on but not kept.
    package var replayFiles: Int = 1 << 30

    /// The most content of requests that are being read before a server is chosen (`bufferRequest`), of all requests together.
    /// Beyond it: 503.
    package var bufferedRequests: Int = 64 << 20

    /// The most TLS handshakes of clients that are going on at a time, over all listeners. Beyond it connections are
    /// closed.
    package var handshakes: Int = 10_000

    /// The same with one client address.
    package var handshakesPerClient: Int = 500

    /// How many TLS handshakes one client address may begin in a second. Beyond it connections are closed. `off` for any
    /// number.
    package var handshakeRatePerClient: Int?

    /// The most requests, of all event loops together, that wait until it is known whether their clients may come in (`auth`).
    /// Beyond it: 503.
    package var suspendedRequests: Int = 10_000

    /// The most memory for compressing responses, of all event loops together: 264 KiB a response for gzip, 1.5 MiB for zstd, 2 MiB
    /// for br with its usual level; less for gzip and zstd if a response is known to be short. Beyond it responses are not
    /// compressed.
    package var compressionMemory: Int = 256 << 20

    /// The most files that are open for clients at a time (`files`), or waited for, of all event loops together. Beyond it: 503.
    package var openFiles: Int = 5_000

    /// How many threads wait for disks when files are served (`files`), so that event loops need not.
    package var fileThreads: Int = 4

    /// How many servers there is room for, those included that are added while Martlet runs, and those that have been removed and
    /// still finish what they have begun. `auto` is 4096, or twice as many as there are at the start if that is more. It takes
    /// effect at a start. Servers that are found (`discover`) count as many as there may be.
    package var servers: Int?

    /// How many upstreams there is room for, in the same way. `auto` is 1024, or twice as many as there are at the start if that
    /// is more.
    package var upstreams: Int?

    /// The defaults.
    package init() {}
}

extension Configuration {
    /// How many servers and upstreams there is room for.
    package var room: (servers: Int, upstreams: Int) {
        let count = upstreams.reduce(0) { $0 + $1.servers.count + ($1.discover?.maxServers ?? 0) }
        return (limits.servers ?? max(4_096, 2 * count), limits.upstreams ?? max(1_024, 2 * upstreams.count))
    }
}

extension LimitsConfiguration: Section {
    static let noun = "limits"
    static var blank: LimitsConfiguration { LimitsConfiguration() }

    static var keys: [Key<LimitsConfiguration>] {
        [
            Key("requestHead", \.requestHead, .size(1 << 10...1 << 20)),
            Key("requestFields", \.requestFields, .integer(1...1000)),
            Key("uri", \.uri, .size(64...1 << 20)),
            Key("requestBody", \.requestBody, .word("off", or: .size(1...1 << 40))),
            Key("responseHead", \.responseHead, .size(1 << 10...1 << 20)),
            Key("responseFields", \.responseFields, .integer(1...1000)),
            Key("connections", \.connections, .integer(1...10_000_000)),
            Key("connectionsPerClient", \.connectionsPerClient, .word("off", or: .integer(1...10_000_000))),
            Key("requestsPerConnection", \.requestsPerConnection, .word("off", or: .integer(1...1_000_000_000))),
            Key("bufferMemory", \.bufferMemory, .size(1 << 20...1 << 40)),
            Key("compressionMemory", \.compressionMemory, .size(0...1 << 40)),
            Key("replayFiles", \.replayFiles, .size(0...1 << 44)),
            Key("bufferedRequests", \.bufferedRequests, .size(1...1 << 40)),
            Key("handshakes", \.handshakes, .integer(1...10_000_000)),
            Key("handshakesPerClient", \.handshakesPerClient, .integer(1...10_000_000)),
            Key("suspendedRequests", \.suspendedRequests, .integer(1...10_000_000)),
            Key("openFiles", \.openFiles, .integer(1...10_000_000)),
            Key("fileThreads", \.fileThreads, .integer(1...256)),
            Key("servers", \.servers, .word("auto", or: .integer(1...1_000_000))),
            Key("upstreams", \.upstreams, .word("auto", or: .integer(1...100_000))),
            Key("handshakeRatePerClient", \.handshakeRatePerClient, .word("off", or: .integer(1...10_000_000))),
        ]
    }
}
