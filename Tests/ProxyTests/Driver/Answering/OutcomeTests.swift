// What is noticed of servers: for the choice of the next one, and for whoever watches over them.
import MartletBalancing
import MartletEventLoop
import MartletTelemetry
import MartletTestSupport
import Testing

@testable import MartletProxy

@Suite struct OutcomeTests {
    @Test(arguments: [1, 2, 3])
    func serverErrorsAreTold(told: Int) throws {
        let watch = Watch()
        let server = try ScriptedServer.answering(Responses.named("x", status: 500))
        let proxy = try TestProxy(
            ProxySetup(server).with {
                $0.health.ejection.serverErrors = told
                $0.watch = watch
            })
        for _ in 0..<6 { #expect(try proxy.answer().status == 500) }
        try proxy.end(server)
        let counts = (1...6).filter { $0 % told == 0 }
        #expect(watch.notices == counts.map { .failures(server: 0, .server, inARow: $0) })
    }

    @Test func lostConnectionsAreTold() throws {
        let watch = Watch()
        let dead = try ReservedPort()
        let proxy = try TestProxy(
            ProxySetup([ServerModel(port: dead.port)]).with {
                $0.health.ejection.connectionFailures = 3
                $0.watch = watch
            })
        for _ in 0..<2 { #expect(try proxy.answer().status == 502) }
        try proxy.end()
        #expect(watch.notices == [3, 6].map { .failures(server: 0, .connection, inARow: $0) })
    }

    /// An answer in between, and failures in a row begin anew.
    @Test func onlyFailuresInARowCount() throws {
        let watch = Watch()
        let server = try ScriptedServer { socket, _ in
            while let request = try socket.readRequest() {
                try socket.send(Responses.named("x", status: request.target == "/bad" ? 500 : 200))
            }
        }
        let proxy = try TestProxy(
            ProxySetup(server).with {
                $0.health.ejection.serverErrors = 2
                $0.watch = watch
            })
        for target in ["/bad", "/", "/bad", "/", "/bad", "/bad"] { _ = try proxy.answer(to: Requests.get(target)) }
        try proxy.end(server)
        #expect(watch.notices == [.failures(server: 0, .server, inARow: 2)])
        #expect(proxy.balance.loads.outcomes(0) == (2, 4))
    }

    @Test func nobodyIsToldWhenThatIsOff() throws {
        let watch = Watch()
        let server = try ScriptedServer.answering(Responses.named("x", status: 500))
        let proxy = try TestProxy(
            ProxySetup(server).with {
                $0.health.ejection.serverErrors = 0
                $0.watch = watch
            })
        for _ in 0..<4 { #expect(try proxy.answer().status == 500) }
        try proxy.end(server)
        #expect(watch.notices.isEmpty)
    }

    // MARK: Probation

    /// The server on probation has number 0; whoever else asks is answered by 1.
    private func withProbation(
        _ script: @escaping @Sendable (TestSocket) throws -> Void,
        _ change: (inout ProxySetup) -> Void = { _ in }, _ body: (TestProxy, Watch) throws -> Void
    ) throws {
        let watch = Watch()
        let first = try ScriptedServer { socket, _ in while try socket.readRequest() != nil { try script(socket) } }
        let second = try ScriptedServer.answering(Responses.named("second"))
        var setup = ProxySetup(first, second).inOrder.with { $0.watch = watch }
        change(&setup)
        let proxy = try TestProxy(setup)
        try proxy.tell(.roster(upstream: 0, setup.roster([1], probation: [0])))
        #expect(try proxy.answer().text == "second", "the probation is not open yet")
        proxy.balance.loads.setProbation(0, .open)
        try body(proxy, watch)
        try proxy.end(first, second)
    }

    @Test func oneExchangeMayTry() throws {
        try withProbation({ try $0.send(Responses.named("first")) }) { proxy, watch in
            let answers = try (0..<3).map { _ in try proxy.answer().text }
            #expect(answers == ["first", "second", "second"])
            #expect(watch.notices == [.probation(server: 0, passed: true)])
        }
    }

    /// Whatever the one exchange meets, another server answers it.
    @Test(arguments: ["reset", "503", "garbage"])
    func theOneExchangeIsAnsweredAllTheSame(fault: String) throws {
        try withProbation({
            switch fault {
            case "reset": $0.reset()
            case "503": try $0.send(Responses.named("first", status: 503))
            default: try $0.send("garbage\r\n\r\n")
            }
        }) { proxy, watch in
            let answers = try (0..<2).map { _ in try proxy.answer().text }
            #expect(answers == ["second", "second"])
            #expect(watch.notices == [.probation(server: 0, passed: false)])
        }
    }

    /// What could not be sent again is not what a server is tried with.
    @Test(arguments: [
        Requests.post(length: 2) + "hi",
        Requests.put(length: 200_000) + String(repeating: "x", count: 200_000),
    ])
    func notEveryRequestMayTry(request: String) throws {
        try withProbation({ try $0.send(Responses.named("first")) }) { proxy, watch in
            let answer = try proxy.answer(to: request)
            #expect(answer.text == "second" && watch.notices.isEmpty)
        }
    }

    /// The client leaves: that says nothing of the server, and the next exchange may try.
    @Test func theNextMayTryWhenTheClientLeaves() throws {
        let gate = Gate()
        try withProbation({
            try gate.wait()
            try $0.send(Responses.named("first"))
        }) { proxy, watch in
            let client = try proxy.asking()
            try proxy.wait("the request at the server") { _ in proxy.metrics.read(.inFlight, server: 0) == 1 }
            client.reset()
            try proxy.wait("the client's end") { _ in proxy.metrics.read(.exchangesActive) == 0 }
            gate.open()
            let answers = try (0..<2).map { _ in try proxy.answer().text }
            #expect(answers == ["first", "second"])
            #expect(watch.notices == [.probation(server: 0, passed: true)])
        }
    }

    // MARK: What servers say of themselves

    @Test(
        arguments: [("TEXT cpu_utilization=0.5", 500), ("cpu_utilization=0.25", 250), ("nonsense", nil)]
            as [(String, UInt32?)])
    func loadReportsAreNotedAndNotPassedOn(report: String, utilisation: UInt32?) throws {
        let server = try ScriptedServer.answering(
            Responses.named("x", "endpoint-load-metrics: \(report)", "X-Other: y"))
        let proxy = try TestProxy(ProxySetup(server))
        let answer = try proxy.answer()
        #expect(answer["endpoint-load-metrics"] == nil && answer["X-Other"] == "y")
        #expect(proxy.balance.loads.utilisation(0, now: 0) == utilisation)
        try proxy.end(server)
    }

    /// The status, Retry-After, and whether the server is left alone, and for how many seconds at most.
    @Test(
        arguments: [
            (503, "5", 5), (429, "5", 5), (500, "1", 1), (200, "5", nil), (404, "5", nil), (503, "100000", 60),
            (503, "soon", nil),
            (503, "-1", nil), (503, "", nil),
        ] as [(Int, String, UInt64?)])
    func serversThatAskForItAreLeftAlone(status: Int, time: String, seconds: UInt64?) throws {
        let server = try ScriptedServer.answering(Responses.named("x", status: status, "Retry-After: \(time)"))
        let proxy = try TestProxy(ProxySetup(server).with { $0.upstream.retry.statuses = StatusSet() })
        let before = Host.monotonicNanoseconds()
        let answer = try proxy.answer()
        #expect(answer.status == status && answer["Retry-After"] == time)
        let loads = proxy.balance.loads
        #expect(loads.isAvoided(0, now: before) == (seconds != nil))
        if let seconds {
            #expect(loads.isAvoided(0, now: before + seconds * 1_000_000_000 - 1))
            #expect(!loads.isAvoided(0, now: before + (seconds + 9) * 1_000_000_000))
        }
        try proxy.end(server)
    }
}
