// HTTP/2 with servers.

/// HTTP/2 with the servers of an upstream, where `protocol` has it spoken.
package struct UpstreamHTTP2Configuration: Sendable, Equatable {
    /// How many requests share a connection at a time, at most. A server may want fewer. When all connections are full,
    /// another one is made.
    package var maxStreams: Int = 100

    /// How many bytes of one response's content may be on the way, or wait to be passed on. Each response begins with 80 KiB,
    /// and gets more, up to this, as long as it is what holds the server back.
    package var streamWindow: Int = 256 << 10

    /// The same for all responses of a connection together.
    package var connectionWindow: Int = 1 << 20

    /// The defaults.
    package init() {}
}

/// What is spoken with servers.
package enum UpstreamProtocolName: String, Sendable, CaseIterable {
    /// HTTP/1.1.
    case http1
    /// HTTP/2.
    case h2
    /// HTTP/2 without TLS.
    case h2c
    /// What the server chooses.
    case auto

    /// What other programs call the same.
    static let otherWords: [String: UpstreamProtocolName] = [
        "http": .http1, "http1.1": .http1, "http/1": .http1, "http/1.1": .http1, "h1": .http1, "1": .http1,
        "1.1": .http1, "http2": .h2, "http/2": .h2, "http/2.0": .h2, "2": .h2, "2.0": .h2, "h2s": .h2, "grpc": .h2,
        "alpn": .auto, "any": .auto, "negotiate": .auto,
    ]

    /// What is to be done about words that mean something else besides.
    static let advice: [String: String] = [
        "https": "write 'http1', and 'tls: {}' beside it", "grpcs": "write 'h2', and 'tls: {}' beside it",
        "http3": "HTTP/3 is not spoken with servers", "h3": "HTTP/3 is not spoken with servers",
        "quic": "HTTP/3 is not spoken with servers", "tcp": "listeners have 'mode: tcp', upstreams need nothing for it",
    ]
}

extension UpstreamHTTP2Configuration: Section {
    static let noun = "an upstream's http2"
    static var blank: UpstreamHTTP2Configuration { UpstreamHTTP2Configuration() }

    static var keys: [Key<UpstreamHTTP2Configuration>] {
        [
            Key("maxStreams", \.maxStreams, .integer(1...2048)),
            Key("streamWindow", \.streamWindow, .size(64 << 10...1 << 30)),
            Key("connectionWindow", \.connectionWindow, .size(64 << 10...1 << 30)),
        ]
    }
}
