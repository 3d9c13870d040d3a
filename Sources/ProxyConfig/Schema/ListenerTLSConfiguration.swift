// TLS for clients.
import MartletHTTPCore

/// TLS for the clients of a listener. It needs certificates from files (`certificates`), from a certificate authority
/// (`acme`), or both; everything else has good defaults. Each client gets the certificate for the name that it asks for,
/// and the first one if it asks for another name or for none. Files that change are loaded anew while Martlet runs, and
/// no connection is touched; if a new file is bad, the old one stays in force and the log says why.
package struct ListenerTLSConfiguration: Sendable, Equatable {
    /// The certificates with their keys, in PEM files. The short form of one is the path of a file that has the chain
    /// and the key. Several for the same name are fine, such as one with an RSA and one with an ECDSA key.
    package var certificates: [CertificateConfiguration] = []

    /// Certificates from an authority that speaks ACME, such as Let's Encrypt. They are got and renewed by themselves.
    package var acme: ACMEConfiguration?

    /// The oldest version of TLS that is spoken.
    package var minVersion: TLSVersionName = .v12

    /// The newest version of TLS that is spoken.
    package var maxVersion: TLSVersionName = .v13

    /// The cipher suites for TLS 1.2, the best first, by their names in OpenSSL or at IANA: this order counts, not the
    /// client's. Without them: those with ECDHE and an AEAD cipher; AES-128 and ChaCha20, whichever the client prefers, go
    /// before AES-256. Those of TLS 1.3 are all good, and are not set.
    package var ciphers: [String] = []

    /// The groups for key exchange, the best first. Without them: `X25519MLKEM768` (which withstands quantum computers),
    /// `X25519`, `P-256`, `P-384`.
    package var groups: [String] = []

    /// Certificates that clients show. `off`: they are not asked for any.
    package var clientCertificates: ClientCertificatesConfiguration?

    /// Tickets with which a client comes back without a full handshake. `off` for none.
    package var tickets: TicketsConfiguration? = TicketsConfiguration()

    /// Whether browsers are told to come by `https` from now on (`Strict-Transport-Security`, HSTS): a section, `{}` for
    /// one with the defaults, or `off`. Without the key it is on if `httpsOnly` is set, else off. A browser does not
    /// forget: turn it off only after `maxAge: 0s` has been served for as long as the old `maxAge` was.
    package var hsts: HSTSConfiguration??

    /// An address, such as `":80"`, that is opened for plain HTTP too. All that is done there is to send every request to
    /// the same place by `https` (308), and to answer the authority's questions (`acme`).
    package var httpsOnly: ListenAddress?

    /// TLS with the defaults, and no certificate yet.
    package init() {}

    /// What browsers are told, and nil for nothing.
    package var effectiveHSTS: HSTSConfiguration? {
        if let hsts { return hsts }
        return httpsOnly == nil ? nil : HSTSConfiguration()
    }
}

/// A version of TLS.
package enum TLSVersionName: String, Sendable, CaseIterable, Comparable {
    /// TLS 1.2.
    case v12 = "1.2"
    /// TLS 1.3.
    case v13 = "1.3"

    package static func < (one: TLSVersionName, other: TLSVersionName) -> Bool { one.rawValue < other.rawValue }

    /// What other programs call the same, and what is nearest to those that are not spoken any more.
    static let otherWords: [String: TLSVersionName] = [
        "TLSv1.2": .v12, "TLSv1.3": .v13, "TLS1.2": .v12, "TLS1.3": .v13, "tls1.2": .v12, "tls1.3": .v13,
        "TLS12": .v12, "TLS13": .v13, "tls12": .v12, "tls13": .v13, "12": .v12, "13": .v13, "1.0": .v12, "1.1": .v12,
        "TLSv1": .v12, "TLSv1.1": .v12, "TLSv1.0": .v12,
    ]
}

extension ListenerTLSConfiguration: Section {
    static let noun = "a listener's tls"
    static var blank: ListenerTLSConfiguration { ListenerTLSConfiguration() }

    static var keys: [Key<ListenerTLSConfiguration>] {
        [
            Key("certificates", \.certificates, .list(of: .shorthand(\.certificate, .filePath))),
            Key("acme", \.acme, .word("off", or: .section())),
            Key("minVersion", \.minVersion, .choice(otherWords: TLSVersionName.otherWords)),
            Key("maxVersion", \.maxVersion, .choice(otherWords: TLSVersionName.otherWords)),
            Key("ciphers", \.ciphers, .list(of: .cipher)),
            Key("groups", \.groups, .list(of: .keyExchangeGroup)),
            Key("clientCertificates", \.clientCertificates, .word("off", or: .section())),
            Key("tickets", \.tickets, .word("off", or: .section())),
            Key("hsts", \.hsts, .optional(.word("off", or: .section()))),
            Key("httpsOnly", \.httpsOnly, .optional(.listenAddress)),
        ]
    }
}
