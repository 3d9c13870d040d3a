// Certificates that are got and renewed by themselves (RFC 8555).

/// Certificates from an authority that speaks ACME. Martlet asks for one certificate for all `domains`, proves that they
/// lead here, and renews it when two thirds of its time are over, or when the authority says so. Starting never waits for
/// the authority: until the first certificate is there, one that Martlet has made itself is shown.
package struct ACMEConfiguration: Sendable, Equatable {
    /// The names that the certificate is for. `"*.example.com"` needs `challenge: dns-01`.
    package var domains: [String]

    /// An address that the authority may write to.
    package var email: String?

    /// Where the authority's directory is. The default is Let's Encrypt; for tests it has
    /// `https://acme-staging-v02.api.letsencrypt.org/directory`.
    package var directory: String = "https://acme-v02.api.letsencrypt.org/directory"

    /// How it is proven that the names lead here. `http-01`: the authority asks by plain HTTP on port 80 of each name, so
    /// a listener for plain HTTP has to be reached there (see `httpsOnly`). `tls-alpn-01`: it asks by TLS on port 443, so
    /// this listener has to be reached there. `dns-01`: `hook` sets a record in DNS.
    package var challenge: ACMEChallenge = .http01

    /// With `challenge: dns-01`: the command that sets records, and its first arguments. It is called with `present` or
    /// `cleanup`, the name of the record (`_acme-challenge.example.com`) and its text as further arguments, and ends with 0
    /// when the record is there, or gone.
    package var hook: [String] = []

    /// The folder for the account's key, the certificates and their keys. It is made if it is not there, for its owner
    /// alone. Keep it: authorities give only so many certificates a week.
    package var storage: String = "/var/lib/martlet/acme"

    /// The kind of key that certificates have.
    package var keyType: ACMEKeyType = .p256

    /// Whether a renewed certificate has the same key as the one before it. Then pins that clients have of it stay valid.
    package var reuseKey: Bool = false

    /// The path of a PEM file with the roots by which the authority's own server is verified. Without it the system's are
    /// used.
    package var ca: String?

    /// Whether clients are turned away until the first certificate is there, rather than shown one that Martlet has made
    /// itself.
    package var wait: Bool = false

    /// The account with the authority that the ACME account belongs to (external account binding), where it wants one.
    package var accountBinding: AccountBindingConfiguration?

    /// A certificate for these names, and the defaults.
    package init(domains: [String]) {
        self.domains = domains
    }
}

/// How it is proven that a name leads here.
package enum ACMEChallenge: String, Sendable, CaseIterable {
    /// By plain HTTP (RFC 8555 section 8.3).
    case http01 = "http-01"
    /// By TLS (RFC 8737).
    case tlsALPN01 = "tls-alpn-01"
    /// By DNS (RFC 8555 section 8.4).
    case dns01 = "dns-01"

    /// What other programs call the same.
    static let otherWords: [String: ACMEChallenge] = [
        "http": .http01, "http01": .http01, "tls": .tlsALPN01, "tls-alpn": .tlsALPN01, "alpn": .tlsALPN01,
        "tls-sni-01": .tlsALPN01, "dns": .dns01, "dns01": .dns01,
    ]
}

/// The kind of key of a certificate.
package enum ACMEKeyType: String, Sendable, CaseIterable {
    /// ECDSA with P-256.
    case p256
    /// ECDSA with P-384.
    case p384
    /// RSA with 2048 bits.
    case rsa2048

    /// What other programs call the same.
    static let otherWords: [String: ACMEKeyType] = [
        "ec256": .p256, "ec384": .p384, "ecdsa": .p256, "ec": .p256, "P-256": .p256, "P-384": .p384, "P256": .p256,
        "P384": .p384, "prime256v1": .p256, "secp384r1": .p384, "rsa": .rsa2048, "rsa4096": .rsa2048,
    ]
}

/// The account with the authority that an ACME account belongs to (RFC 8555 section 7.3.4). The authority tells both
/// values.
package struct AccountBindingConfiguration: Sendable, Equatable {
    /// The key identifier (`kid`).
    package var id: String

    /// The HMAC key, in Base64 for URLs. It is a secret.
    package var key: String

    /// The account `id` with its key.
    package init(id: String, key: String) {
        self.id = id
        self.key = key
    }
}

extension ACMEConfiguration: Section {
    static let noun = "acme"
    static var blank: ACMEConfiguration { ACMEConfiguration(domains: []) }

    static var keys: [Key<ACMEConfiguration>] {
        [
            Key("domains", \.domains, .list(of: .domain, minimum: 1), required: true),
            Key("email", \.email, .optional(.email)),
            Key("directory", \.directory, .httpsURL),
            Key("challenge", \.challenge, .choice(otherWords: ACMEChallenge.otherWords)),
            Key("hook", \.hook, .list(of: .text(upTo: 4096))),
            Key("storage", \.storage, .folderPath),
            Key("keyType", \.keyType, .choice(otherWords: ACMEKeyType.otherWords)),
            Key("reuseKey", \.reuseKey, .boolean),
            Key("ca", \.ca, .optional(.filePath)),
            Key("wait", \.wait, .boolean),
            Key("accountBinding", \.accountBinding, .optional(.section())),
        ]
    }
}

extension AccountBindingConfiguration: Section {
    static let noun = "an accountBinding"
    static var blank: AccountBindingConfiguration { AccountBindingConfiguration(id: "", key: "") }

    static var keys: [Key<AccountBindingConfiguration>] {
        [
            Key("id", \.id, .text(upTo: 1024), required: true),
            Key("key", \.key, .base64URL, required: true),
        ]
    }
}
