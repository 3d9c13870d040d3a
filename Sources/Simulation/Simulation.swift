// A discrete-event simulation of proxies and servers, over the very code that chooses servers.
import Glibc
import MartletBalancing

/// One scenario with one policy.
package struct Simulation {
    /// A proxy: what it knows, and how it chooses.
    private struct Proxy {
        let loads: ServerLoads
        var chooser: Chooser
        var last = -1
        var repeats = 0
    }

    private struct Request: BitwiseCopyable {
        let start: UInt64
        let proxy: Int
        var server = -1
        var isFailure = false
    }

    private let scenario: Scenario
    private let kind: PolicyKind
    private var chance: Chance
    private var events = EventQueue()
    private var now: UInt64 = 0
    private var proxies: [Proxy] = []
    private var servers: [SimulatedServer]
    private var requests: [Request] = []
    private var times: [UInt64] = []
    private var failures = 0

    /// Runs the scenario. The same seed gives the same requests for each policy.
    package static func run(_ scenario: Scenario, _ kind: PolicyKind, seed: UInt64 = 1) -> Outcome {
        var simulation = Simulation(scenario, kind, seed: seed)
        return simulation.run()
    }

    private init(_ scenario: Scenario, _ kind: PolicyKind, seed: UInt64) {
        self.scenario = scenario
        self.kind = kind
        chance = Chance(seed: seed)
        servers = scenario.servers.map(SimulatedServer.init)
        for proxy in 0..<scenario.proxies {
            proxies.append(
                Proxy(
                    loads: ServerLoads(servers: servers.count),
                    chooser: Chooser(kind, Self.roster(scenario, kind, at: 0), seed: seed &+ UInt64(proxy) &* 977)))
        }
    }

    /// Who has joined.
    private static func roster(_ scenario: Scenario, _ kind: PolicyKind, at time: UInt64) -> Roster {
        let present = scenario.servers.indices.filter { scenario.servers[$0].joins <= time }
        return Roster(present.map { Candidate(server: UInt32($0)) }, for: kind)
    }

    private mutating func run() -> Outcome {
        events.add(.arrival, at: 0)
        for server in scenario.servers where server.joins != 0 { events.add(.join, at: server.joins) }
        while let (time, event) = events.next() {
            now = time
            switch event {
            case .arrival: arrive()
            case .finish(let server, let request): finish(server, request)
            case .join:
                for index in proxies.indices { proxies[index].chooser.update(Self.roster(scenario, kind, at: now)) }
            }
        }
        return Outcome(
            times: times.sorted(), failures: failures, requests: servers.map(\.requests), busy: servers.map(\.busy),
            longestQueue: servers.map(\.longestQueue).max() ?? 0,
            repeats: Double(proxies.map(\.repeats).reduce(0, +)) / Double(requests.count),
            looks: Double(proxies.map(\.chooser.looks).reduce(0, +)) / Double(requests.count))
    }

    /// A request comes to one of the proxies: a Poisson process.
    private mutating func arrive() {
        let proxy = Chance.place(chance.next(), below: proxies.count)
        let id = requests.count
        requests.append(Request(start: now, proxy: proxy))
        if requests.count < scenario.requests {
            events.add(.arrival, at: now + UInt64(-log(1 - chance.fraction()) / scenario.rate))
        }
        var question = Question(now: now)
        question.key = UInt64(Chance.place(chance.next(), below: 10_000))
        guard case .server(let server) = proxies[proxy].chooser.choose(question, proxies[proxy].loads) else { return }
        _ = proxies[proxy].loads.begin(server)
        if proxies[proxy].last == server { proxies[proxy].repeats += 1 }
        proxies[proxy].last = server
        requests[id].server = server
        if let fails = servers[server].plan.fails, fails.contains(now) {
            requests[id].isFailure = true
            events.add(.finish(server: server, request: id), at: now + scenario.failureTime)
        } else if servers[server].take(id) {
            work(server, id)
        }
    }

    private mutating func work(_ server: Int, _ request: Int) {
        let time = scenario.service.draw(&chance) * servers[server].plan.slowness(at: now)
        servers[server].count(time)
        events.add(.finish(server: server, request: request), at: now + UInt64(time))
    }

    private mutating func finish(_ server: Int, _ id: Int) {
        let request = requests[id]
        let time = now - request.start
        let loads = proxies[request.proxy].loads
        loads.end(server)
        let isCounted = id >= scenario.requests / 10
        if request.isFailure {
            loads.observeFailure(server, elapsed: time, now: now)
            if isCounted { failures += 1 }
            return
        }
        loads.observe(latency: time, server, now: now)
        if isCounted { times.append(time) }
        if let next = servers[server].finish() { work(server, next) }
    }
}
