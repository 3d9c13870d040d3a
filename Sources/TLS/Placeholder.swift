import MartletEventLoop

package enum TLSVersion: Sendable { case v12, v13 }
package struct TLSPeer: Sendable {
    package let subject: String
    package let names: [String]
    package let fingerprint: String
    package let der: [UInt8]
}
package struct TLSFailure: Sendable {
    package enum Kind: Sendable { case handshake, certificate, pin, clientCertificate, protocolError, plainHTTP }
    package let kind: Kind
    package let text: String
}
package final class TLSServerContext: Sendable { package func session() -> TLSSession? { nil } }
package final class TLSClientContext: Sendable {
    package func session(to host: String, cacheKey: Int) -> TLSSession? { nil }
}
package final class TLSSession: StreamCipher {
    package var isEstablished: Bool { false }
    package var held: Int { 0 }
    package var version: TLSVersion? { nil }
    package var isResumed: Bool { false }
    package var isChallenge: Bool { false }
    package var pinMismatch: Bool { false }
    package var peer: TLSPeer? { nil }
    package var failure: TLSFailure? { nil }
    @unsafe package func open(
        _ input: UnsafeRawBufferPointer, plain: UnsafeMutableRawBufferPointer, output: UnsafeMutableRawBufferPointer
    ) -> CipherProgress { CipherProgress() }
    @unsafe package func seal(_ plain: UnsafeRawBufferPointer, output: UnsafeMutableRawBufferPointer) -> CipherProgress
    { CipherProgress() }
    @unsafe package func end(output: UnsafeMutableRawBufferPointer) -> Int { 0 }
}
