// Exchanges that wait for a server: in order, up to a number, up to a time.
import MartletBalancing
import MartletTelemetry
import MartletTestSupport
import Testing

@testable import MartletProxy

@Suite struct QueueTests {
    /// A proxy whose only server has a request already and may have no other, until `gate` is open.
    private func withBusyServer(
        _ change: (inout ProxySetup) -> Void = { _ in },
        _ body: (TestProxy, ScriptedServer, Received, Gate) throws -> Void
    ) throws {
        let (received, gate) = (Received(), Gate())
        let server = try ScriptedServer.noting(received, after: gate)
        var setup = ProxySetup(server).patient.with { $0.inFlightLimit = 1 }
        change(&setup)
        let proxy = try TestProxy(setup)
        let client = try proxy.asking(Requests.get("/0"))
        try received.wait(for: 1)
        try body(proxy, server, received, gate)
        gate.open()
        #expect(try client.readResponse().text == "ok")
        client.close()
        try proxy.end(server)
    }

    @Test func whoComesFirstIsServedFirst() throws {
        try withBusyServer { proxy, _, received, gate in
            var clients: [TestSocket] = []
            for number in 1...5 {
                clients.append(try proxy.asking(Requests.get("/\(number)")))
                try proxy.waitForWaiting(UInt64(number))
            }
            #expect(received.targets == ["/0"] && proxy.balance.upstreams.read(.waiting, 0) == 5)
            gate.open()
            for client in clients {
                #expect(try client.readResponse().text == "ok")
                client.close()
            }
            #expect(received.targets == (0...5).map { "/\($0)" })
            #expect(proxy.metrics.read(.queueEntered) == 5 && proxy.metrics.read(.queueTimeouts) == 0)
        }
    }

    @Test func someComeBeforeOthers() throws {
        try withBusyServer({ $0.hasPriorities = true }) { proxy, _, received, gate in
            let targets = ["/low/1", "/2", "/high/3", "/low/4", "/5", "/high/6"]
            var clients: [TestSocket] = []
            for (place, target) in targets.enumerated() {
                clients.append(try proxy.asking(Requests.get(target)))
                try proxy.waitForWaiting(UInt64(place) + 1)
            }
            gate.open()
            for client in clients {
                #expect(try client.readResponse().text == "ok")
                client.close()
            }
            #expect(received.targets == ["/0", "/high/3", "/high/6", "/2", "/5", "/low/1", "/low/4"])
        }
    }

    @Test(arguments: [0, 1, 3])
    func beyondItsSizeNobodyWaits(size: Int) throws {
        try withBusyServer({ $0.upstream.queue.size = size }) { proxy, _, _, gate in
            var clients: [TestSocket] = []
            for number in 0..<size {
                clients.append(try proxy.asking())
                try proxy.waitForWaiting(UInt64(number) + 1)
            }
            let answer = try proxy.answer()
            #expect(answer.status == 503 && answer["Retry-After"] == "1")
            #expect(proxy.metrics.read(.queueOverflows) == 1)
            gate.open()
            for client in clients {
                #expect(try client.readResponse().text == "ok")
                client.close()
            }
        }
    }

    @Test func whoHasWaitedTooLongIsTold() throws {
        try withBusyServer({ $0.upstream.queue.saturatedTime = 30 }) { proxy, _, received, _ in
            let clients = try (0..<3).map { _ in try proxy.asking() }
            for client in clients {
                let answer = try client.readResponse()
                #expect(answer.status == 503 && answer["Retry-After"] == "1")
                client.close()
            }
            #expect(proxy.metrics.read(.queueTimeouts) == 3 && received.targets == ["/0"])
            try proxy.log.wait(for: 3)
            #expect(
                try proxy.log.parsed().allSatisfy { $0.error == "all servers are at their limits" && $0.server == nil })
        }
    }

    @Test(arguments: [true, false])
    func whoLeavesFreesTheirPlace(isReset: Bool) throws {
        try withBusyServer({ $0.upstream.queue.size = 2 }) { proxy, _, received, gate in
            let leaving = try proxy.asking(Requests.get("/leaves"))
            try proxy.waitForWaiting(1)
            let staying = try proxy.asking(Requests.get("/stays"))
            try proxy.waitForWaiting(2)
            if isReset { leaving.reset() } else { leaving.close() }
            try proxy.waitForWaiting(1)
            let last = try proxy.asking(Requests.get("/last"))
            try proxy.waitForWaiting(2)
            gate.open()
            for client in [staying, last] {
                #expect(try client.readResponse().text == "ok")
                client.close()
            }
            #expect(received.targets == ["/0", "/stays", "/last"])
        }
    }

    /// Who has half-closed learns that it was not waited for, and its answer is not cut off by the end.
    @Test func whoHalfClosesIsTold() throws {
        try withBusyServer { proxy, _, _, _ in
            let client = try proxy.asking()
            try proxy.waitForWaiting(1)
            client.shutdownSend()
            #expect(try client.readResponse().status == 503)
            #expect(try client.receiveUntilGone() == ([], .end))
        }
    }

    /// The exchange's own time goes on.
    @Test func waitingCountsAsTimeOfTheExchange() throws {
        let server = try ScriptedServer.answering()
        let proxy = try TestProxy(
            ProxySetup(server).patient.with {
                $0.inFlightLimit = 1
                $0.settings.exchangeTime = 50
            })
        #expect(proxy.balance.loads.begin(0))
        #expect(try proxy.answer().status == 504)
        proxy.balance.loads.end(0)
        #expect(try proxy.answer().text == "ok")
        try proxy.end(server)
        #expect(proxy.metrics.read(.timeoutExchange) == 1 && proxy.metrics.read(.queueTimeouts) == 0)
    }

    /// An exchange that had a server has its whole time to wait for another one.
    @Test func afterATryTheTimeBeginsAnew() throws {
        let gate = Gate()
        let server = try ScriptedServer { socket, number in
            _ = try socket.readRequest()
            try gate.wait()
            if number > 0 { try socket.send(Responses.closing) }
        }
        let proxy = try TestProxy(
            ProxySetup(server).with {
                $0.inFlightLimit = 1
                $0.upstream.queue.saturatedTime = 400
                $0.upstream.retry.pause = 0
            })
        #expect(proxy.balance.loads.begin(0))
        let client = try proxy.asking()
        try proxy.waitForWaiting(1)
        let began = ContinuousClock.now
        proxy.balance.loads.end(0)
        #expect(server.waitForConnections(1))
        try proxy.wait("a time that is long enough") { _ in
            proxy.post(.serveWaiting)
            return ContinuousClock.now - began > .milliseconds(450)
        }
        #expect(proxy.balance.loads.begin(0))
        gate.open()
        try proxy.wait(for: .queueEntered, 2)
        proxy.balance.loads.end(0)
        #expect(try client.readResponse().text == "ok")
        client.close()
        try proxy.end(server)
        #expect(proxy.metrics.read(.queueTimeouts) == 0)
    }

    /// Content that comes while its request waits is kept back, and follows.
    @Test func contentWaitsWithItsRequest() throws {
        try withBusyServer { proxy, _, received, gate in
            let content = pattern(2 << 20, seed: 9)
            let client = try proxy.asking(Requests.post(length: content.count))
            try proxy.waitForWaiting(1)
            let sending = TestThread { try? client.send(content) }
            try proxy.wait("content") { _ in proxy.metrics.read(.downstreamBytesIn) > 1_000 }
            // Nothing is to be seen of what must not happen: more turns have nothing more to show.
            for _ in 0..<20 { try proxy.tell(.ping {}) }
            #expect(proxy.state.bufferBytes < 400_000)
            gate.open()
            #expect(try client.readResponse().text == "ok")
            #expect(sending.join())
            client.close()
            #expect(received.requests.last?.content == content)
        }
    }

    @Test func pipelinedRequestsWaitOneByOne() throws {
        try withBusyServer { proxy, _, received, gate in
            let client = try proxy.asking((1...4).map { Requests.get("/\($0)") }.joined())
            try proxy.waitForWaiting(1)
            gate.open()
            for _ in 1...4 { #expect(try client.readResponse().text == "ok") }
            client.close()
            #expect(received.targets == (0...4).map { "/\($0)" })
        }
    }

    // MARK: No server

    @Test func whenAServerComesBackThoseWhoWaitAreAnswered() throws {
        let dead = try ReservedPort()
        let proxy = try TestProxy(ProxySetup([ServerModel(port: dead.port)]).patient)
        let clients = try (0..<5).map { _ in try proxy.asking() }
        try proxy.wait("all to wait") { _ in proxy.metrics.read(.queueEntered) == 5 }
        let server = try ScriptedServer(on: dead) { socket, _ in
            while try socket.readRequest() != nil { try socket.send(Responses.ok) }
        }
        for client in clients {
            #expect(try client.readResponse().text == "ok")
            client.close()
        }
        let lines = try proxy.end(server)
        #expect(lines.map(\.status) == Array(repeating: 200, count: 5))
        // One after the other has tried whether the server is there, not all at once.
        #expect(proxy.metrics.read(.connectFailures) > 0)
    }

    @Test func thoseWhoWaitInVainAreTold() throws {
        let dead = try ReservedPort()
        let proxy = try TestProxy(
            ProxySetup([ServerModel(port: dead.port)]).with { $0.upstream.queue.noServerTime = 150 })
        let clients = try (0..<3).map { _ in try proxy.asking(Requests.put(length: 3) + "put") }
        for client in clients {
            let answer = try client.readResponse()
            #expect(answer.status == 503 && answer["Retry-After"] == "1")
            client.close()
        }
        let lines = try proxy.end()
        #expect(lines.allSatisfy { $0.error?.hasPrefix("no server can be reached") == true })
        #expect(proxy.metrics.read(.queueTimeouts) == 3)
    }

    /// Nobody is in the roster at all, until somebody is.
    @Test func aNewRosterServesThoseWhoWait() throws {
        let server = try ScriptedServer.answering()
        let setup = ProxySetup(server).patient
        let proxy = try TestProxy(setup)
        try proxy.tell(.roster(upstream: 0, setup.roster([])))
        let clients = try (0..<3).map { _ in try proxy.asking() }
        try proxy.waitForWaiting(3)
        #expect(server.connectionCount == 0)
        try proxy.tell(.roster(upstream: 0, setup.roster([0])))
        for client in clients {
            #expect(try client.readResponse().text == "ok")
            client.close()
        }
        try proxy.end(server)
    }

    // MARK: The end

    @Test func stoppingTellsThoseWhoWait() throws {
        let server = try ScriptedServer.answering(after: Gate())
        let proxy = try TestProxy(ProxySetup(server).patient.with { $0.inFlightLimit = 1 })
        let busy = try proxy.asking()
        #expect(server.waitForConnections(1))
        // The second request of each connection is not begun any more.
        let waiting = try (0..<3).map { _ in try proxy.asking(Requests.get + Requests.get) }
        try proxy.waitForWaiting(3)
        proxy.post(.stop)
        for client in [busy] + waiting {
            #expect(try client.readResponse().status == 503)
            #expect(try client.receiveUntilGone().bytes == [])
        }
        #expect(proxy.waitForEnd())
        server.stop()
        #expect(proxy.metrics.read(.exchangesActive) == 0 && proxy.metrics.read(.exchangesWaiting) == 0)
        #expect(proxy.metrics.read(.unanswered) == 0 && proxy.counts.isEmpty, "\(proxy.counts)")
    }

    /// A drain waits for those who wait.
    @Test func aDrainEndsWhenAllAreServed() throws {
        let gate = Gate()
        let server = try ScriptedServer.answering(after: gate)
        let proxy = try TestProxy(ProxySetup(server).patient.with { $0.inFlightLimit = 1 })
        let clients = try (0..<3).map { _ in try proxy.asking() }
        try proxy.waitForWaiting(2)
        proxy.post(.drain)
        try proxy.wait("the end of accepting") { $0.isFinishing }
        gate.open()
        for client in clients { #expect(try client.readResponse().text == "ok") }
        #expect(proxy.waitForEnd())
        #expect(proxy.counts.isEmpty && proxy.metrics.read(.unanswered) == 0)
    }
}
