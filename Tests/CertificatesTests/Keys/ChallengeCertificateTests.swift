// The certificate of a tls-alpn-01 challenge, as openssl reads it.
import MartletTestSupport
import Testing

@testable import MartletCertificates

struct ChallengeCertificateTests {
    @Test("it has the name and, as a critical extension, the digest (RFC 8737 section 3)")
    func form() throws {
        let folder = try TestFolder()
        let digest = (0..<32).map { UInt8($0) }
        let identity = try ChallengeCertificate.make(name: "a.example.com", digest: digest)
        let path = try folder.write(String(decoding: identity.certificates, as: UTF8.self), to: "challenge.pem")
        let (exit, text, errors) = try ChildProcess.run("openssl", ["x509", "-in", path, "-noout", "-text"])
        #expect(exit == .code(0), "\(errors)")
        #expect(text.contains("DNS:a.example.com\n"))
        #expect(text.contains("1.3.6.1.5.5.7.1.31: critical\n"))
        let shown = try ChildProcess.run("openssl", ["asn1parse", "-in", path]).output
        let octets = digest.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined().uppercased()
        #expect(shown.contains("[HEX DUMP]:0420" + octets))
    }
}
