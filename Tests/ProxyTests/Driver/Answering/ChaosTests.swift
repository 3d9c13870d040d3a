// Everything at once, and nothing is left of it.
import MartletBalancing
import MartletTelemetry
import MartletTestSupport
import Testing

@testable import MartletProxy

@Suite(.serialized) struct ChaosTests {
    private static let clients = 12
    private static let requests = 25

    private func setup(_ servers: [ScriptedServer], _ chaos: Chaos, _ watch: Watch) -> ProxySetup {
        var models = servers.map { ServerModel($0) }
        models[0] = ServerModel(name: models[0].name, addresses: models[0].addresses, connectionLimit: 4)
        return ProxySetup(models).with {
            $0.watch = watch
            $0.inFlightLimit = chaos.pick([2, 5, .max])
            $0.health.policy = chaos.pick([.leastBusy, .roundRobin, .first, .random])
            $0.health.ejection.connectionFailures = 2
            $0.upstream.responseTime = 3_000
            $0.upstream.retry.tryTime = chaos.pick([0, 20])
            $0.upstream.retry.pause = 1
            $0.upstream.retry.budgetFloor = chaos.pick([1, 1_000])
            $0.upstream.retry.bodyMemory = 16 << 10
            $0.upstream.retry.bodyFile = chaos.pick([0, 100_000])
            $0.upstream.hedge.percentile = chaos.pick([0, 500])
            $0.upstream.hedge.leastTime = 1
            $0.upstream.queue.size = chaos.pick([3, 100])
            $0.upstream.queue.saturatedTime = 2_000
            $0.upstream.queue.noServerTime = 500
            $0.upstream.breaker.connections = chaos.pick([6, .max])
            $0.upstream.breaker.requests = chaos.pick([6, .max])
            $0.upstream.breaker.retries = chaos.pick([2, .max])
            $0.upstream.maxIdle = 2
        }
    }

    /// Loops are told this and that of servers while they work.
    private func disturb(_ chaos: Chaos, _ setup: ProxySetup, _ proxies: [TestProxy]) {
        let members = chaos.pick([[0, 1, 2], [0, 1, 2], [0, 1], [1, 2], [0], []])
        let probation = chaos.number(0...2)
        let message: ProxyDriver.Message =
            switch chaos.number(0...9) {
            case 0: .serverDown(chaos.number(0...2))
            case 1: .cutServer(chaos.number(0...2))
            case 2: .serveWaiting
            case 3, 4: .roster(upstream: 0, setup.roster(members))
            case 5:
                .roster(
                    upstream: 0, setup.roster([0, 1, 2].filter { $0 != probation }, probation: [UInt32(probation)]))
            case 6: .roster(upstream: 0, setup.roster([0, 1, 2]))
            default: .resolved(server: 1, setup.servers[1].addresses)
            }
        for server in 0..<3 where chaos.number(0...3) == 0 { proxies[0].balance.loads.setProbation(server, .open) }
        for proxy in proxies { proxy.post(message) }
    }

    @Test(arguments: 1...6)
    func nothingIsLeft(seed: UInt64) throws {
        let chaos = Chaos(seed: seed)
        let watch = Watch()
        let servers = try (0..<3).map { _ in try ScriptedServer { socket, _ in try? chaos.serve(socket) } }
        let setup = setup(servers, chaos, watch)
        let group = try LoopGroup(setup, loops: 2)
        let proxies = try (0..<2).map { try TestProxy(setup, place: LoopPlace(group: group, number: $0)) }
        let threads = (0..<Self.clients).map { name in
            TestThread {
                chaos.ask(Self.requests, name: name, proxies) {
                    if chaos.number(0...9) == 0 { self.disturb(chaos, setup, proxies) }
                }
            }
        }
        for thread in threads { #expect(thread.join(.seconds(60))) }
        for server in servers { server.stop() }
        for proxy in proxies { try proxy.end() }
        let state = chaos.state.value
        #expect(state.complaints.isEmpty, "\(state.complaints)")
        #expect(state.posts.allSatisfy { $0.value == 1 }, "\(state.posts.filter { $0.value != 1 })")
        #expect(group.balance.counts(servers: 3, group.shared).isEmpty)
        #expect(state.answered > 50, "\(state.answered) answered, \(state.refused) refused")
    }
}
