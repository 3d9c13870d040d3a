// The user's command for DNS records.
import Foundation
import MartletTestSupport
import Testing

@testable import MartletCertificates

struct HookCommandTests {
    private let folder: TestFolder

    init() throws { folder = try TestFolder() }

    @Test("it gets its own arguments and ours, and nothing to read")
    func arguments() async throws {
        let script = try folder.script("cat > \(folder.path("in")); echo \"$@\" > \(folder.path("out"))", named: "hook")
        try await HookCommand([script, "--zone", "x y"]).run(["present", "_acme-challenge.a.test", "value"])
        #expect(folder.read("out") == "--zone x y present _acme-challenge.a.test value\n" && folder.read("in") == "")
    }

    @Test("a failure is told with its code, and what it wrote to its standard error")
    func failure() async throws {
        let script = try folder.script("echo 'no such zone' >&2; exit 3", named: "hook")
        let error = await #expect(throws: AcmeError.self) { try await HookCommand([script]).run(["present"]) }
        #expect(error?.description == "the hook \(script) ended with 3; it said: no such zone")
    }

    @Test("one that takes too long is killed")
    func limit() async throws {
        let script = try folder.script("echo waiting >&2; exec sleep 100000", named: "hook")
        // Tasks may wait long for their turn beside tests that block: how long it takes says nothing.
        let error = await #expect(throws: AcmeError.self) {
            try await HookCommand([script], limit: .milliseconds(500)).run(["present"])
        }
        #expect(try #require(error).description.contains("had not ended after 0.5 seconds and was killed"))
    }

    @Test("cancelling kills it")
    func cancelling() async throws {
        let script = try folder.script("exec sleep 100000", named: "hook")
        let task = Task { try await HookCommand([script]).run(["present"]) }
        task.cancel()
        let result = await task.result
        #expect(throws: CancellationError.self) { try result.get() }
    }

    @Test("one that is not there is told, by path and by name", arguments: ["/no/such/hook", "no-such-hook-anywhere"])
    func missing(program: String) async throws {
        let error = await #expect(throws: AcmeError.self) { try await HookCommand([program]).run(["present"]) }
        #expect(try #require(error).description.contains("the hook \(program)"))
    }
}
