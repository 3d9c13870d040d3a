// Certificates in figures.
import MartletCertificates

/// What has become of certificates since the start.
package struct CertificateCounts: Equatable, Sendable {
    /// When a certificate expires.
    package struct Expiry: Equatable, Sendable {
        /// The listener that presents it, or the upstream whose servers are shown it.
        package let owner: String
        /// The first name in it.
        package let name: String
        /// The kind of its key.
        package let keyType: String
        /// In seconds since 1970.
        package let notAfter: Int64
    }

    /// A certificate that an authority issues.
    package struct Acme: Equatable, Sendable {
        /// Its first name, and how many more there are.
        package let name: String
        /// Certificates that were issued since the start.
        package let issued: Int
        /// Orders that failed since the start.
        package let failed: Int
        /// When the next order begins, in seconds since 1970; `nil` when one is going on.
        package let nextOrder: Int64?

        init(name: String, _ status: AcmeStatus) {
            self.name = name
            (issued, failed, nextOrder) = (status.issued, status.failed, status.nextTry)
        }
    }

    /// In the order of the config.
    package var acme: [Acme] = []
    /// Responses of OCSP that were fetched.
    package var staples: UInt64 = 0
    /// Times that no response of OCSP was to be had.
    package var stapleFailures: UInt64 = 0
    /// Times that a response of OCSP had run out, and there was no new one.
    package var staplesLost: UInt64 = 0
    /// In the order of the config.
    package var expiries: [Expiry] = []
    /// Times that files were loaded anew.
    package var reloads: UInt64 = 0
    /// Changes of files that were refused.
    package var reloadFailures: UInt64 = 0

    package init() {}
}
