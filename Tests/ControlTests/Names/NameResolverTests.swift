import Logging
import MartletEventLoop
import MartletTelemetry
import MartletTestSupport
import Testing

@testable import MartletControl

/// What a resolver has told, and what the made-up resolver of the system shall say.
private struct World: Sendable {
    var changes: [Int: [[SocketAddress]]] = [:]
    var lookups: [String: Int] = [:]
    var log: [String] = []
    var answers: [String: [SocketAddress]] = [:]
    var areSlowOnesFree = false
}

@Suite(.timeLimit(.minutes(20))) struct NameResolverTests {
    private let world = Monitor(World())
    private let metrics = LoopMetrics(servers: 0)

    /// Names that begin with "slow" take until they are let go.
    private func resolver(_ hosts: [String], interval: Duration = .milliseconds(1)) -> NameResolver {
        let world = world
        let names = hosts.enumerated().map { index, host in
            ServerName(server: 10 + index, host: host, port: 80, interval: interval)
        }
        let log = Logger(label: "test") { _ in Keeper(world: world) }
        return NameResolver(
            names, log: log, metrics: metrics,
            lookUp: { (name) throws(LookupError) in
                world.change { $0.lookups[name.host, default: 0] += 1 }
                if name.host.hasPrefix("slow") { _ = world.wait { $0.areSlowOnesFree ? true : nil } }
                if let answer = world.value.answers[name.host] { return answer }
                throw LookupError(description: "there is no such name")
            },
            changed: { server, addresses in world.change { $0.changes[server, default: []].append(addresses) } })
    }

    private func waits(_ condition: (World) -> Bool) -> Bool { world.wait { condition($0) ? true : nil } ?? false }

    @Test func addressesAreToldAndToldAgainWhenTheyChange() throws {
        let (first, second) = (SocketAddress.loopback(port: 1), SocketAddress.loopback(port: 2))
        world.change { $0.answers = ["a": [first], "b": [second]] }
        let resolver = resolver(["a", "b"])
        try resolver.start()
        defer { resolver.stop() }
        #expect(waits { $0.changes == [10: [[first]], 11: [[second]]] })
        // Looking up the same again is no news.
        #expect(waits { $0.lookups["a", default: 0] > 3 && $0.lookups["b", default: 0] > 3 })
        #expect(world.value.changes[10] == [[first]])
        world.change { $0.answers["a"] = [first, second] }
        #expect(waits { $0.changes[10] == [[first], [first, second]] })
        #expect(world.value.changes[11] == [[second]])
    }

    @Test func slowAndBadNamesHoldUpNoOther() throws {
        world.change { $0.answers = ["good": [.loopback(port: 1)], "slow1": [.loopback(port: 2)]] }
        let resolver = resolver((1...7).map { "slow\($0)" } + ["bad", "good"])
        try resolver.start()
        #expect(waits { $0.changes[18] != nil && $0.lookups["bad", default: 0] > 1 })
        #expect(world.value.changes[10] == nil)
        world.change { $0.areSlowOnesFree = true }
        #expect(waits { $0.changes[10] != nil })
        resolver.stop()
    }

    @Test func aFailureIsLoggedOnceUntilItIsOver() throws {
        let resolver = resolver(["a"])
        try resolver.start()
        defer { resolver.stop() }
        #expect(waits { $0.lookups["a", default: 0] > 3 })
        let failure =
            "warning: server's name does not resolve; addresses known before stay in use a there is no such name"
        #expect(world.value.log == [failure])
        world.change { $0.answers["a"] = [.loopback(port: 1)] }
        #expect(waits { $0.log.count == 2 })
        #expect(world.value.log.last == "info: server's name resolved a")
        world.change { $0.answers["a"] = nil }
        #expect(waits { $0.log.count == 3 })
        #expect(world.value.log.last == failure)
        #expect(world.value.changes[10] == [[.loopback(port: 1)]], "a failure takes no address away")
    }

    @Test func lookupsAreCounted() throws {
        world.change { $0.answers = ["a": [.loopback(port: 1)]] }
        let resolver = resolver(["a", "b"], interval: .seconds(3_600))
        try resolver.start()
        #expect(waits { $0.changes[10] != nil && $0.log.count == 2 })
        resolver.stop()
        #expect(metrics.read(.lookupsDone) == 1)
        #expect(metrics.read(.lookupsFailed) == 1)
    }

    @Test func noNamesNeedNoThread() throws {
        let resolver = resolver([])
        try resolver.start()
        resolver.stop()
        #expect(world.value.lookups.isEmpty)
    }
}

/// Keeps what is logged.
private struct Keeper: LogHandler {
    let world: Monitor<World>
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.trace

    init(world: Monitor<World>) { self.world = world }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let words = ["name", "error"].compactMap { event.metadata?[$0].map { "\($0)" } }
        world.change { $0.log.append((["\(event.level): \(event.message)"] + words).joined(separator: " ")) }
    }
}
