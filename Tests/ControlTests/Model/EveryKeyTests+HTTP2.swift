// The keys of HTTP/2, each with a change that must reach the model, or what stands beside it.

extension EveryKeyTests {
    static let changesOfHTTP2: [(key: String, from: String, to: String)] = [
        ("Listener.http2", "    http2: on\n", "    http2: off\n"),
        ("HTTP2.maxStreams", "maxStreams: 128", "maxStreams: 129"),
        ("HTTP2.streamWindow", "      streamWindow: 256KiB\n", "      streamWindow: 257KiB\n"),
        ("HTTP2.connectionWindow", "      connectionWindow: 1MiB\n", "      connectionWindow: 2MiB\n"),
        ("HTTP2.resets", "resets: 200", "resets: 201"),
        ("HTTP2.idleFrames", "idleFrames: 1000", "idleFrames: 1001"),
        ("HTTP2.continuations", "continuations: 32", "continuations: 33"),
        ("HTTP2.headerTable", "headerTable: 4KiB", "headerTable: 8KiB"),
        ("Upstream.protocol", "      alpn: [http/1.1]\n    protocol: http1\n", "    protocol: h2\n"),
        ("Upstream.http2", servers, "    http2: {maxStreams: 50}\n"),
        ("UpstreamHTTP2.maxStreams", "maxStreams: 100", "maxStreams: 101"),
        ("UpstreamHTTP2.streamWindow", servers, servers.replacing("256KiB", with: "257KiB")),
        ("UpstreamHTTP2.connectionWindow", servers, servers.replacing("1MiB", with: "2MiB")),
    ]

    /// The whole section: parts of it stand in that of the listener too.
    private static let servers =
        "    http2:\n      maxStreams: 100\n      streamWindow: 256KiB\n      connectionWindow: 1MiB\n"
}
