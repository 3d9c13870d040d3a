// Responses of a responder that openssl plays.
import Foundation
import Logging
import MartletTestSupport
import Testing

@testable import MartletCertificates

@Suite(.timeLimit(.minutes(20)))
struct OCSPFetcherTests {
    private static let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    private func fetch(_ authority: OpenSSLAuthority, now: Int64? = nil) async throws -> OCSPStaple {
        let time = now.map { LeapingClock($0).time } ?? .system
        return try await OCSPFetcher(logger: Self.quiet, time: time)
            .fetch(leaf: try authority.leaf, issuer: try authority.issuer)
    }

    @Test(
        "a good response comes back with its times, signed by the authority or by who may",
        arguments: [
            (true, ["ec", "-pkeyopt", "ec_paramgen_curve:P-256"]),
            (false, ["ec", "-pkeyopt", "ec_paramgen_curve:P-384"]),
            (true, ["rsa:2048"]), (false, ["rsa:2048"]),
        ])
    func good(delegated: Bool, key: [String]) async throws {
        let authority = try OpenSSLAuthority(delegated: delegated, key: key)
        let staple = try await fetch(authority)
        let now = Int64(Date().timeIntervalSince1970)
        #expect(abs(staple.thisUpdate - now) < 120 && staple.nextUpdate == staple.thisUpdate + 4 * 86_400)
        #expect(try authority.text("-respin", staple.response).contains("Cert Status: good"))
        let request = try authority.text("-reqin", try #require(authority.requests.first))
        #expect(request.contains("Hash Algorithm: sha1") && request.contains("Serial Number: 80AB12"))
    }

    @Test(
        "what may not be stapled is refused with a reason",
        arguments: [
            (.unknown, "does not know the certificate"), (.stranger, "not signed by the authority"),
            (.other, "about another certificate"), (.notFound, "answered 404"), (.garbage, "cannot be used"),
            (.nothing, "no answer from the responder"),
        ] as [(OpenSSLAuthority.Answer, String)])
    func refused(answer: OpenSSLAuthority.Answer, reason: String) async throws {
        let authority = try OpenSSLAuthority(answer)
        let error = await #expect(throws: (any Error).self) { try await fetch(authority) }
        let text = "\(try #require(error))"
        #expect(text.contains(reason), "it says: \(text)")
    }

    @Test("a response from the future, or one that has run out, is refused")
    func times() async throws {
        let authority = try OpenSSLAuthority(delegated: false)
        let now = Int64(Date().timeIntervalSince1970)
        for (time, reason) in [(now - 3_600, "from the future"), (now + 5 * 86_400, "has run out")] {
            let error = await #expect(throws: AcmeError.self) { try await fetch(authority, now: time) }
            #expect(try #require(error).description.contains(reason))
        }
    }

    @Test("a byte that was changed breaks the signature, or the reading; nothing of it is believed")
    func tampered() async throws {
        let authority = try OpenSSLAuthority()
        let staple = try await fetch(authority)
        let (leaf, issuer) = (try authority.leaf, try authority.issuer)
        for position in stride(from: 0, to: staple.response.count, by: 7) {
            var bytes = staple.response
            bytes[position] ^= 0x10
            let changed = bytes
            let fetcher = OCSPFetcher(logger: Self.quiet) { _, _ in changed }
            let result = try? await fetcher.fetch(leaf: leaf, issuer: issuer)
            // What is not signed may change: the certificate of the signer, as far as it still verifies.
            if let result { #expect(result.nextUpdate == staple.nextUpdate && result.thisUpdate == staple.thisUpdate) }
        }
    }

    @Test("it is fetched at half of its time, goes on through failures, and is dropped when it has run out")
    func keeping() async throws {
        let authority = try OpenSSLAuthority()
        let begin = Int64(Date().timeIntervalSince1970)
        let clock = LeapingClock(begin, limit: begin + 5 * 86_400)
        let log = Monitor<[(time: Int64, isThere: Bool)]>([])
        let response = try await fetch(authority).response
        let calls = Monitor(0)
        let fetcher = OCSPFetcher(logger: Self.quiet, time: clock.time) { _, _ in
            if calls.change({
                $0 += 1
                return $0
            }) > 1 {
                throw AcmeError("away")
            }
            return response
        }
        let failures = Monitor(0)
        await fetcher.keep(leaf: try authority.leaf, issuer: try authority.issuer) { news in
            switch news {
            case .fetched: log.change { $0.append((clock.now - begin, true)) }
            case .lost: log.change { $0.append((clock.now - begin, false)) }
            case .failed: failures.change { $0 += 1 }
            }
        }
        #expect(failures.value == calls.value - 1)
        let seen = log.value
        #expect(seen.map(\.isThere) == [true, false])
        #expect(abs(seen[1].time - 4 * 86_400) < 60)
        // From the second day on: a few at first, then every hour for three days.
        #expect((50...90).contains(calls.value))
    }

    @Test("when the certificate is revoked, what was stapled is taken away")
    func revoked() async throws {
        let authority = try OpenSSLAuthority()
        let begin = Int64(Date().timeIntervalSince1970)
        let clock = LeapingClock(begin, limit: begin + 3 * 86_400)
        let log = Monitor<[OCSPNews]>([])
        let fetcher = OCSPFetcher(logger: Self.quiet, time: clock.time)
        await fetcher.keep(leaf: try authority.leaf, issuer: try authority.issuer) { news in
            authority.set(.revoked)
            log.change { $0.append(news) }
        }
        guard case .fetched? = log.value.first else {
            Issue.record("nothing was fetched")
            return
        }
        #expect(log.value.dropFirst().prefix(2) == [.failed, .lost])
        #expect(log.value.dropFirst(3).allSatisfy { $0 == .failed })
    }

    @Test("a certificate without a responder is told")
    func noResponder() async throws {
        let authority = try OpenSSLAuthority()
        let error = await #expect(throws: AcmeError.self) {
            try await OCSPFetcher(logger: Self.quiet).fetch(leaf: try authority.issuer, issuer: try authority.issuer)
        }
        #expect(error?.description == "the certificate does not name a responder")
    }
}

/// Responders that do not keep to HTTP's manners.
@Suite(.timeLimit(.minutes(30)))
struct ResponderTests {
    private func post(
        _ limit: Duration = .seconds(600), _ script: @escaping ScriptedServer.Script
    ) async throws -> String {
        let server = try ScriptedServer(script: script)
        defer { server.stop() }
        do {
            _ = try await OCSPFetcher.post("http://127.0.0.1:\(server.port)/", [1], limit: limit)
        } catch let error as AcmeError {
            return error.description.replacing("http://127.0.0.1:\(server.port)/", with: "URL")
        }
        return "it was taken"
    }

    @Test("one that says nothing, or never comes to an end, is left after a while")
    func silent() async throws {
        let silent = try await post(.seconds(1)) { socket, _ in _ = try socket.receiveUntilGone() }
        #expect(silent == "no answer from the responder URL: it took longer than 1 s")
        let endless = try await post(.seconds(1)) { socket, _ in
            _ = try socket.readRequest()
            try socket.send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n1")
            _ = try socket.receiveUntilGone()
        }
        #expect(endless == "no answer from the responder URL: it took longer than 1 s")
    }

    @Test("an answer that is too large is not taken")
    func large() async throws {
        let large = try await post { socket, _ in
            _ = try socket.readRequest()
            try socket.send("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
            while true { try socket.send([UInt8](repeating: 0, count: 65_536)) }
        }
        #expect(large == "no answer from the responder URL: it is larger than 64 KiB")
    }

    @Test("redirects come to an end")
    func redirects() async throws {
        let round = try await post { socket, number in
            _ = try socket.readRequest()
            try socket.send(
                "HTTP/1.1 307 Gone\r\nLocation: /\(number)\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        }
        #expect(round.hasPrefix("no answer from the responder URL: "))
    }
}
