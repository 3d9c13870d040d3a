// What is known of the peer and of what was agreed on. One of the few files that hold `unsafe`: the library gives pointers.
import CNIOBoringSSL

/// The certificate of a peer, verified unless the context is insecure.
package struct TLSPeer: Sendable {
    /// The subject, as RFC 4514 writes it.
    package let subject: String
    /// The alternative names: `DNS:…`, `URI:spiffe://…`, `IP:…`, `email:…`.
    package let names: [String]
    /// The SHA-256 of the certificate, in hexadecimal digits.
    package let fingerprint: String
    /// The certificate in DER form.
    package let der: [UInt8]
}

extension TLSSession {
    /// The version that was agreed on.
    package var version: TLSVersion? { isEstablished ? unsafe TLSVersion(rawValue: Int(SSL_version(ssl))) : nil }

    /// The cipher suite, by OpenSSL's name; empty before the handshake.
    package var cipherName: String {
        guard let cipher = unsafe SSL_get_current_cipher(ssl) else { return "" }
        return unsafe String(cString: SSL_CIPHER_get_name(cipher))
    }

    /// The group of the exchange of keys; empty before the handshake.
    package var groupName: String {
        guard let name = unsafe SSL_get_group_name(SSL_get_group_id(ssl)) else { return "" }
        return unsafe String(cString: name)
    }

    /// Whether there was no full handshake.
    package var isResumed: Bool { unsafe SSL_session_reused(ssl) == 1 }

    /// The name that the client asked for (SNI), in lower case and without a dot at its end.
    package var serverName: String? {
        guard let name = unsafe SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name) else { return nil }
        let text = unsafe String(cString: name).lowercased()
        return text.hasSuffix(".") ? String(text.dropLast()) : text
    }

    /// The protocol that was agreed on (ALPN).
    package var negotiatedProtocol: String? {
        var data: UnsafePointer<UInt8>?
        var count: UInt32 = 0
        unsafe SSL_get0_alpn_selected(ssl, &data, &count)
        guard let data = unsafe data, count > 0 else { return nil }
        return unsafe String(decoding: UnsafeBufferPointer(start: data, count: Int(count)), as: UTF8.self)
    }

    /// Whether HTTP/2 was agreed on (ALPN `h2`, RFC 9113 section 3.2). It costs next to nothing, and no memory.
    package var isHTTP2: Bool {
        var data: UnsafePointer<UInt8>?
        var count: UInt32 = 0
        unsafe SSL_get0_alpn_selected(ssl, &data, &count)
        guard let data = unsafe data, count == 2 else { return false }
        return unsafe data[0] == UInt8(ascii: "h") && data[1] == UInt8(ascii: "2")
    }

    /// Whether the suite that was chosen in this handshake is one for HTTP/2: with keys that are exchanged for this connection
    /// alone, and an AEAD cipher (RFC 9113 section 9.2.2 and appendix A).
    var isSuiteForHTTP2: Bool {
        guard let suite = unsafe SSL_get_pending_cipher(ssl) else { return false }
        // Suites of TLS 1.3 do not say how keys are exchanged, as it is always so.
        let exchange = unsafe SSL_CIPHER_get_kx_nid(suite)
        return unsafe SSL_CIPHER_is_aead(suite) == 1 && (exchange == NID_kx_ecdhe || exchange == NID_kx_any)
    }

    /// The peer's certificate, once the handshake is complete. It is read anew each time.
    package var peer: TLSPeer? {
        guard isEstablished, let der = peerChain.first, let leaf = Certificate(der: der) else { return nil }
        return TLSPeer(
            subject: leaf.subject, names: leaf.names.map(\.labeled),
            fingerprint: Hexadecimal.encode(LibraryBytes.sha256(der)), der: der)
    }

    /// The certificates that the peer has sent, in DER form, the leaf first.
    package var peerChain: [[UInt8]] {
        guard let chain = unsafe SSL_get0_peer_certificates(ssl) else { return [] }
        return unsafe (0..<sk_CRYPTO_BUFFER_num(chain)).map { index in
            let buffer = unsafe sk_CRYPTO_BUFFER_value(chain, index)
            return unsafe Array(
                UnsafeBufferPointer(start: CRYPTO_BUFFER_data(buffer), count: CRYPTO_BUFFER_len(buffer)))
        }
    }

    /// The same, parsed; empty when one of them cannot be.
    var peerCertificates: [Certificate] {
        let chain = peerChain
        let certificates = chain.compactMap { Certificate(der: $0) }
        return certificates.count == chain.count ? certificates : []
    }

    // MARK: The library asks

    /// Whether the client may come.
    @unsafe
    func verifyClient(_ alert: UnsafeMutablePointer<UInt8>?) -> Bool {
        let chain = peerCertificates
        let refusal =
            chain.isEmpty
            ? Refusal(SSL_AD_BAD_CERTIFICATE, "the certificate cannot be read") : clientVerifier?.refusal(of: chain)
        guard let refusal else { return true }
        note(TLSFailure(.clientCertificate, refusal.text))
        unsafe alert?.pointee = refusal.alert
        return false
    }

    /// Whether the server is the right one. It is asked for a session that is taken up again, too.
    @unsafe
    func verifyServer(_ alert: UnsafeMutablePointer<UInt8>?) -> Bool {
        guard let client else { return false }
        let chain = peerCertificates
        let verdict =
            chain.isEmpty
            ? .refused(.certificate, Refusal(SSL_AD_BAD_CERTIFICATE, "the certificate cannot be read"))
            : client.verifier.judge(chain, host: origin.owner.host)
        switch verdict {
        case .accepted(let pinMismatch):
            self.pinMismatch = pinMismatch
            return true
        case .refused(let kind, let refusal):
            client.forget(origin.owner)
            note(TLSFailure(kind, refusal.text))
            unsafe alert?.pointee = refusal.alert
            return false
        }
    }
}
