// What an authority may do wrong, and what becomes of it: a reason in the log and another try, nothing else.
import Foundation
import Logging
import MartletTestSupport
import Testing

@testable import MartletCertificates

@Suite(.timeLimit(.minutes(30)))
struct HostileAuthorityTests {
    private let folder: TestFolder
    private let clock = LeapingClock(1_900_000_000)
    private let hooks: RecordingHooks
    private var request = AcmeRequest(names: ["a.test", "b.test"], directory: ScriptedAuthority.directory)

    init() throws {
        folder = try TestFolder()
        hooks = try RecordingHooks()
        request.storage = folder.path("acme")
    }

    /// One order with what is stored, as far as it comes.
    private func order(_ issuer: ScriptedIssuer, _ request: AcmeRequest? = nil) async throws -> PEMIdentity {
        let keeper = CertificateKeeper(
            request ?? self.request, hooks: hooks, gate: OrderGate(), environment: issuer.environment,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        return try await keeper.issue()
    }

    private func reason(_ change: (inout ScriptedIssuer.Behaviour) -> Void) async throws -> String {
        let issuer = ScriptedIssuer(clock, change)
        do { _ = try await order(issuer) } catch let error as AcmeError { return error.description }
        return "it was taken"
    }

    @Test("the script itself issues")
    func good() async throws {
        let issuer = ScriptedIssuer(clock)
        let identity = try await order(issuer)
        let certificate = try IssuedCertificate(pem: identity.certificates)
        #expect(certificate.names == ["a.test", "b.test"])
        // The account is stored, and not made again.
        _ = try await order(issuer)
        #expect(issuer.paths.filter { $0 == "newAccount" }.count == 1)
    }

    @Test("a certificate for other names, for another key, or one that has ended is refused")
    func wrongCertificates() async throws {
        #expect(try await reason { $0.names = ["a.test"] } == "the certificate lacks b.test")
        #expect(try await reason { $0.isForAnotherKey = true } == "the certificate is for another key")
        #expect(try await reason { $0.lifetime = 0 }.hasPrefix("the certificate has ended on 2030-"))
    }

    @Test(
        "what is no certificate is refused",
        arguments: [
            ("", "there is no certificate in it"), ("<html>", "there is no certificate in it"),
            ("-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n", "the certificate is not PEM"),
            ("-----BEGIN CERTIFICATE-----\n", "the certificate is not PEM"),
        ])
    func garbage(body: String, wanted: String) async throws {
        let found = try await reason { behaviour in
            behaviour.override = { $0 == "certificate" ? ScriptedAuthority.json(body) : nil }
        }
        #expect(found.hasPrefix(wanted), "\(found)")
    }

    @Test("a chain without end is refused")
    func longChain() async throws {
        let pem = String(decoding: try SelfMadeCertificate.make(names: ["a.test"]).certificates, as: UTF8.self)
        let found = try await reason { behaviour in
            let chain = ScriptedAuthority.json(String(repeating: pem, count: 11))
            behaviour.override = { $0 == "certificate" ? chain : nil }
        }
        #expect(found == "the chain has 11 certificates")
    }

    @Test("names that were not asked for are not proven, and not more than were asked for")
    func strangeAuthorizations() async throws {
        let strange = try await reason { $0.authorized = ["a.test", "victim.test"] }
        #expect(strange == "the authority wants victim.test proven, which is not asked for")
        let many = try await reason { $0.authorized = Array(repeating: "a.test", count: 10_000) }
        #expect(many == "the authority wants 10000 names proven for 2")
    }

    @Test("an order that never gets on is given up after ten minutes, whatever Retry-After says")
    func endlessOrder() async throws {
        for after in [nil, "0", "30", "999999999", "9223372036854775807", "junk"] as [String?] {
            let before = clock.now
            let issuer = ScriptedIssuer(clock) { behaviour in
                let fields = after.map { ["retry-after": $0] } ?? [:]
                behaviour.override = { path in
                    guard path == "order" else { return nil }
                    return ScriptedAuthority.json(
                        #"{"status": "processing", "authorizations": [], "finalize": "https://ca.test/finalize"}"#,
                        fields)
                }
            }
            let error = await #expect(throws: AcmeError.self) { try await order(issuer) }
            #expect(error?.description == "the order for a.test and 1 more is still processing after 600 s")
            #expect((600...670).contains(clock.now - before), "Retry-After \(after ?? "none")")
            #expect(issuer.paths.count < 400)
        }
    }

    @Test("Retry-After is followed from the first look on")
    func retryAfter() async throws {
        let looks = LookCounter()
        let issuer = ScriptedIssuer(clock) { behaviour in
            behaviour.override = { path in
                guard path == "order", looks.next() <= 2 else { return nil }
                return ScriptedAuthority.json(
                    #"{"status": "pending", "authorizations": [], "finalize": "https://ca.test/finalize"}"#,
                    ["retry-after": "7"])
            }
        }
        _ = try await order(issuer)
        #expect(clock.sleeps == [.seconds(7), .seconds(7)])
    }

    @Test(
        "an authority that is busy for a moment costs no order, wherever it is asked what has become of it",
        arguments: ["order", "authorization/1", "certificate"])
    func busy(path busy: String) async throws {
        let calls = LookCounter()
        let issuer = ScriptedIssuer(clock) { behaviour in
            behaviour.override = { path in
                guard path == busy else { return nil }
                switch calls.next() {
                case 1: throw AcmeError("no answer", isPassing: true)
                case 2: return ScriptedAuthority.problem("rateLimited", "busy", status: 429, ["retry-after": "20"])
                case 3: return ScriptedAuthority.json("", status: 503)
                default: return nil
                }
            }
        }
        _ = try await order(issuer)
        #expect(issuer.orders.count == 1 && clock.sleeps.prefix(3) == [.seconds(1), .seconds(20), .seconds(3)])
    }

    @Test("one that stays busy, or wants to be left alone for long, is given up")
    func busyForLong() async throws {
        let short = try await reason { behaviour in
            behaviour.override = { $0 == "certificate" ? ScriptedAuthority.json("", status: 503) : nil }
        }
        #expect(short == "https://ca.test/certificate answered 503" && clock.sleeps.count == 3)
        let long = try await reason { behaviour in
            let later = ScriptedAuthority.json("", status: 503, ["retry-after": "3600"])
            behaviour.override = { $0 == "certificate" ? later : nil }
        }
        #expect(long == "https://ca.test/certificate answered 503" && clock.sleeps.count == 3)
    }

    @Test("an account whose place cannot be stored costs no certificate either")
    func unstoredAccount() async throws {
        let path = AcmeStore(folder: request.storage).accountPath(request)
        let issuer = ScriptedIssuer(clock) { behaviour in
            behaviour.override = { asked in
                // The folder of accounts is gone, and a file is in its place, when the account has been made.
                if asked == "newOrder" {
                    let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
                    try FileManager.default.removeItem(at: folder)
                    try Data().write(to: folder)
                }
                return nil
            }
        }
        _ = try await order(issuer)
    }

    @Test("an account that the authority has forgotten is made anew, with the same key")
    func forgottenAccount() async throws {
        _ = try await order(ScriptedIssuer(clock))
        let store = AcmeStore(folder: request.storage)
        let before = try #require(try store.account(of: request))
        let calls = LookCounter()
        let issuer = ScriptedIssuer(clock) { behaviour in
            behaviour.override = { path in
                switch path {
                case "newOrder" where calls.next() == 1: ScriptedAuthority.problem("accountDoesNotExist")
                case "newAccount": ScriptedAuthority.json("{}", status: 201, ["location": "https://ca.test/new"])
                default: nil
                }
            }
        }
        _ = try await order(issuer)
        let after = try #require(try store.account(of: request))
        #expect(before.url == "https://ca.test/account" && after.url == "https://ca.test/new")
        #expect(before.key.pem == after.key.pem)
    }

    @Test("one that is forgotten again and again is given up")
    func forgottenForEver() async throws {
        _ = try await order(ScriptedIssuer(clock))
        let found = try await reason { behaviour in
            behaviour.override = { $0 == "newOrder" ? ScriptedAuthority.problem("accountDoesNotExist") : nil }
        }
        #expect(found.hasPrefix("accountDoesNotExist"))
    }

    @Test("a redirect is not followed, but told")
    func redirect() async throws {
        let found = try await reason { behaviour in
            let away = ScriptedAuthority.json("", status: 307, ["location": "https://evil.test/"])
            behaviour.override = { $0 == "newOrder" ? away : nil }
        }
        #expect(
            found == "https://ca.test/newOrder answered 307 and leads to https://evil.test/, which is not followed")
    }

    @Test("what an authority says is one line of bounded length in the log")
    func loudAuthority() async throws {
        let detail = "forged\\nline\\u001b[2J" + String(repeating: "x", count: 500_000)
        let found = try await reason { behaviour in
            behaviour.override = { $0 == "newOrder" ? ScriptedAuthority.problem("malformed", detail) : nil }
        }
        #expect(found.hasPrefix("malformed: forged line [2Jxxx") && found.unicodeScalars.count == 3_000)
    }

    @Test("nested without end, JSON is refused")
    func deepJSON() async throws {
        let found = try await reason { behaviour in
            let deep = ScriptedAuthority.json(String(repeating: #"{"subproblems": ["#, count: 20_000), status: 400)
            behaviour.override = { $0 == "newOrder" ? deep : nil }
        }
        #expect(found == "https://ca.test/newOrder answered 400")
    }
}

/// Counts calls.
final class LookCounter: Sendable {
    private let state = Monitor(0)
    func next() -> Int {
        state.change {
            $0 += 1
            return $0
        }
    }
}
