// What is wanted of a certificate authority: names, and how to prove that they are ours.

/// A certificate that is to be had from an ACME authority (RFC 8555), and renewed.
package struct AcmeRequest: Hashable, Identifiable, Sendable {
    /// What a request is known by over reloads: authority, names and kind of key.
    package struct ID: Hashable, Sendable, CustomStringConvertible {
        /// The directory's URL.
        package let directory: String
        /// In lower case, in the request's order: the first is the one that people know it by.
        package let names: [String]
        package let keyType: AcmeKeyType

        /// For logs and metrics: the first name, and how many there are besides.
        package var description: String {
            names.count < 2 ? names.first ?? "no name" : "\(names[0]) and \(names.count - 1) more"
        }
    }

    /// Let's Encrypt's.
    package static let defaultDirectory = "https://acme-v02.api.letsencrypt.org/directory"
    /// Where accounts, certificates and keys are kept if nothing else is said.
    package static let defaultStorage = "/var/lib/martlet/acme"

    /// DNS names, `*.example.com` among them if the challenge is dns-01. Not empty.
    package var names: [String]
    /// Where the authority reports trouble; may be empty.
    package var email: String
    /// The URL of the authority's directory.
    package var directory: String
    /// How the authority sees that the names are ours.
    package var challenge: AcmeChallengeKind
    /// For dns-01: a command with its arguments, run as `command args… present|cleanup NAME VALUE`.
    package var hook: [String]
    /// The folder for account, certificates and keys.
    package var storage: String
    /// The kind of the certificate's key.
    package var keyType: AcmeKeyType
    /// Whether a renewed certificate has the key of the one before, so that pins stay valid.
    package var reusesKey: Bool
    /// A PEM file with the roots that the directory's own certificate is checked against; `nil`: the system's.
    package var authorities: String?
    /// Whether nothing is installed until the authority's certificate is there; else a self-made one is, at once.
    package var waits: Bool
    /// What ties the ACME account to an account that exists at the authority.
    package var accountBinding: AcmeAccountBinding?

    package init(names: [String], email: String = "", directory: String = defaultDirectory) {
        self.names = names.map { $0.lowercased() }
        self.email = email
        self.directory = directory
        challenge = .http
        hook = []
        storage = Self.defaultStorage
        keyType = .p256
        reusesKey = false
        authorities = nil
        waits = false
        accountBinding = nil
    }

    /// What it is known by over reloads.
    package var id: ID { ID(directory: directory, names: names, keyType: keyType) }
}

/// How a name is proven to be ours (RFC 8555 section 8, RFC 8737).
package enum AcmeChallengeKind: String, CaseIterable, Sendable {
    /// By an answer under `/.well-known/acme-challenge/` on port 80.
    case http = "http-01"
    /// By a certificate that is presented to those who ask for `acme-tls/1` on port 443.
    case tlsALPN = "tls-alpn-01"
    /// By a TXT record; the only one for wildcards.
    case dns = "dns-01"
}

/// The kind of a certificate's key.
package enum AcmeKeyType: String, CaseIterable, Sendable {
    case p256, p384, rsa2048
}

/// External account binding (RFC 8555 section 7.3.4).
package struct AcmeAccountBinding: Hashable, Sendable {
    /// The key's name at the authority.
    package let id: String
    /// The key in base64url, as the authority hands it out.
    package let key: String

    package init(id: String, key: String) {
        self.id = id
        self.key = key
    }
}
