// A certificate that is kept in force for months, in a clock that leaps.
import Foundation
import Logging
import MartletTestSupport
import Testing
import X509

@testable import MartletCertificates

@Suite(.timeLimit(.minutes(30)))
struct KeepingTests {
    private static let begin: Int64 = 1_900_000_000
    private static let day: Int64 = 86_400
    private let folder: TestFolder
    private let hooks: RecordingHooks
    private var request = AcmeRequest(names: ["a.test"], directory: ScriptedAuthority.directory)

    init() throws {
        folder = try TestFolder()
        hooks = try RecordingHooks()
        request.storage = folder.path("acme")
    }

    /// Keeps a certificate for `seconds`, and returns when they are over.
    private func keep(
        _ seconds: Int64, _ request: AcmeRequest? = nil, hooks other: (any AcmeHooks)? = nil,
        _ change: (inout ScriptedIssuer.Behaviour) -> Void = { _ in }
    ) async -> (issuer: ScriptedIssuer, status: AcmeStatus) {
        let clock = LeapingClock(Self.begin, limit: Self.begin + seconds)
        let issuer = ScriptedIssuer(clock, change)
        let keeper = CertificateKeeper(
            request ?? self.request, hooks: other ?? hooks, gate: OrderGate(), environment: issuer.environment,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        await keeper.prepare()
        await keeper.run()
        return (issuer, await keeper.status)
    }

    private func pin(_ identity: PEMIdentity) throws -> [UInt8] {
        Array(try IssuedCertificate(pem: identity.certificates).leaf.publicKey.subjectPublicKeyInfoBytes)
    }

    @Test("it is renewed at two thirds of its life, with a new key each time")
    func renewal() async throws {
        let (issuer, status) = await keep(200 * Self.day)
        #expect(issuer.orders.count == 4 && status.issued == 4 && status.failed == 0)
        let pins = try hooks.state.value.installed.filter { $0.origin == .issued }.map { try pin($0.identity) }
        #expect(Set(pins).count == 4)
        #expect(hooks.state.value.installed.first?.origin == .selfMade)
    }

    @Test("with reuseKey, the key outlives renewals and restarts")
    func reusedKey() async throws {
        var request = request
        request.reusesKey = true
        _ = await keep(100 * Self.day, request)
        _ = await keep(130 * Self.day, request)
        let installed = hooks.state.value.installed
        #expect(installed.map(\.origin) == [.selfMade, .issued, .issued, .stored, .issued])
        #expect(Set(try installed.dropFirst().map { try pin($0.identity) }).count == 1)
    }

    @Test("what the authority suggests is followed, and the order says what is replaced")
    func suggestion() async throws {
        let start = Self.begin + 20 * Self.day
        let (issuer, _) = await keep(20 * Self.day + 3_600) { $0.info = Self.window(start, start + 3_600) }
        #expect(issuer.orders.count == 2)
        #expect(issuer.orders[1].contains(#""replaces":"AQID."#) && !issuer.orders[0].contains("replaces"))
        let questions = issuer.paths.filter { $0.hasPrefix("renewalInfo/AQID.") }
        // Every six hours, since it does not say when.
        #expect((79...86).contains(questions.count), "\(questions.count)")
    }

    @Test(
        "the authority says how often it is asked, within bounds",
        arguments: [(43_200, 40), (1, 28_800), (9_999_999, 20)])
    func askingAgain(after: Int, wanted: Int) async throws {
        let start = Self.begin + 50 * Self.day
        let (issuer, _) = await keep(20 * Self.day) {
            $0.info = Self.window(start, start + 3_600, ["retry-after": "\(after)"])
        }
        let count = issuer.paths.filter { $0.hasPrefix("renewalInfo/") }.count
        #expect(abs(count - wanted) <= 2, "\(count)")
        #expect(issuer.orders.count == 1)
    }

    @Test("a window in the past means now; but a new certificate is not renewed within the hour")
    func pastWindow() async throws {
        let (issuer, _) = await keep(10 * 3_600) { $0.info = Self.window(Self.begin - 7_200, Self.begin - 3_600) }
        #expect((9...11).contains(issuer.orders.count), "\(issuer.orders.count)")
    }

    @Test("a window beyond the end of the certificate does not keep it from being renewed")
    func lateWindow() async throws {
        let start = Self.begin + 4_000 * Self.day
        let (issuer, _) = await keep(82 * Self.day) { $0.info = Self.window(start, start + 3_600) }
        #expect(issuer.orders.count == 2)
    }

    @Test(
        "renewal information of no use leaves it at two thirds",
        arguments: ["", "{}", #"{"suggestedWindow": {"start": "99999999999-01-01T00:00:00Z", "end": "x"}}"#])
    func uselessInformation(body: String) async throws {
        let (issuer, _) = await keep(70 * Self.day) { $0.info = ScriptedAuthority.json(body) }
        #expect(issuer.orders.count == 2)
    }

    @Test("certificates that end at once are not ordered without a pause", arguments: [1, 5, 30] as [Int64])
    func shortLives(lifetime: Int64) async throws {
        let (issuer, _) = await keep(600) { $0.lifetime = lifetime }
        #expect((15...61).contains(issuer.orders.count), "\(issuer.orders.count)")
    }

    @Test("an authority that is away is asked ever more seldom", arguments: [nil, "9223372036854775807", "-5"])
    func away(retryAfter: String?) async throws {
        let (issuer, status) = await keep(30 * Self.day) { behaviour in
            let fields = retryAfter.map { ["retry-after": $0] } ?? [:]
            behaviour.override = { $0 == "newOrder" ? ScriptedAuthority.json("", status: 503, fields) : nil }
        }
        #expect(status.issued == 0 && status.lastError == "https://ca.test/newOrder answered 503")
        let tries = issuer.paths.filter { $0 == "newOrder" }.count
        // With an absurd wish it is once a week.
        #expect((retryAfter == "9223372036854775807" ? 4...6 : 100...150).contains(tries), "\(tries)")
        // What is self-made ends after a week, and is made anew before.
        #expect(
            hooks.state.value.installed.count >= 4 && hooks.state.value.installed.allSatisfy { $0.origin == .selfMade })
    }

    @Test("an authority that is away when it is time to renew is tried for until it is back, and not without a pause")
    func awayAtRenewal() async throws {
        let answers = LookCounter()
        let (issuer, status) = await keep(80 * Self.day) { behaviour in
            behaviour.override = { path in
                guard path == "newOrder" else { return nil }
                return (2...40).contains(answers.next()) ? ScriptedAuthority.json("", status: 503) : nil
            }
        }
        #expect(issuer.orders.count == 2 && status.failed == 39 && status.issued == 2)
        #expect(hooks.state.value.statuses.count < 1_000, "\(hooks.state.value.statuses.count)")
        #expect(hooks.state.value.installed.map(\.origin) == [.selfMade, .issued, .issued])
    }

    @Test("a certificate that the proxy cannot use is no success")
    func unusable() async throws {
        let (issuer, status) = await keep(3_600, hooks: RefusingHooks(hooks))
        #expect(status.issued == 0 && status.failed == issuer.orders.count && (4...8).contains(status.failed))
        #expect(status.lastError == "the certificate (issued) cannot be used: of no use")
        #expect(try AcmeStore(folder: request.storage).identity(of: request.id) == nil)
    }

    @Test("a storage that takes nothing costs no certificate; it is stored when it can be")
    func fullStorage() async throws {
        // The account is stored before; then a file lies where the folder of certificates should be.
        _ = await keep(1)
        let store = AcmeStore(folder: request.storage)
        let certificates = URL(fileURLWithPath: store.certificateFolder(request.id)).deletingLastPathComponent().path
        try FileManager.default.removeItem(atPath: certificates)
        try Data().write(to: URL(fileURLWithPath: certificates))
        let clears = LookCounter()
        let (issuer, status) = await keep(Self.day) { behaviour in
            // Somebody makes room when the authority is asked for the third time when to renew.
            behaviour.override = { path in
                if path.hasPrefix("renewalInfo/"), clears.next() == 3 {
                    try FileManager.default.removeItem(atPath: certificates)
                }
                return nil
            }
        }
        #expect(issuer.orders.count == 1 && status.issued == 1 && status.failed == 0)
        #expect(hooks.state.value.installed.last?.origin == .issued)
        #expect(try store.identity(of: request.id) == hooks.state.value.installed.last?.identity)
    }

    @Test("where nothing at all can be stored, the reason is said, and no account is made")
    func noStorage() async throws {
        var request = request
        request.storage = try folder.write("", to: "occupied") + "/acme"
        let (issuer, status) = await keep(600, request)
        #expect(issuer.paths.isEmpty && status.failed > 1)
        #expect(try #require(status.lastError).hasPrefix("cannot read \(request.storage)/"))
    }

    private static func window(_ start: Int64, _ end: Int64, _ fields: [String: String] = [:]) -> AcmeHTTPResponse {
        let window = #"{"start": "\#(Timestamps.text(start))", "end": "\#(Timestamps.text(end))"}"#
        return ScriptedAuthority.json(#"{"suggestedWindow": \#(window)}"#, fields)
    }
}

/// Takes no certificate of an authority.
private struct RefusingHooks: AcmeHooks {
    let others: RecordingHooks
    init(_ others: RecordingHooks) { self.others = others }

    func install(_ request: AcmeRequest.ID, _ identity: PEMIdentity, from origin: AcmeOrigin) async throws {
        if origin == .issued { throw AcmeError("of no use") }
        try await others.install(request, identity, from: origin)
    }
    func setHTTPChallenge(token: String, answer: String?) async {}
    func setTLSChallenge(name: String, identity: PEMIdentity?) async {}
    func report(_ request: AcmeRequest.ID, _ status: AcmeStatus) async {}
}
