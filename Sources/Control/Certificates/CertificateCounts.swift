// Certificates in figures.

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

    /// In the order of the config.
    package var expiries: [Expiry] = []
    /// Times that files were loaded anew.
    package var reloads: UInt64 = 0
    /// Changes of files that were refused.
    package var reloadFailures: UInt64 = 0

    package init() {}
}
