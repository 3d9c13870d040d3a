// queue: requests wait for a server.
import Glibc
import MartletTestSupport
import Testing

@Suite(.timeLimit(.minutes(20))) struct QueueTests {
    /// A fleet whose servers take one request at a time.
    private static func config(_ fleet: Fleet, workers: Int = 1, _ lines: [String]) -> String {
        let servers = fleet.addresses.map { Configs.server($0, "maxInFlight: 1") }
        return Configs.balanced(servers, workers: workers, lines)
    }

    private func expectRefusal(_ answer: HTTPResponse) {
        #expect(answer.status == 503)
        #expect(Int(answer["Retry-After"] ?? "") ?? 0 >= 1)
    }

    @Test(arguments: [0, 2])
    func beyondItsSizeRequestsAreRefused(size: Int) throws {
        let fleet = try Fleet(1)
        try withBalanced(Self.config(fleet, ["queue: {size: \(size)}"])) { martlet in
            var clients = try fleet.hold(1, at: martlet)
            for number in 0..<size {
                clients.append(try martlet.begin("GET /\(number)"))
                try martlet.waitForMetric("martlet_queue_waiting", Double(number + 1))
            }
            expectRefusal(try martlet.request("GET /beyond"))
            #expect(try martlet.metrics["martlet_queue_overflows_total"] == 1)
            fleet.release()
            for client in clients { #expect(try client.readResponse().status == 200) }
            try martlet.waitForMetric("martlet_queue_waiting", 0)
        }
    }

    @Test(arguments: ["maxInFlight", "breaker"])
    func saturatedTimeoutIsHowLongTheyWait(limit: String) throws {
        let fleet = try Fleet(1)
        let lines = ["queue: {saturatedTimeout: 150ms, noServerTimeout: 1h}", "breaker: {requests: 1}"]
        let config =
            limit == "breaker" ? Configs.balanced(fleet.addresses, lines) : Self.config(fleet, Array(lines.prefix(1)))
        try withBalanced(config) { martlet in
            let held = try fleet.hold(1, at: martlet)
            let start = ContinuousClock.now
            expectRefusal(try martlet.request("GET /"))
            #expect(ContinuousClock.now - start >= .milliseconds(145))
            #expect(try martlet.metrics["martlet_queue_timeouts_total"] == 1)
            fleet.release()
            #expect(try held[0].readResponse().status == 200)
            #expect(try martlet.request("GET /").status == 200)
        }
    }

    /// `gone`: nobody listens. `out`: the operator has taken it out.
    @Test(arguments: ["gone", "out"], [0, 150])
    func noServerTimeoutIsHowLongTheyWait(what: String, time: Int) throws {
        let fleet = try Fleet(1)
        if what == "gone" { fleet.origins[0].server.stop() }
        let servers = [Configs.server(fleet.addresses[0], what == "gone" ? "weight: 1" : "state: maintenance")]
        let lines = ["queue: {noServerTimeout: \(time == 0 ? "0s" : "\(time)ms"), saturatedTimeout: 1h}"]
        try withBalanced(Configs.balanced(servers, lines)) { martlet in
            let start = ContinuousClock.now
            let answer = try martlet.request("POST /", content: "abc")
            #expect(ContinuousClock.now - start >= .milliseconds(max(time - 5, 0)))
            if what == "gone" && time == 0 { return #expect(answer.status == 502) }
            expectRefusal(answer)
        }
    }

    /// All servers are gone, and one comes back: nobody has noticed but for the time.
    @Test(arguments: [1, 2])
    func aServerThatComesBackServesThoseWhoWait(workers: Int) throws {
        let place = try ReservedPort()
        let config = Configs.balanced(["127.0.0.1:\(place.port)"], workers: workers)
        try withBalanced(config) { martlet in
            let clients = try (0..<10).map { try martlet.begin("POST /\($0)", content: "\($0)") }
            try martlet.waitForMetric("martlet_queue_waiting", 10)
            let server = try ScriptedServer(on: place) { socket, _ in
                while let request = try socket.readRequest() { try socket.send(response(200, request.text)) }
            }
            for (number, client) in clients.enumerated() { #expect(try client.readResponse().text == "\(number)") }
            #expect(server.connectionCount >= 1)
            #expect(try martlet.metrics["martlet_queue_timeouts_total"] == 0)
        }
    }

    /// Over loops as well; there those of one priority may change places if they came within some milliseconds.
    @Test(arguments: [1, 2])
    func routesOfHighPriorityComeFirst(workers: Int) throws {
        let fleet = try Fleet(1) { _, request in response(200, request.target) }
        let routes = """
            routes:
              - {path: /low, upstream: app, priority: low}
              - {path: /high, upstream: app, priority: high}
              - {upstream: app}
            """
        let config = Self.config(fleet, workers: workers, []).replacing("routes: [{upstream: app}]", with: routes)
        try withBalanced(config) { martlet in
            var clients = try fleet.hold(1, at: martlet)
            // Each waits behind the one before it, as far as its class allows.
            for (number, path) in ["/low", "/normal/1", "/normal/2", "/high"].enumerated() {
                clients.append(try martlet.begin("GET " + path))
                try martlet.waitForMetric("martlet_queue_waiting", Double(number + 1))
            }
            fleet.release()
            for client in clients { #expect(try client.readResponse().status == 200) }
            let targets = fleet.origins[0].requests.map(\.target)
            #expect(targets.first == "/hold" && targets.dropFirst().first == "/high" && targets.last == "/low")
            #expect(workers > 1 || targets == ["/hold", "/high", "/normal/1", "/normal/2", "/low"])
        }
    }

    @Test func aClientThatLeavesLeavesTheQueue() throws {
        let fleet = try Fleet(1)
        try withBalanced(Self.config(fleet, ["queue: {size: 1}"])) { martlet in
            let held = try fleet.hold(1, at: martlet)
            let leaving = try martlet.begin("GET /leaving")
            try martlet.waitForMetric("martlet_queue_waiting", 1)
            leaving.reset()
            try martlet.waitForMetric("martlet_queue_waiting", 0)
            // Its place is free.
            let next = try martlet.begin("GET /next")
            try martlet.waitForMetric("martlet_queue_waiting", 1)
            fleet.release()
            #expect(try held[0].readResponse().status == 200 && next.readResponse().status == 200)
            #expect(!fleet.origins[0].requests.contains { $0.target == "/leaving" })
        }
    }

    /// Whoever waits is answered, not cut.
    @Test func aStopAnswersThoseWhoWait() throws {
        let fleet = try Fleet(1)
        let config = Self.config(fleet, []) + "\ntimeouts: {drain: 0s}\n"
        let martlet = try RunningMartlet(config)
        let held = try fleet.hold(1, at: martlet)
        let clients = try (0..<3).map { try martlet.begin("GET /\($0)") }
        try martlet.waitForMetric("martlet_queue_waiting", 3)
        martlet.process.signal(SIGTERM)
        for client in clients + held { expectRefusal(try client.readResponse()) }
        #expect(try martlet.process.wait() == .code(0))
    }
}
