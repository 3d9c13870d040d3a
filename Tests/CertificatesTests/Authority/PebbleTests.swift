// The manager with a real authority: pebble.
import Foundation
import Logging
import MartletCertificates
import MartletTestSupport
import Testing

/// On CI it has to be there; elsewhere the tests are skipped without it.
private let hasPebble = ProcessInfo.processInfo.environment["CI"] == "true" || Pebble.isInstalled

@Suite(.enabled(if: hasPebble, "pebble is not installed"), .timeLimit(.minutes(20)), .serialized)
struct PebbleTests {
    private let hooks: RecordingHooks
    private let folder: TestFolder

    init() throws {
        hooks = try RecordingHooks()
        folder = try TestFolder()
    }

    private func request(_ names: [String], _ pebble: Pebble) -> AcmeRequest {
        var request = AcmeRequest(names: names, email: "admin@example.com", directory: pebble.directory)
        request.storage = folder.path("acme")
        request.authorities = pebble.authorities
        return request
    }

    private func start(_ requests: [AcmeRequest]) async -> AcmeManager {
        let manager = AcmeManager(logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        await manager.start(requests, hooks: hooks)
        return manager
    }

    @Test("the first certificate comes in a moment, after a self-made one")
    func firstCertificate() async throws {
        let pebble = try Pebble(http: hooks.server.port)
        let manager = await start([request(["one.example.com"], pebble)])
        #expect(hooks.state.value.installed.map(\.origin) == [.selfMade])
        let issued = try await hooks.waitForInstall(.issued)
        #expect(try openssl(issued.identity, "-ext", "subjectAltName").contains("DNS:one.example.com"))
        await manager.stop()
        let state = hooks.state.value
        #expect(state.answers.isEmpty && state.shown == 1 && state.removed == 1)
        #expect(state.status?.issued == 1 && state.status?.failed == 0 && state.status?.origin == .issued)
    }

    @Test("with half of all nonces rejected, four requests for one account and another all succeed")
    func rejectedNonces() async throws {
        let pebble = try Pebble(http: hooks.server.port, rejectedNonces: 50)
        var requests = (1...4).map { request(["a\($0).example.com", "b\($0).example.com"], pebble) }
        requests[3].email = "other@example.com"
        let manager = await start(requests)
        _ = try await hooks.waitForInstall(.issued, count: 4)
        #expect(hooks.state.value.status?.failed == 0)
        await manager.stop()
    }

    @Test("dns-01 by a hook: a wildcard and its parent, whose records have one name")
    func wildcard() async throws {
        let pebble = try Pebble(http: 9)
        let hook = try folder.script(
            """
            echo "$@" >> \(folder.path("calls"))
            test "$2" = present && do=set-txt || do=clear-txt
            exec curl -sf -d "{\\"host\\": \\"$3.\\", \\"value\\": \\"$4\\"}" \(pebble.records)/$do
            """, named: "hook")
        var request = request(["*.wild.example.com", "wild.example.com"], pebble)
        request.challenge = .dns
        request.hook = [hook, "first"]
        let manager = await start([request])
        let issued = try await hooks.waitForInstall(.issued)
        let names = try openssl(issued.identity, "-ext", "subjectAltName")
        #expect(names.contains("DNS:*.wild.example.com") && names.contains("DNS:wild.example.com"))
        await manager.stop()
        let calls = try #require(folder.read("calls")).split(separator: "\n")
        #expect(calls.filter { $0.hasPrefix("first present _acme-challenge.wild.example.com ") }.count == 2)
        #expect(calls.filter { $0.hasPrefix("first cleanup _acme-challenge.wild.example.com ") }.count == 2)
    }

    @Test("what is stored is installed at once, and ordered no more", arguments: AcmeKeyType.allCases)
    func restart(keyType: AcmeKeyType) async throws {
        let pebble = try Pebble(http: hooks.server.port)
        var request = request(["again.example.com"], pebble)
        request.keyType = keyType
        let first = await start([request])
        let issued = try await hooks.waitForInstall(.issued)
        await first.stop()

        let second = await start([request])
        let stored = try #require(hooks.state.value.installed.last)
        #expect(stored.origin == .stored && stored.identity.certificates == issued.identity.certificates)
        await second.stop()
        let status = try #require(hooks.state.value.status)
        #expect(status.issued == 0)
        // Two thirds of the way to the end, which pebble puts five years ahead.
        #expect(try #require(status.nextTry) > Int64(Date().timeIntervalSince1970) + 86_400)
    }

    @Test("an account binding opens an authority that wants one; without it the reason is said")
    func accountBinding() async throws {
        let key = "zWNDZM6eQGHWpSRTPal5eIUYFTu7EajVIoguysqZ9wG44nMEtx3MUAsUDkMTQ12W"
        let pebble = try Pebble(http: hooks.server.port, binding: ("kid-1", key))
        var request = request(["bound.example.com"], pebble)
        request.waits = true
        let without = await start([request])
        let state = hooks.state
        let error = await offPool { state.wait { $0.status?.lastError } }
        #expect(try #require(error).contains("wants an account binding"))
        await without.stop()
        #expect(hooks.state.value.installed.isEmpty)

        request.accountBinding = AcmeAccountBinding(id: "kid-1", key: key)
        let with = await start([request])
        _ = try await hooks.waitForInstall(.issued)
        await with.stop()
    }

    @Test("an account that the authority has forgotten is made anew, and the key is kept if it is to be")
    func forgottenAccount() async throws {
        let pebble = try Pebble(http: hooks.server.port)
        let request = request(["forgotten.example.com"], pebble)
        let first = await start([request])
        _ = try await hooks.waitForInstall(.issued)
        await first.stop()
        // The account's file of one authority is put where another's is looked for.
        let other = try Pebble(http: hooks.server.port)
        let store = folder.path("acme")
        let folders = try FileManager.default.contentsOfDirectory(atPath: store)
        let place = other.directory.replacing("https://", with: "").replacing(":", with: "_").replacing("/", with: "_")
        try FileManager.default.moveItem(atPath: store + "/" + folders[0], toPath: store + "/" + place)
        try FileManager.default.removeItem(atPath: store + "/" + place + "/certificates")
        var moved = request
        moved.directory = other.directory
        moved.authorities = other.authorities
        let second = await start([moved])
        _ = try await hooks.waitForInstall(.issued, count: 2)
        #expect(hooks.state.value.status?.failed == 0)
        await second.stop()
    }

    @Test("a name that cannot be proven: the authority's reason is said, and it is tried again later")
    func unprovable() async throws {
        let pebble = try Pebble(http: 9)
        let manager = await start([request(["nobody.example.com"], pebble)])
        let state = hooks.state
        let status = await offPool { state.wait(.seconds(20)) { $0.status?.lastError == nil ? nil : $0.status } }
        let failed = try #require(status)
        #expect(try #require(failed.lastError).contains("nobody.example.com could not be proven"))
        #expect(failed.origin == .selfMade && failed.failed == 1)
        #expect(try #require(failed.nextTry) - (try #require(failed.lastFailure)) >= 54)
        await manager.stop()
        #expect(hooks.state.value.answers.isEmpty)
    }

    private func openssl(_ identity: PEMIdentity, _ options: String...) throws -> String {
        let path = try folder.write(String(decoding: identity.certificates, as: UTF8.self), to: "shown.pem")
        let (exit, output, errors) = try ChildProcess.run("openssl", ["x509", "-in", path, "-noout"] + options)
        if exit != .code(0) { throw TestFailure(errors) }
        return output
    }
}
