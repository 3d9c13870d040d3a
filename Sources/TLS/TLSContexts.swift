/// How a listener speaks TLS; sessions of all its loops come from it.
package final class TLSServerContext: Sendable {
    /// Checks the settings.
    package init(_ settings: TLSServerSettings, identities: TLSIdentities, keyLog: TLSKeyLog?) throws(TLSError) {}

    /// A session of a connection that was accepted; `nil` when there is no memory for it.
    package func session() -> TLSSession? { nil }

    /// Verifies clients otherwise from now on: the authorities' or the revocation lists' files have changed.
    package func replaceClientVerification(_ clients: TLSClientVerification) throws(TLSError) {}
}

/// How the servers of an upstream are spoken to; sessions of all loops come from it.
package final class TLSClientContext: Sendable {
    /// Checks the settings.
    package init(_ settings: TLSClientSettings, keyLog: TLSKeyLog?) throws(TLSError) {}

    /// A session of a connection to a server; `nil` when there is no memory for it.
    /// - Parameters:
    ///   - host: the name that is asked for and that the certificate must have, or an IP address that it must have.
    ///   - cacheKey: what a server that knows an earlier session is remembered by.
    package func session(to host: String, cacheKey: Int) -> TLSSession? { nil }

    /// Shows another certificate to servers from now on, and forgets earlier sessions.
    package func replace(identity: TLSIdentity?) {}
}
