import MartletHTTPCore
import MartletProxyConfig
import Testing

@testable import MartletControl

/// Changes of servers while another process is to take over.
@Suite struct RuntimeServersTests {
    private struct Source: ConfigurationSource {
        let loaded: Configuration
        let file = "test"
        func reload() async -> ApplyOutcome { ApplyOutcome(isInForce: true) }
        func reapply() async -> ApplyOutcome { ApplyOutcome(isInForce: true) }
    }

    private static let file = StateFile(configured: "/nonexistent/martlet/state.json")
    private let servers: RuntimeServers

    init() throws {
        servers = RuntimeServers(Self.file, log: .martlet(.error))
        servers.begin(Source(loaded: try ConfigurationLoader.parse(AdminStage.config, file: "test")))
    }

    private func order(_ port: Int) throws -> RuntimeServers.Order {
        let key = ServerOverlay.Key(upstream: "app", server: try ServerAddress(parsing: "127.0.0.1:\(port)"))
        return RuntimeServers.Order(key: key, kind: .add(ServerOverlay.Attributes()))
    }

    /// Whether work that was begun while it was held has ended.
    private func held(isOver: Bool) async throws -> Result<ServerOverlay.Attributes?, AdminProblem> {
        let order = try order(9)
        await servers.hold()
        return await withTaskGroup(of: Result<ServerOverlay.Attributes?, AdminProblem>?.self) { group in
            group.addTask { [servers] in await servers.perform(order) }
            // The first may have begun by now; it must not have ended.
            for _ in 0..<100 { await Task.yield() }
            #expect(servers.live.entries.isEmpty)
            servers.release(isOver: isOver)
            return await (group.next() ?? nil) ?? .failure(AdminProblem(500, ""))
        }
    }

    @Test func whoWaitsGoesOnWhenNothingHasChanged() async throws {
        guard case .success = try await held(isOver: false) else {
            Issue.record("it was refused")
            return
        }
        #expect(servers.live.entries.count == 1)
        guard case .success = await servers.perform(try order(10)) else {
            Issue.record("the next one was refused")
            return
        }
    }

    @Test func whoWaitsIsSentToTheNextProcess() async throws {
        for _ in 0..<2 {
            guard case .failure(let problem) = try await held(isOver: true) else {
                Issue.record("it was done")
                return
            }
            #expect(problem.status == 503 && problem.lines == "Retry-After: 1\r\n")
        }
    }

    @Test func whatWasInForceBeforeIsInForce() throws {
        var overlay = ServerOverlay()
        let key = try order(11).key
        let isSet = overlay.set(key, wanted: ServerOverlay.Attributes(), basis: nil)
        #expect(isSet)
        let next = RuntimeServers(Self.file, inherited: overlay, log: .martlet(.error))
        #expect(next.live == overlay && next.live[key] != nil)
        #expect(next.reset() && next.live.entries.isEmpty)
    }
}
