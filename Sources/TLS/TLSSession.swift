import MartletEventLoop

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

/// TLS of one connection. It belongs to its loop's thread.
package final class TLSSession: StreamCipher {
    init() {}

    package var isEstablished: Bool { false }
    package var held: Int { 0 }
    /// The version that was agreed on.
    package var version: TLSVersion? { nil }
    /// The cipher suite, by OpenSSL's name; empty before the handshake.
    package var cipherName: String { "" }
    /// The group of the exchange of keys; empty before the handshake.
    package var groupName: String { "" }
    /// Whether there was no full handshake.
    package var isResumed: Bool { false }
    /// The name that the client asked for (SNI), in lower case.
    package var serverName: String? { nil }
    /// The protocol that was agreed on (ALPN).
    package var negotiatedProtocol: String? { nil }
    /// The peer's certificate, once the handshake is complete.
    package var peer: TLSPeer? { nil }
    /// The certificates that the peer has sent, in DER form, the leaf first.
    package var peerChain: [[UInt8]] { [] }
    /// Why `open` or `seal` said that it has failed.
    package var failure: TLSFailure? { nil }
    /// Whether no key of the server is pinned, where that is only reported.
    package var pinMismatch: Bool { false }
    /// Whether an authority validates a name (tls-alpn-01, RFC 8737): close after the handshake.
    package var isChallenge: Bool { false }

    @unsafe
    package func open(
        _ input: UnsafeRawBufferPointer, plain: UnsafeMutableRawBufferPointer, output: UnsafeMutableRawBufferPointer
    ) -> CipherProgress { CipherProgress() }

    @unsafe
    package func seal(_ plain: UnsafeRawBufferPointer, output: UnsafeMutableRawBufferPointer) -> CipherProgress {
        CipherProgress()
    }

    @unsafe
    package func end(output: UnsafeMutableRawBufferPointer) -> Int { 0 }
}
