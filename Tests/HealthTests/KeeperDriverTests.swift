import MartletBalancing
import MartletEventLoop
import MartletHealth
import MartletTelemetry
import MartletTestSupport
import Testing

@Suite struct KeeperDriverTests {
    @Test func aConnectionIsEnoughForTCP() throws {
        let server = try ScriptedServer { socket, _ in _ = try? socket.receiveUntilGone() }
        let keeper = try TestKeeper(port: server.port, .tcp)
        #expect(try keeper.change().to == .up)
        #expect(keeper.metrics.read(.checksPassed, server: 0) > 0)
        #expect(server.waitForConnections(3))
    }

    @Test func aRefusedConnectionIsAFailure() throws {
        for kind in [CheckSettings.Kind.tcp, .http(.with())] {
            let keeper = try TestKeeper(port: try ScriptedServer.closedPort(), kind)
            #expect(try keeper.change().reason == "its check fails: Connection refused")
        }
    }

    @Test func checksMayGoToAnotherPort() throws {
        let server = try ScriptedServer.saying("HTTP/1.1 200 OK\r\n\r\n")
        let keeper = try TestKeeper([[.loopback(port: try ScriptedServer.closedPort())]]) {
            $0.check = .often(.http(.with()))
            $0.check?.port = server.port
        }
        #expect(try keeper.change().to == .up)
    }

    @Test func aNameIsCheckedWhenItHasAnAddress() throws {
        let server = try ScriptedServer.saying("HTTP/1.1 200 OK\r\n\r\n")
        let keeper = try TestKeeper([[]]) { $0.check = .often(.http(.with())) }
        #expect(try keeper.report().map(\.state) == [.starting])
        keeper.post(.addresses(server: 0, [.loopback(port: server.port)]))
        #expect(try keeper.change().to == .up)
    }

    @Test func moreServersThanChecksAtATimeAreAllChecked() throws {
        let servers = 3 * KeeperDriver.checkLimit
        let gate = Monitor(false)
        let server = try ScriptedServer { socket, _ in
            _ = try socket.readRequest()
            _ = gate.wait { $0 ? true : nil }
            try? socket.send("HTTP/1.1 200 OK\r\n\r\n")
        }
        let keeper = try TestKeeper(Array(repeating: [.loopback(port: server.port)], count: servers)) {
            $0.check = .often(.http(.with()))
            $0.check?.interval = 60_000
        }
        #expect(server.waitForConnections(KeeperDriver.checkLimit))
        // Nobody has an answer yet, so no more are asked.
        #expect(try keeper.report().allSatisfy { $0.state == .starting })
        #expect(server.connectionCount == KeeperDriver.checkLimit)
        gate.change { $0 = true }
        #expect(try keeper.wait { $0.changes.count == servers ? $0.changes : nil }.allSatisfy { $0.to == .up })
    }

    @Test func agentsAreAsked() throws {
        let reply = Monitor("drain\n")
        let asked = Monitor<[String]>([])
        let agent = try ScriptedServer { socket, _ in
            let question = try socket.receive(until: "\n")
            asked.change { $0.append(question) }
            try socket.send(reply.value)
        }
        let keeper = try TestKeeper([[.loopback(port: 1)]]) {
            var settings = AgentSettings(port: agent.port)
            settings.send = "how are you\n"
            settings.interval = 5
            $0.agent = settings
        }
        #expect(try keeper.wait { $0.state(0) } == .draining)
        #expect(asked.value.first == "how are you\n")
        // The line ends with the connection, too.
        reply.change { $0 = "ready 50% down #no disk" }
        #expect(try keeper.wait { $0.changes.first { $0.to == .down } }.reason == "its agent says: down (no disk)")
        reply.change { $0 = "up\r\n" }
        #expect(try keeper.wait { $0.changes.first { $0.to == .up } }.reason == "its agent says that it is up")
        #expect(try keeper.report().map(\.weight) == [128])
    }

    @Test func anAgentThatIsNotThereOrTalksNonsenseChangesNothing() throws {
        let agent = try ScriptedServer { socket, number in
            try socket.send(number % 2 == 0 ? "\u{1}\u{2}\n" : String(repeating: "x", count: 5_000))
        }
        let keeper = try TestKeeper([[.loopback(port: 1)], [SocketAddress(path: "/nowhere")]]) {
            $0.agent = AgentSettings(port: agent.port)
            $0.agent?.interval = 5
        }
        #expect(agent.waitForConnections(4))
        agent.stop()
        #expect(try keeper.report().map(\.state) == [.up, .up])
        #expect(keeper.listener.heard.value.changes == [])
    }

    @Test func noticesAndCommandsAreFollowed() throws {
        let keeper = try TestKeeper([[.loopback(port: 1)], [.loopback(port: 2)], [.loopback(port: 3)]]) {
            $0.ejection.time = 5
            $0.drainTime = 20
            $0.servers[2].isBackup = true
        }
        keeper.post(.notice(.failures(server: 0, .connection, inARow: 3)))
        #expect(try keeper.change(0).to == .ejected)
        #expect(try keeper.change(1).to == .starting)
        #expect(keeper.loads.takeProbation(0))
        keeper.post(.notice(.probation(server: 0, passed: true)))
        #expect(try keeper.change(2).to == .up)
        keeper.post(.setState(server: 1, .draining))
        #expect(
            try keeper.change(3) == StateChange(server: 1, from: .up, to: .draining, reason: "the operator said so"))
        #expect(try keeper.wait { $0.cut.first } == 1)
        let report = try keeper.report()
        #expect(report.map(\.state) == [.up, .draining, .up])
        #expect(report.map(\.weight) == [256, 0, 0])
        #expect(report.map(\.isBackup) == [false, false, true])
        #expect(report[1].wanted == .draining)
        #expect(keeper.metrics.read(.ejections, server: 0) == 1)
    }
}
