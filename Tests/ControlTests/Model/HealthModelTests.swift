import MartletBalancing
import MartletProxy
import MartletProxyConfig
import Testing

@testable import MartletControl

/// How an upstream of the config is watched and answered for.
@Suite struct HealthModelTests {
    private func compile(_ upstreams: String) throws -> Model {
        let text = "listeners: [{address: ':1'}]\nroutes: [{upstream: a}]\nupstreams: {\(upstreams)}"
        return try ModelCompiler.compile(ConfigurationLoader.parse(text, file: "test"), loops: 1)
    }

    private func upstream(_ keys: String) throws -> UpstreamModel {
        try compile("a: {servers: ['127.0.0.1:1'], \(keys)}").upstreams[0]
    }

    @Test func theDefaultsOfTheConfigAreThoseOfTheKeeper() throws {
        let model = try compile("a: {servers: ['127.0.0.1:1', 'b.test:2']}")
        var settings = UpstreamHealthSettings()
        settings.servers = ["127.0.0.1:1", "b.test:2"].enumerated().map {
            ServerFacts(server: $0, identity: Candidate.identity(of: $1))
        }
        settings.servers[1].isNamed = true
        #expect(model.upstreams[0].health == settings)
        #expect(model.servers.map(\.connectionLimit) == [.max, .max])
        #expect(try upstream("check: {}").health.check == CheckSettings())
        #expect(try upstream("agent: {port: 7}").health.agent == AgentSettings(port: 7))
        var hedge = HedgeSettings()
        hedge.percentile = 990
        #expect(try "\(upstream("hedge: {}").settings.hedge)" == "\(hedge)")
    }

    @Test func serversHaveTheirFacts() throws {
        let model = try compile(
            """
            a: {servers: ['127.0.0.1:1']},
            b: {servers: ['127.0.0.1:1', {address: '127.0.0.1:2', weight: 7, backup: true, state: draining,
              maxInFlight: 9, maxConnections: 11}, {address: '127.0.0.1:3', state: maintenance}]}
            """)
        var facts = ServerFacts(server: 2, identity: Candidate.identity(of: "127.0.0.1:2"))
        (facts.weight, facts.isBackup, facts.state, facts.inFlightLimit) = (7, true, .draining, 9)
        let health = model.upstreams[1].health
        #expect(health.servers.map(\.server) == [1, 2, 3])
        #expect(health.servers[1] == facts)
        #expect(health.servers[2].state == .maintenance)
        #expect(model.servers.map(\.connectionLimit) == [.max, .max, 11, .max])
        // The same server in two upstreams is the same for keys.
        #expect(health.servers[0].identity == model.upstreams[0].health.servers[0].identity)
    }

    @Test(
        arguments: [
            ("least-busy", .leastBusy), ("least-request", .leastRequest), ("round-robin", .roundRobin),
            ("random", .random), ("first", .first), ("hash", .hash(bound: 125)),
            ("hash, hash: path", .hash(bound: 125)),
            ("hash, hash: {bound: off}", .hash(bound: 0)), ("hash, hash: {bound: 200%}", .hash(bound: 200)),
        ] as [(String, PolicyKind)])
    func balanceIsAPolicy(text: String, policy: PolicyKind) throws {
        #expect(try upstream("balance: \(text)").health.policy == policy)
    }

    @Test func whatIsOffIsOff() throws {
        let off = try upstream(
            """
            ejection: off, retry: off, hedge: off, drainTimeout: off, check: off, agent: off, sticky: off,
            stallTimeout: off
            """)
        #expect(off.health.ejection.maxEjected == 0)
        #expect(off.settings.retry.attempts == 1)
        #expect(off.settings.hedge.percentile == 0)
        #expect(off.settings.stallTime == 0)
        #expect(off.health.drainTime == 0)
        #expect(off.health.check == nil && off.health.agent == nil)
        #expect(off.affinity.sticky == nil)
        let parts = try upstream("ejection: {connectionFailures: off, serverErrors: off, failureRate: off}").health
        #expect(parts.ejection.connectionFailures == 0)
        #expect(parts.ejection.serverErrors == 0)
        #expect(parts.ejection.failureRate == 0)
        #expect(parts.ejection.maxEjected == 50)
    }

    @Test func checksAreMadeAsWritten() throws {
        let check = try upstream(
            """
            check: {method: OPTIONS, path: '/a?b', host: 'x.test:8080', fields: {X-A: '1', X-B: b c}, statuses: 204,
              contains: c, prefix: p, port: 9, jitter: 0%, before: down}
            """
        ).health.check
        var expected = CheckSettings()
        var http = HTTPCheck()
        (http.method, http.path, http.host) = ("OPTIONS", "/a?b", "x.test:8080")
        http.fields = [("X-A", "1"), ("X-B", "b c")]
        (http.statuses, http.contains, http.prefix) = (204...204, "c", "p")
        (expected.kind, expected.port, expected.jitter, expected.isUpBeforeFirst) = (.http(http), 9, 0, false)
        #expect(check == expected)
        #expect(try upstream("check: {kind: tcp}").health.check?.kind == .tcp)
        #expect(try upstream("check: {kind: grpc}").health.check?.kind == .grpc(GRPCCheck()))
        var call = GRPCCheck()
        (call.service, call.host, call.fields) = ("a.B", "x.test", [("X-A", "1")])
        let written = "check: {kind: grpc, service: a.B, host: x.test, fields: {X-A: '1'}}"
        #expect(try upstream(written).health.check?.kind == .grpc(call))
    }

    @Test func statusesAreTakenOneByOne() throws {
        let statuses = try upstream("retry: {statuses: [429, 500-504]}").settings.retry.statuses
        #expect((400..<600).filter(statuses.contains) == [429, 500, 501, 502, 503, 504])
        #expect(try upstream("retry: {statuses: []}").settings.retry.statuses == StatusSet())
    }

    @Test func percentilesAreTenths() throws {
        #expect(try upstream("hedge: {percentile: 99.9}").settings.hedge.percentile == 999)
        #expect(try upstream("hedge: {percentile: 50}").settings.hedge.percentile == 500)
        #expect(try upstream("hedge: {percentile: 97.3}").settings.hedge.percentile == 973)
    }

    @Test func routesHaveTheirPriority() throws {
        let text = """
            listeners: [{address: ':1'}]
            routes: [{upstream: a}, {path: /h, upstream: a, priority: high}, {path: /l, upstream: a, priority: low}]
            upstreams: {a: {servers: ['127.0.0.1:1']}}
            """
        let model = try ModelCompiler.compile(ConfigurationLoader.parse(text, file: "test"), loops: 1)
        #expect(model.targets.map(\.priority) == [.normal, .high, .low])
    }
}
