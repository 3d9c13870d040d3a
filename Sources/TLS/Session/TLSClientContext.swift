// TLS to servers. One of the few files that hold `unsafe`: the library calls back with pointers.
import CNIOBoringSSL
import Synchronization

/// How the servers of an upstream are spoken to; sessions of all loops come from it.
package final class TLSClientContext: Sendable {
    private struct State {
        var identity: TLSIdentity?
        var verifier: ServerVerifier
        var kept = KeptSessions<LibraryObject>()
    }

    let object: LibraryObject
    let keyLog: TLSKeyLog?
    private let reusesSessions: Bool
    /// Whether servers may choose HTTP/2.
    private let offersHTTP2: Bool
    private let state: Mutex<State>

    /// Checks the settings.
    package init(_ settings: TLSClientSettings, keyLog: TLSKeyLog?) throws(TLSError) {
        let protocols = try TLSNames.protocolList(settings.protocols)
        let verifier = try ServerVerifier(settings)
        reusesSessions = settings.reusesSessions
        offersHTTP2 = settings.protocols.contains("h2")
        self.keyLog = keyLog
        state = Mutex(State(identity: settings.identity, verifier: verifier))
        let common = ContextSettings(
            minimum: settings.minimum, maximum: settings.maximum, ciphers: settings.ciphers, groups: settings.groups)
        object = try ContextObject.make(common, keyLog: keyLog != nil)
        let context = unsafe object.pointer
        // This one answers 0 for success.
        if unsafe !protocols.isEmpty && SSL_CTX_set_alpn_protos(context, protocols, protocols.count) != 0 {
            throw TLSError("the protocols (ALPN) cannot be offered")
        }
        unsafe SSL_CTX_set_custom_verify(context, SSL_VERIFY_PEER) { ssl, alert in
            guard let session = unsafe PipeMethod.session(ssl) else { return ssl_verify_invalid }
            return unsafe session.verifyServer(alert) ? ssl_verify_ok : ssl_verify_invalid
        }
        unsafe SSL_CTX_set_reverify_on_resume(context, 1)
        let mode = reusesSessions ? SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL : SSL_SESS_CACHE_OFF
        _ = unsafe SSL_CTX_set_session_cache_mode(context, Int32(mode))
        if !reusesSessions { return }
        unsafe SSL_CTX_sess_set_new_cb(context) { ssl, kept in
            guard let session = unsafe PipeMethod.session(ssl), let client = session.client,
                let object = unsafe LibraryObject(kept, SSL_SESSION_free)
            else { return 0 }
            client.state.withLock { $0.kept.keep(object, session.origin) }
            return 1
        }
    }

    /// A session of a connection to a server; `nil` when there is no memory for it, or when `host` is too long for a name.
    /// - Parameters:
    ///   - host: the name that is asked for and that the certificate must have, or an IP address that it must have.
    ///   - cacheKey: what a server that knows an earlier session is remembered by.
    ///   - isForHTTP1: whether HTTP/1.1 is what will be said, so that HTTP/2 is not offered even where the settings do.
    ///   - isForHTTP2: whether HTTP/2 is, so that nothing else is offered, whatever the settings say.
    package func session(
        to host: String, cacheKey: Int, isForHTTP1: Bool = false, isForHTTP2: Bool = false
    ) -> TLSSession? {
        let (identity, generation, earlier) = state.withLock { state in
            let earlier = reusesSessions ? state.kept.take(SessionOwner(cacheKey, host)) { Self.isUsedOnce($0) } : nil
            return (state.identity, state.kept.generation, earlier)
        }
        let origin = SessionOrigin(owner: SessionOwner(cacheKey, host), generation: generation)
        guard let session = TLSSession(client: self, origin) else { return nil }
        let ssl = unsafe session.ssl
        unsafe SSL_set_connect_state(ssl)
        let isAddress =
            host.utf8.contains(UInt8(ascii: ":")) || host.utf8.allSatisfy { $0 == 0x2e || (0x30...0x39).contains($0) }
        if unsafe !isAddress && SSL_set_tlsext_host_name(ssl, host) != 1 { return nil }
        // This one answers 0 for success.
        if isForHTTP1 && offersHTTP2, unsafe SSL_set_alpn_protos(ssl, Self.http1, Self.http1.count) != 0 { return nil }
        if isForHTTP2, unsafe SSL_set_alpn_protos(ssl, Self.http2, Self.http2.count) != 0 { return nil }
        if let identity, unsafe SSL_add1_credential(ssl, identity.credential.pointer) != 1 { return nil }
        if let earlier { _ = unsafe SSL_set_session(ssl, earlier.pointer) }
        return session
    }

    /// HTTP/1.1 alone, as it is offered.
    private static let http1: [UInt8] = [8] + Array("http/1.1".utf8)
    /// The same of HTTP/2.
    private static let http2: [UInt8] = [2] + Array("h2".utf8)

    /// Shows another certificate to servers from now on, and forgets earlier sessions.
    package func replace(identity: TLSIdentity?) {
        state.withLock { state in
            state.identity = identity
            state.kept.forget()
        }
    }

    /// Trusts other authorities from now on, and forgets earlier sessions. Connections that are established go on.
    /// - Throws: when they cannot be read; then those before stay in force.
    package func replace(authorities: TLSClientSettings.Authorities) throws(TLSError) {
        let verifier = try verifier.trusting(authorities)
        state.withLock { state in
            state.verifier = verifier
            state.kept.forget()
        }
    }

    /// What is wanted of servers' certificates now.
    var verifier: ServerVerifier { state.withLock { $0.verifier } }

    func forget(_ owner: SessionOwner) { state.withLock { $0.kept.forget(owner) } }

    /// A ticket of TLS 1.3 is used once, so that nobody can tell that the same client comes back (RFC 8446, C.4).
    private static func isUsedOnce(_ session: LibraryObject) -> Bool {
        unsafe SSL_SESSION_should_be_single_use(session.pointer) == 1
    }
}
