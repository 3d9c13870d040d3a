import MartletCertificates
import MartletProxy
import MartletProxyConfig
import MartletTLS
import MartletTestSupport
import Testing

@testable import MartletControl

/// What comes from an authority is put where it belongs.
@Suite struct AcmeDeskTests {
    private let authority: TestCertificates
    private let request = AcmeRequest(names: ["a.test"])

    init() throws { authority = try TestCertificates() }

    private func identity(_ name: String) throws -> PEMIdentity {
        let leaf = try authority.leaf([name])
        return PEMIdentity(certificates: leaf.chainPEM, key: leaf.keyPEM)
    }

    @Test func theIssuedOneTakesThePlaceOfTheSelfMade() async throws {
        let (one, other) = (ListenerCertificates("one", files: 0), ListenerCertificates("other", files: 0))
        let installer = AcmeInstaller(owners: [request.id: [one]], all: [one, other], challenges: .ofProcess)
        try await installer.install(request.id, try identity("standin.test"), from: .selfMade)
        #expect(one.vouchedFor.isEmpty, "nobody is reminded of it")
        try await installer.install(request.id, try identity("a.test"), from: .stored)
        #expect(one.vouchedFor.map(\.names) == [["a.test"]])
        try await installer.install(request.id, try identity("new.test"), from: .issued)
        #expect(one.vouchedFor.map(\.names) == [["new.test"]])
        #expect(other.vouchedFor.isEmpty)
        await #expect(throws: TLSError.self) {
            try await installer.install(request.id, PEMIdentity(certificates: [], key: []), from: .issued)
        }
        #expect(one.vouchedFor.map(\.names) == [["new.test"]])
    }

    @Test func answersAreSetAndTakenAway() async throws {
        let installer = AcmeInstaller(owners: [:], all: [], challenges: .ofProcess)
        await installer.setHTTPChallenge(token: "token-of-this-test", answer: "answer")
        #expect(HTTPChallenges.ofProcess.answer("token-of-this-test") == "answer")
        await installer.setHTTPChallenge(token: "token-of-this-test", answer: nil)
        #expect(HTTPChallenges.ofProcess.answer("token-of-this-test") == nil)
    }

    @Test func whatIsReportedIsKept() async {
        let installer = AcmeInstaller(owners: [:], all: [], challenges: .ofProcess)
        var status = AcmeStatus()
        status.issued = 3
        await installer.report(request.id, status)
        #expect(installer.statuses[request.id] == status)
    }

    @Test func theConfigIsARequest() {
        var acme = ACMEConfiguration(domains: ["a.test", "*.a.test"])
        (acme.email, acme.directory, acme.storage) = ("me@a.test", "https://ca.test/dir", "/var/x")
        (acme.challenge, acme.hook, acme.keyType, acme.reuseKey) = (.dns01, ["/bin/hook"], .rsa2048, true)
        (acme.ca, acme.wait) = ("/etc/ca.pem", true)
        acme.accountBinding = AccountBindingConfiguration(id: "kid", key: "c2VjcmV0")
        var expected = AcmeRequest(
            names: ["a.test", "*.a.test"], email: "me@a.test", directory: "https://ca.test/dir")
        (expected.storage, expected.challenge, expected.hook) = ("/var/x", .dns, ["/bin/hook"])
        (expected.keyType, expected.reusesKey) = (.rsa2048, true)
        (expected.authorities, expected.waits) = ("/etc/ca.pem", true)
        expected.accountBinding = AcmeAccountBinding(id: "kid", key: "c2VjcmV0")
        #expect(AcmeRequest(acme) == expected)
        // The defaults of both sides agree.
        #expect(AcmeRequest(ACMEConfiguration(domains: ["b.test"])) == AcmeRequest(names: ["b.test"]))
    }
}
