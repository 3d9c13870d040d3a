import Foundation
import SwiftASN1
import Testing
import X509

@testable import MartletCertificates

@Suite struct SelfMadeCertificateTests {
    @Test func isForTheNamesAndAWeek() throws {
        let made = try SelfMadeCertificate.make(names: ["a.test", "*.b.test", "127.0.0.1"], now: 1_000_000_000)
        let certificate = try Certificate(pemEncoded: String(decoding: made.certificates, as: UTF8.self))
        let names = try #require(try certificate.extensions.subjectAlternativeNames)
        #expect(names.contains(.dnsName("a.test")))
        #expect(names.contains(.dnsName("*.b.test")))
        #expect(names.count == 3)
        #expect(certificate.notValidAfter.timeIntervalSince1970 == 1_000_000_000 + 7 * 86_400)
        #expect(certificate.publicKey.isValidSignature(certificate.signature, for: certificate))
        #expect(String(decoding: made.key, as: UTF8.self).contains("PRIVATE KEY"))
    }

    @Test func eachHasAKeyOfItsOwn() throws {
        let first = try SelfMadeCertificate.make(names: ["a.test"])
        let second = try SelfMadeCertificate.make(names: ["a.test"])
        #expect(first.key != second.key)
    }
}
