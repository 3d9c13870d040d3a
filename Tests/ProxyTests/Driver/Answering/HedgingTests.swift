// A second server is asked before the first has answered.
import MartletBalancing
import MartletTelemetry
import MartletTestSupport
import Testing

@testable import MartletProxy

@Suite struct HedgingTests {
    /// How many responses a loop wants to have seen before it asks a second server.
    private static let learning = 100

    /// A proxy that knows how long its servers take: no time at all. From now on the first server answers when `gate` is
    /// open, and the second one does what `script` says.
    private func withHedging(
        _ change: (inout ProxySetup) -> Void = { _ in }, gate: Gate,
        second script: @escaping @Sendable (TestSocket) throws -> Void,
        _ body: (TestProxy, Received) throws -> Void
    ) throws {
        let received = Received()
        let first = try ScriptedServer { socket, _ in
            while let request = try socket.readRequest() {
                if request.target == "/learn" {
                    try socket.send(Responses.ok)
                    continue
                }
                received.append(request)
                try gate.wait()
                try socket.send(Responses.named("first"))
            }
        }
        let second = try ScriptedServer { socket, _ in
            while let request = try socket.readRequest() {
                received.append(request)
                try script(socket)
            }
        }
        var setup = ProxySetup(first, second).inOrder.with {
            $0.upstream.hedge.percentile = 990
            $0.upstream.hedge.leastTime = 1
        }
        change(&setup)
        let proxy = try TestProxy(setup)
        let client = try proxy.connect()
        for _ in 0..<Self.learning {
            try client.send(Requests.get("/learn"))
            _ = try client.readResponse()
        }
        client.close()
        try body(proxy, received)
        gate.open()
        try proxy.end(first, second)
    }

    @Test func theSecondServerMayBeSooner() throws {
        try withHedging(gate: Gate(), second: { try $0.send(Responses.named("second")) }) { proxy, received in
            let before = proxy.balance.loads.latency(0)
            let answer = try proxy.answer()
            #expect(answer.text == "second")
            #expect(proxy.metrics.read(.hedges) == 1 && proxy.metrics.read(.hedgesWon) == 1)
            #expect(received.requests.count == 2 && received.requests[0] == received.requests[1])
            // The first one is known to be slow now.
            #expect(proxy.balance.loads.latency(0) > before)
            // The next hedge goes to the connection that is idle now.
            let next = try proxy.answer()
            #expect(next.text == "second" && proxy.metrics.read(.hedgesWon) == 2)
        }
    }

    @Test func theFirstServerMayBeSooner() throws {
        let gate = Gate()
        try withHedging(gate: gate, second: { _ = try $0.receiveUntilGone() }) { proxy, received in
            let client = try proxy.asking()
            try received.wait(for: 2)
            gate.open()
            #expect(try client.readResponse().text == "first")
            client.close()
            #expect(proxy.metrics.read(.hedges) == 1 && proxy.metrics.read(.hedgesWon) == 0)
        }
    }

    @Test(arguments: [true, false])
    func aHedgeThatFailsIsForgotten(isReset: Bool) throws {
        let gate = Gate()
        try withHedging(gate: gate, second: { if isReset { $0.reset() } else { $0.shutdownBoth() } }) {
            proxy, received in
            let client = try proxy.asking()
            try received.wait(for: 2)
            try proxy.wait("the end of the hedge") { _ in proxy.metrics.read(.inFlight, server: 1) == 0 }
            gate.open()
            #expect(try client.readResponse().text == "first")
            client.close()
            #expect(proxy.metrics.read(.hedgesWon) == 0 && proxy.balance.loads.outcomes(1).failures == 1)
        }
    }

    @Test func aHedgeThatCannotConnectIsForgotten() throws {
        let (gate, dead) = (Gate(), try ReservedPort())
        try withHedging({ $0.servers[1] = ServerModel(port: dead.port) }, gate: gate, second: { _ in }) { proxy, _ in
            let client = try proxy.asking()
            try proxy.wait(for: .connectFailures, 1)
            gate.open()
            #expect(try client.readResponse().text == "first")
            client.close()
            #expect(proxy.metrics.read(.hedges) == 1)
        }
    }

    /// The first server fails while the second is asked already: no further try is needed.
    @Test func theHedgeTakesOverWhenTheFirstFails() throws {
        let (isAsked, gate) = (Gate(), Gate())
        let dropped = try ScriptedServer { socket, _ in
            while let request = try socket.readRequest() {
                if request.target == "/learn" {
                    try socket.send(Responses.ok)
                    continue
                }
                try isAsked.wait()
                return socket.reset()
            }
        }
        try withHedging(
            { $0.servers[0] = ServerModel(dropped) }, gate: gate,
            second: {
                isAsked.open()
                try gate.wait()
                try $0.send(Responses.named("second"))
            }
        ) { proxy, received in
            let client = try proxy.asking()
            try received.wait(for: 1)
            try proxy.wait(for: .hedgesWon, 1)
            gate.open()
            #expect(try client.readResponse().text == "second")
            client.close()
            dropped.stop()
            #expect(proxy.metrics.read(.retries) == 0)
        }
    }

    /// The first server is tried for the first time after it was ejected: what the second one does is not its doing.
    @Test func aHedgeSaysNothingOfAServerOnProbation() throws {
        let (gate, watch) = (Gate(), Watch())
        let servers = [Candidate(server: 1)]
        try withHedging({ $0.watch = watch }, gate: gate, second: { $0.reset() }) { proxy, received in
            try proxy.tell(.roster(upstream: 0, Roster(servers, probation: [0], for: .first)))
            proxy.balance.loads.setProbation(0, .open)
            let client = try proxy.asking()
            try received.wait(for: 2)
            try proxy.wait("the end of the hedge") { _ in proxy.metrics.read(.inFlight, server: 1) == 0 }
            #expect(watch.notices.isEmpty)
            gate.open()
            #expect(try client.readResponse().text == "first")
            client.close()
            #expect(watch.notices == [.probation(server: 0, passed: true)])
        }
    }

    /// Neither the budget nor the number of retries may be overdrawn.
    @Test(arguments: [true, false])
    func hedgesAreRetries(hasBudget: Bool) throws {
        let gate = Gate()
        try withHedging(
            {
                $0.upstream.retry.budgetPercent = 0
                $0.upstream.retry.budgetFloor = hasBudget ? 10 : 0
                $0.upstream.breaker.retries = hasBudget ? 0 : 10
            }, gate: gate, second: { try $0.send(Responses.ok) }
        ) { proxy, received in
            let client = try proxy.asking()
            try proxy.wait(for: .retriesRefused, 1)
            gate.open()
            #expect(try client.readResponse().text == "first")
            client.close()
            #expect(proxy.metrics.read(.hedges) == 0 && received.requests.count == 1)
        }
    }

    /// The other server has no room: the first one is not asked twice.
    @Test func theSameServerIsNotAskedTwice() throws {
        let gate = Gate()
        try withHedging({ $0.inFlightLimit = 2 }, gate: gate, second: { _ in try gate.wait() }) { proxy, received in
            for _ in 0..<2 { #expect(proxy.balance.loads.begin(1)) }
            let client = try proxy.asking()
            // A hedge would be due before this.
            let began = ContinuousClock.now
            try proxy.wait("some turns") { _ in
                proxy.post(.serveWaiting)
                return ContinuousClock.now - began > .milliseconds(100)
            }
            #expect(received.requests.count == 1 && proxy.metrics.read(.hedges) == 0)
            for _ in 0..<2 { proxy.balance.loads.end(1) }
            gate.open()
            #expect(try client.readResponse().text == "first")
            client.close()
        }
    }

    /// What must not be done twice is asked of one server alone, and so is what is not there to be copied.
    @Test(arguments: [
        Requests.post(length: 2) + "hi",
        Requests.put(length: 200_000) + String(repeating: "x", count: 200_000),
    ])
    func someRequestsAreNotHedged(request: String) throws {
        let gate = Gate()
        try withHedging(gate: gate, second: { try $0.send(Responses.ok) }) { proxy, received in
            let client = try proxy.asking(request)
            try received.wait(for: 1)
            gate.open()
            #expect(try client.readResponse().text == "first")
            client.close()
            #expect(proxy.metrics.read(.hedges) == 0)
        }
    }

    @Test func whoLeavesEndsBoth() throws {
        let gate = Gate()
        try withHedging(gate: gate, second: { _ = try $0.receiveUntilGone() }) { proxy, received in
            let client = try proxy.asking()
            try received.wait(for: 2)
            client.reset()
            try proxy.wait("the end of the exchange") { _ in proxy.metrics.read(.exchangesActive) == 0 }
            #expect(proxy.balance.loads.inFlight(0) == 0 && proxy.balance.loads.inFlight(1) == 0)
        }
    }

    /// With one try only, a hedge is possible all the same.
    @Test func withoutRetriesThereAreHedges() throws {
        try withHedging(
            { $0.upstream.retry.attempts = 1 }, gate: Gate(), second: { try $0.send(Responses.named("second")) }
        ) { proxy, _ in
            let answer = try proxy.answer()
            #expect(answer.text == "second")
        }
    }
}
