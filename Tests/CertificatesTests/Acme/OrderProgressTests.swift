// Every state of an order and of an authorization, and what follows.
import Testing

@testable import MartletCertificates

struct OrderProgressTests {
    private func order(_ status: AcmeOrder.Status, certificate: String? = nil, error: AcmeProblem? = nil) -> AcmeOrder {
        AcmeOrder(status: status, authorizations: ["a"], finalize: "f", certificate: certificate, error: error)
    }

    private func authorization(_ status: AcmeAuthorization.Status, error: AcmeProblem? = nil) -> AcmeAuthorization {
        AcmeAuthorization(
            identifier: AcmeIdentifier(value: "a.test"), status: status,
            challenges: [
                AcmeChallenge(type: "dns-01", url: "u1", token: "t", error: nil),
                AcmeChallenge(type: "http-01", url: "u2", token: "t", error: error),
            ], wildcard: nil)
    }

    @Test("an order's states")
    func orders() {
        #expect(order(.pending).step == .prove)
        #expect(order(.ready).step == .finalize)
        #expect(order(.processing).step == .wait)
        #expect(order(.valid, certificate: "c").step == .download("c"))
        guard case .fail(let strange) = order(.valid).step else {
            Issue.record("valid without a certificate")
            return
        }
        #expect(strange.description.contains("names no certificate"))
        let problem = AcmeProblem(type: "urn:ietf:params:acme:error:caa", detail: "forbidden")
        guard case .fail(let failed) = order(.invalid, error: problem).step else {
            Issue.record("invalid")
            return
        }
        #expect(failed.description == "the order has failed: caa: forbidden" && failed.problem == problem)
    }

    @Test("an authorization's states", arguments: AcmeAuthorization.Status.allCases)
    func authorizations(status: AcmeAuthorization.Status) throws {
        let problem = AcmeProblem(type: "urn:ietf:params:acme:error:dns", detail: "no such name")
        let authorization = authorization(status, error: problem)
        switch status {
        case .pending:
            #expect(authorization.step(with: .http) == .answer(authorization.challenges[1]))
            #expect(authorization.step(with: .dns) == .answer(authorization.challenges[0]))
            #expect(try authorization.isProven() == nil)
            guard case .fail(let error) = authorization.step(with: .tlsALPN) else {
                Issue.record("not offered")
                return
            }
            #expect(
                error.description == "the authority does not offer tls-alpn-01 for a.test; it offers dns-01, http-01")
        case .valid:
            #expect(authorization.step(with: .http) == .skip)
            #expect(try authorization.isProven() == true)
        case .invalid, .deactivated, .expired, .revoked:
            guard case .fail(let error) = authorization.step(with: .http) else {
                Issue.record("\(status)")
                return
            }
            #expect(error.description.hasSuffix("(the authorization is \(status.rawValue)): dns: no such name"))
            #expect(throws: error) { try authorization.isProven() }
        }
    }

    @Test("what is shown for a challenge")
    func proofs() throws {
        let challenge = AcmeChallenge(type: "http-01", url: "u", token: "tok-en_1", error: nil)
        #expect(
            try AcmeProof(.http, challenge, name: "a.test", thumbprint: "thumb")
                == .http(token: "tok-en_1", answer: "tok-en_1.thumb"))
        guard case .dns(let record, let value) = try AcmeProof(.dns, challenge, name: "a.test", thumbprint: "thumb")
        else {
            Issue.record("dns")
            return
        }
        #expect(record == "_acme-challenge.a.test")
        guard case .tls(_, let digest) = try AcmeProof(.tlsALPN, challenge, name: "a.test", thumbprint: "thumb")
        else {
            Issue.record("tls")
            return
        }
        #expect(value == Base64URL.encode(digest) && digest.count == 32)
    }

    @Test(
        "a token that is not base64url is refused, since it becomes part of a path",
        arguments: ["", "../x", "a b", "a/b", "ä"])
    func tokens(token: String) {
        let challenge = AcmeChallenge(type: "http-01", url: "u", token: token, error: nil)
        #expect(throws: AcmeError.self) { try AcmeProof(.http, challenge, name: "a.test", thumbprint: "t") }
    }
}
