import MartletProxy
import MartletProxyConfig
import MartletTelemetry
import Testing

@testable import MartletControl

/// Which names have blocks of counters.
@Suite struct MetricScopesTests {
    private let scopes = MetricScopes(MetricsLayout(servers: 0, routes: 2), loops: 2)

    private func count(_ block: Int) {
        for loop in scopes.loops {
            loop.count(ExchangeEnding(status: 200, microseconds: 5, hasFailed: false), .route, block)
        }
    }

    private func read(_ block: Int) -> UInt64 {
        var snapshot = MetricsSnapshot(of: scopes.loops)
        scopes.settle(&snapshot)
        return snapshot.read(.responses2xx, .route, block)
    }

    @Test func aNameKeepsItsBlock() {
        let first = scopes.assign(["a", "b"], .route)
        #expect(Set(first.blocks) == [Scope.reserved, Scope.reserved + 1] && first.beyond == 0)
        let second = scopes.assign(["b", "a", "b"], .route)
        #expect(second.blocks == [first.blocks[1], first.blocks[0], first.blocks[1]])
        #expect(second.entries.map(\.name) == ["b", "a"])
    }

    @Test func thoseBeyondAreCountedTogether() {
        let given = scopes.assign(["a", "b", "c", "d", "c"], .route)
        #expect(given.blocks[2...] == [Scope.other, Scope.other, Scope.other])
        #expect(given.beyond == 2 && given.entries.map(\.name) == ["a", "b"])
    }

    @Test func whoeverAsksForTheSameAgainIsGivenTheSame() {
        for names in [["a", "b", "c", "b"], ["c", "a", "b", "b"], ["c", "a"]] {
            let given = scopes.assign(names, .route)
            let again = scopes.assign(names, .route)
            #expect(given.blocks == again.blocks && given.entries == again.entries && given.beyond == again.beyond)
        }
    }

    /// A new name begins at zero, and the old one shows no more.
    @Test func aBlockThatIsNotUsedAnyMoreIsForANewName() {
        let before = scopes.assign(["a", "b"], .route)
        for block in before.blocks { count(block) }
        let after = scopes.assign(["b", "c"], .route)
        #expect(after.blocks == [before.blocks[1], before.blocks[0]] && after.beyond == 0)
        #expect(read(after.blocks[0]) == 2 && read(after.blocks[1]) == 0)
        count(after.blocks[1])
        #expect(read(after.blocks[1]) == 2)
        // One that comes back finds no room, as both others are there.
        #expect(scopes.assign(["b", "c", "a"], .route).beyond == 1)
    }

    @Test func namedRoutesComeFirst() throws {
        let yaml = """
            listeners: [{address: ":1", name: web}]
            metrics: {routes: 1}
            routes: [{path: /a, upstream: u}, {path: /b, name: b, upstream: u}, {host: h.test, upstream: u}]
            upstreams: {u: {servers: ["127.0.0.1:2"]}}
            """
        let configuration = try ConfigurationLoader.parse(yaml, file: "test")
        let scopes = MetricScopes(MetricsLayout(configuration, servers: 1), loops: 1)
        let model = scopes.label(try ModelCompiler.compile(configuration, loops: 1))
        #expect(model.names.map(\.text) == ["/a", "b", "h.test/*"])
        #expect(model.targets.map { Int($0.counters) } == [Scope.other, Scope.reserved, Scope.other])
        #expect(model.labels[.route].map(\.name) == ["b"] && model.labels.beyond(.route) == 2)
        #expect(model.labels[.listener].map(\.name) == ["web"] && Int(model.listeners[0].counters) == Scope.reserved)
        #expect(model.labels[.upstream].map(\.name) == ["u"] && Int(model.upstreams[0].counters) == Scope.reserved)
    }
}
