// Nonces, and what an authority says when it refuses.
import Testing

@testable import MartletCertificates

struct AcmeSessionTests {
    private let clock = LeapingClock(1_000)

    private func session(_ authority: ScriptedAuthority) async throws -> AcmeSession {
        try await AcmeSession(
            directory: ScriptedAuthority.directory, key: AccountKey(), account: "https://ca.test/1",
            transport: authority, time: clock.time)
    }

    private func nonce(of message: AcmeHTTPRequest) throws -> String? {
        struct Header: Decodable { let nonce: String }
        let signed = try JSON.decode(SignedMessage.self, message.body)
        return try JSON.decode(Header.self, Base64URL.decode(signed.protected) ?? []).nonce
    }

    @Test(
        "a refused nonce is replaced by the one that came with the refusal, up to 20 times", arguments: [0, 1, 10, 19])
    func badNonces(count: Int) async throws {
        let authority = ScriptedAuthority { _, number in
            number < count
                ? ScriptedAuthority.problem("badNonce", "no", status: 400, ["replay-nonce": "fresh-\(number)"])
                : ScriptedAuthority.json("{}", ["replay-nonce": "next"])
        }
        let session = try await session(authority)
        #expect(try await session.read("https://ca.test/x").isSuccess)
        let nonces = try authority.messages.map(nonce)
        #expect(nonces == ["asked-1"] + (0..<count).map { "fresh-\($0)" })
        // The nonce of the last answer is kept for the next message.
        _ = try await session.read("https://ca.test/y")
        #expect(try authority.messages.last.map(nonce) == "next" && authority.nonceRequests == 1)
    }

    @Test("an authority that takes no nonce at all is given up")
    func onlyBadNonces() async throws {
        let authority = ScriptedAuthority { _, _ in ScriptedAuthority.problem("badNonce", "stale") }
        let session = try await session(authority)
        let error = await #expect(throws: AcmeError.self) { try await session.read("https://ca.test/x") }
        #expect(error?.problem?.name == "badNonce" && authority.messages.count == 20)
    }

    @Test(
        "Retry-After of a refusal is kept, as seconds or as a date",
        arguments: ["120", "Thu, 01 Jan 1970 00:18:40 GMT"])
    func rateLimited(field: String) async throws {
        let authority = ScriptedAuthority { _, _ in
            ScriptedAuthority.problem("rateLimited", "too many orders", status: 429, ["retry-after": field])
        }
        let session = try await session(authority)
        let error = await #expect(throws: AcmeError.self) { try await session.read("https://ca.test/x") }
        #expect(error?.retryAfter == 120)
        #expect(error?.description == "rateLimited: too many orders (429 from https://ca.test/x)")
    }

    @Test("a problem is told with its parts")
    func subproblems() async throws {
        let authority = ScriptedAuthority { _, _ in
            ScriptedAuthority.json(
                """
                {"type": "urn:ietf:params:acme:error:malformed", "detail": "some names",
                "subproblems": [
                {"type": "urn:ietf:params:acme:error:rejectedIdentifier", "detail": "bad", "identifier": {"type": "dns", "value": "a_b"}},
                {"type": "urn:ietf:params:acme:error:caa", "identifier": {"type": "dns", "value": "b.test"}}]}
                """, status: 403)
        }
        let session = try await session(authority)
        let error = await #expect(throws: AcmeError.self) { try await session.read("https://ca.test/x") }
        #expect(
            error?.description
                == "malformed: some names (a_b: rejectedIdentifier: bad; b.test: caa) (403 from https://ca.test/x)")
    }

    @Test("an answer that is no problem document is told by its status", arguments: ["", "<html>", "{}", "[]"])
    func plainFailures(body: String) async throws {
        let authority = ScriptedAuthority { _, _ in ScriptedAuthority.json(body, status: 503) }
        let session = try await session(authority)
        let error = await #expect(throws: AcmeError.self) { try await session.read("https://ca.test/x") }
        #expect(error?.description == "https://ca.test/x answered 503")
    }

    @Test("a directory that is none is told by its URL")
    func strangeDirectory() async throws {
        let transport = ScriptedAuthority { _, _ in ScriptedAuthority.json("{}") }
        let error = await #expect(throws: AcmeError.self) {
            try await AcmeSession.directory("https://ca.test/other", transport: transport, now: { 0 })
        }
        #expect(try #require(error).description.hasPrefix("https://ca.test/other answered what is not understood"))
    }
}
