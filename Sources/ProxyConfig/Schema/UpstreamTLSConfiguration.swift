// TLS to servers.

/// TLS to the servers of an upstream. `{}` is all it takes: a server must show a certificate for the host in its address, from
/// an authority that the system trusts.
package struct UpstreamTLSConfiguration: Sendable, Equatable {
    /// The path of a PEM file with the authorities whose certificates are trusted, instead of the system's.
    package var ca: String?

    /// The name that servers are asked for (SNI) and must have a certificate for. Without it that is the host of the server's
    /// address; servers in a Unix socket are asked for `localhost`.
    package var serverName: String?

    /// Whether servers need not prove who they are. Whoever gets between Martlet and a server can then read and change
    /// everything; use `ca` or `pins` instead where that is possible.
    package var insecure: Bool = false

    /// The path of a PEM file with the certificate that servers are shown if they ask for one, and those of the authorities
    /// between it and the root.
    package var certificate: String?

    /// The path of a PEM file with the key of `certificate`. Without it the key is in the same file.
    package var key: String?

    /// The oldest version of TLS that is spoken.
    package var minVersion: TLSVersionName = .v12

    /// The newest version of TLS that is spoken.
    package var maxVersion: TLSVersionName = .v13

    /// The cipher suites for TLS 1.2, the best first, as for listeners.
    package var ciphers: [String] = []

    /// The groups for key exchange, the best first, as for listeners.
    package var groups: [String] = []

    /// Whether a server is come back to without a full handshake.
    package var sessionReuse: Bool = true

    /// The only keys that servers may have (pins): the SHA-256 of a public key, as in `sha256/BASE64=`. `martlet pin HOST:PORT`
    /// says which a server has. One certificate of the chain that was verified must have such a key; if none has, the request
    /// is not sent, and answered with 502. Name a second key that you keep in reserve: if the only pinned one is lost, nobody
    /// gets through.
    package var pins: [String] = []

    /// Whether `pins` hold `besides-chain`, so that a server needs both a good chain and a pinned key, or `instead-of-chain`,
    /// where a pinned key is all that it needs, as with certificates that servers have made themselves.
    package var pinning: Pinning = .besidesChain

    /// Whether a key that is not pinned is only reported, in the log and as a metric, while requests are sent all the same.
    /// For trying out pins.
    package var pinReportOnly: Bool = false

    /// The protocols that are offered to servers (ALPN), the best first; `[]` for not using ALPN. HTTP/2 is not set here but by
    /// `protocol` of the upstream, which then decides what is offered.
    package var alpn: [String] = ["http/1.1"]

    /// The defaults.
    package init() {}
}

/// What pins are for.
package enum Pinning: String, Sendable, CaseIterable {
    /// They hold in addition to the chain.
    case besidesChain = "besides-chain"
    /// They stand for the chain.
    case insteadOfChain = "instead-of-chain"
}

extension UpstreamTLSConfiguration: Section {
    static let noun = "an upstream's tls"
    static var blank: UpstreamTLSConfiguration { UpstreamTLSConfiguration() }

    static var keys: [Key<UpstreamTLSConfiguration>] {
        [
            Key("ca", \.ca, .optional(.filePath)),
            Key("serverName", \.serverName, .optional(.serverName)),
            Key("insecure", \.insecure, .boolean),
            Key("certificate", \.certificate, .optional(.filePath)),
            Key("key", \.key, .optional(.filePath)),
            Key("minVersion", \.minVersion, .choice(otherWords: TLSVersionName.otherWords)),
            Key("maxVersion", \.maxVersion, .choice(otherWords: TLSVersionName.otherWords)),
            Key("ciphers", \.ciphers, .list(of: .cipher)),
            Key("groups", \.groups, .list(of: .keyExchangeGroup)),
            Key("sessionReuse", \.sessionReuse, .boolean),
            Key("pins", \.pins, .list(of: .pin)),
            Key("pinning", \.pinning, .choice()),
            Key("pinReportOnly", \.pinReportOnly, .boolean),
            Key("alpn", \.alpn, .list(of: .protocolName)),
        ]
    }
}
