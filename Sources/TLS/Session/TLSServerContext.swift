// TLS of listeners. One of the few files that hold `unsafe`: the library calls back with pointers.
import CNIOBoringSSL
import Synchronization

/// How a listener speaks TLS; sessions of all its loops come from it.
package final class TLSServerContext: Sendable {
    let object: LibraryObject
    let identities: TLSIdentities
    let keyLog: TLSKeyLog?
    package let tickets: TLSTicketKeys?
    private let protocols: [[UInt8]]
    private let verifier: Mutex<ClientVerifier?>

    /// The protocol with which an authority validates a name, RFC 8737.
    static let challengeProtocol = "acme-tls/1"
    /// HTTP/2, RFC 9113 section 3.1.
    private static let http2 = Array("h2".utf8)

    /// Checks the settings.
    package init(_ settings: TLSServerSettings, identities: TLSIdentities, keyLog: TLSKeyLog?) throws(TLSError) {
        _ = try TLSNames.protocolList(settings.protocols)
        protocols = settings.protocols.map { Array($0.utf8) }
        self.identities = identities
        self.keyLog = keyLog
        tickets = settings.tickets
        var clients: ClientVerifier?
        if let wanted = settings.clients { clients = try ClientVerifier(wanted) }
        verifier = Mutex(clients)
        let common = ContextSettings(
            minimum: settings.minimum, maximum: settings.maximum, ciphers: settings.ciphers, groups: settings.groups)
        object = try ContextObject.make(
            common, defaultCiphers: TLSNames.defaultServerCiphers, keyLog: keyLog != nil)
        // Of suites and groups, not of versions or protocols. TLS 1.3's suites have an order of the library's own.
        _ = unsafe SSL_CTX_set_options(object.pointer, UInt32(SSL_OP_CIPHER_SERVER_PREFERENCE))
        setTickets()
        setPresentation()
        setProtocols()
    }

    private func setTickets() {
        let context = unsafe object.pointer
        _ = unsafe SSL_CTX_set_session_cache_mode(context, Int32(SSL_SESS_CACHE_OFF))
        guard let tickets else {
            _ = unsafe SSL_CTX_set_options(context, UInt32(SSL_OP_NO_TICKET))
            return
        }
        // Of TLS 1.2 and 1.3.
        _ = unsafe SSL_CTX_set_timeout(context, tickets.lifetime)
        unsafe SSL_CTX_set_session_psk_dhe_timeout(context, tickets.lifetime)
        _ = unsafe SSL_CTX_set_tlsext_ticket_key_cb(context) { ssl, name, start, cipher, hash, isNew in
            guard let tickets = unsafe PipeMethod.session(ssl)?.server?.tickets, let name = unsafe name,
                let start = unsafe start, let cipher = unsafe cipher, let hash = unsafe hash
            else { return 0 }
            return unsafe tickets.ready(name, start, cipher, hash, isNew: isNew == 1)
        }
    }

    private func setPresentation() {
        unsafe SSL_CTX_set_select_certificate_cb(object.pointer) { hello in
            guard let hello = unsafe hello, let session = unsafe PipeMethod.session(hello.pointee.ssl),
                let server = session.server
            else { return ssl_select_cert_error }
            return unsafe server.present(to: session, hello) ? ssl_select_cert_success : ssl_select_cert_error
        }
    }

    private func setProtocols() {
        unsafe SSL_CTX_set_alpn_select_cb(
            object.pointer,
            { ssl, chosen, count, offered, offeredCount, _ in
                guard let session = unsafe PipeMethod.session(ssl), let server = session.server,
                    let chosen = unsafe chosen, let count = unsafe count, let offered = unsafe offered
                else { return SSL_TLSEXT_ERR_ALERT_FATAL }
                if server.protocols.isEmpty && !session.isChallenge { return SSL_TLSEXT_ERR_NOACK }
                let list = unsafe Array(UnsafeBufferPointer(start: offered, count: Int(offeredCount)))
                guard let range = server.choose(from: list, for: session) else {
                    return SSL_TLSEXT_ERR_ALERT_FATAL
                }
                unsafe chosen.pointee = offered + range.lowerBound
                unsafe count.pointee = UInt8(range.count)
                return SSL_TLSEXT_ERR_OK
            }, nil)
    }

    /// A session of a connection that was accepted; `nil` when there is no memory for it.
    package func session() -> TLSSession? {
        let verifier = verifier.withLock { $0 }
        guard let session = TLSSession(server: self, verifier) else { return nil }
        let ssl = unsafe session.ssl
        unsafe SSL_set_accept_state(ssl)
        let context = verifier?.sessionContext ?? Array("martlet".utf8)
        if unsafe SSL_set_session_id_context(ssl, context, context.count) != 1 { return nil }
        guard let verifier else { return session }
        let mode = SSL_VERIFY_PEER | (verifier.isRequired ? SSL_VERIFY_FAIL_IF_NO_PEER_CERT : 0)
        unsafe SSL_set_custom_verify(ssl, mode) { ssl, alert in
            guard let session = unsafe PipeMethod.session(ssl) else { return ssl_verify_invalid }
            return unsafe session.verifyClient(alert) ? ssl_verify_ok : ssl_verify_invalid
        }
        guard let names = unsafe sk_CRYPTO_BUFFER_new_null() else { return nil }
        for subject in verifier.store.subjects {
            _ = unsafe CRYPTO_BUFFER_up_ref(subject.object.pointer)
            if unsafe sk_CRYPTO_BUFFER_push(names, subject.object.pointer) == 0 {
                unsafe CRYPTO_BUFFER_free(subject.object.pointer)
            }
        }
        unsafe SSL_set0_client_CAs(ssl, names)
        return session
    }

    /// Verifies clients otherwise from now on: the authorities' or the revocation lists' files have changed. Who comes back
    /// with a ticket is verified anew.
    package func replaceClientVerification(_ clients: TLSClientVerification) throws(TLSError) {
        let verifier = try ClientVerifier(clients)
        self.verifier.withLock { $0 = verifier }
    }

    /// Gives the session what it presents to the client; `false` when there is nothing.
    @unsafe
    private func present(to session: TLSSession, _ hello: UnsafePointer<SSL_CLIENT_HELLO>) -> Bool {
        let name = session.serverName
        if unsafe Self.protocols(hello) == [Self.challengeProtocol], let challenge = identities.challenge(for: name) {
            session.isChallenge = true
            return unsafe SSL_add1_credential(session.ssl, challenge.credential.pointer) == 1
        }
        let presented = identities.identities(for: name)
        if presented.isEmpty { session.note(TLSFailure(.handshake, "there is no certificate to present")) }
        return !presented.isEmpty
            && presented.allSatisfy { unsafe SSL_add1_credential(session.ssl, $0.credential.pointer) == 1 }
    }

    /// The protocols that a client offers.
    private static func protocols(_ hello: UnsafePointer<SSL_CLIENT_HELLO>) -> [String] {
        var data: UnsafePointer<UInt8>?
        var count = 0
        let kind = UInt16(TLSEXT_TYPE_application_layer_protocol_negotiation)
        let isThere = unsafe SSL_early_callback_ctx_extension_get(hello, kind, &data, &count) == 1
        guard isThere, count > 2, let data = unsafe data else { return [] }
        return TLSNames.protocols(in: unsafe Array(UnsafeBufferPointer(start: data + 2, count: count - 2)))
    }

    /// Where in a client's list the protocol stands that is spoken; `nil` when there is none in common. The suite has been
    /// chosen before: with one that is not for HTTP/2, that is passed over.
    private func choose(from list: [UInt8], for session: TLSSession) -> Range<Int>? {
        for wanted in session.isChallenge ? [Array(Self.challengeProtocol.utf8)] : protocols {
            if wanted == Self.http2 && !session.isSuiteForHTTP2 { continue }
            var place = 0
            while place < list.count {
                let name = place + 1..<min(list.count, place + 1 + Int(list[place]))
                if list[name].elementsEqual(wanted) { return name }
                place = name.upperBound
            }
        }
        return nil
    }
}
