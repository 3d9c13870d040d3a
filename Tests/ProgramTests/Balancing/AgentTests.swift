// agent: what a server's host says of it.
import MartletTestSupport
import Testing

@Suite(.timeLimit(.minutes(20))) struct AgentTests {
    /// An agent that says what a test tells it to, and keeps what it is sent.
    private final class Agent: Sendable {
        let server: ScriptedServer
        let line: Monitor<String>
        let sent = Monitor<[String]>([])

        init(_ first: String, reads text: String = "") throws {
            let line = Monitor(first)
            let sent = self.sent
            self.line = line
            server = try ScriptedServer { socket, _ in
                if !text.isEmpty {
                    let received = try socket.receive(until: text)
                    sent.change { $0.append(received) }
                }
                try socket.send(line.value)
            }
        }

        func say(_ text: String) { line.change { $0 = text + "\n" } }
        var lines: [String] { ["balance: round-robin", "agent: {port: \(server.port), interval: 50ms}"] }
    }

    /// A server with an agent.
    private func withAgent(
        _ first: String = "up 100%\n", _ test: (RunningMartlet, Agent, _ fleet: Fleet) throws -> Void
    ) throws {
        let agent = try Agent(first)
        let fleet = try Fleet(1)
        try withBalanced(Configs.balanced(fleet.addresses, agent.lines)) { martlet in
            try test(martlet, agent, fleet)
        }
    }

    @Test func wordsMakeStates() throws {
        try withAgent { martlet, agent, fleet in
            let address = fleet.addresses[0]
            for (word, state) in [
                ("drain", "draining"), ("ready", "up"), ("maint", "maintenance"), ("ready", "up"),
                ("down # disk is full", "down"), ("up", "up"), ("fail", "down"), ("up", "up"), ("stopped", "down"),
                ("UP", "up"), ("0%", "draining"), ("100%", "up"),
            ] {
                agent.say(word)
                try martlet.waitForState(address, state)
            }
            agent.say("down # disk is full")
            try martlet.waitForState(address, "down")
            #expect(try martlet.server(address).reason == "its agent says: down (disk is full)")
            try martlet.waitForLog("server is down", "disk is full")
        }
    }

    @Test func aPercentageIsAShareOfTheWeight() throws {
        try withAgent("50%\n") { martlet, agent, fleet in
            try eventually("half of the weight") { try martlet.server(fleet.addresses[0]).number("weight") == 0.5 }
            agent.say("up 75%")
            try eventually("more of it") { try martlet.server(fleet.addresses[0]).number("weight") == 0.75 }
        }
    }

    /// The other server is on another host, where there is no agent.
    @Test func sharesFollowThePercentage() throws {
        let agent = try Agent("50%\n")
        let (local, far) = (try Origin { _ in response(200, "agent") }, try Origin { _ in response(200, "none") })
        let config = Configs.balanced([far.address]).replacing(
            "listeners: [{address: \"127.0.0.1:0\"}]", with: "listeners: [{address: \"127.0.0.2:0\"}]")
        let host = try RunningMartlet(config)
        guard let other = host.addresses.first(where: { $0.address.hasPrefix("127.0.0.2:") }) else {
            throw TestFailure("\(host.addresses)")
        }
        try withBalanced(Configs.balanced([local.address, other.address], agent.lines)) { martlet in
            try eventually("half of the weight") { try martlet.server(local.address).number("weight") == 0.5 }
            let tally = try martlet.tally(30)
            #expect((9...11).contains(tally["agent"] ?? 0) && (19...21).contains(tally["none"] ?? 0), "\(tally)")
        }
    }

    @Test func maxconnIsALimit() throws {
        let agent = try Agent("maxconn:2\n")
        let fleet = try Fleet(1)
        try withBalanced(Configs.balanced(fleet.addresses, agent.lines)) { martlet in
            // Until its word has come to the loop there is no limit: it has when a third one waits.
            #expect(agent.server.waitForConnections(3))
            let clients = try fleet.hold(2, at: martlet)
            let third = try martlet.begin("GET /")
            try martlet.waitForMetric("martlet_queue_waiting", 1)
            fleet.release()
            for client in clients + [third] { #expect(try client.readResponse().status == 200) }
            #expect(fleet.most == [2])
        }
    }

    @Test func whatIsToBeSentIsSent() throws {
        let agent = try Agent("drain\n", reads: "\n")
        let fleet = try Fleet(1)
        let line = "agent: {port: \(agent.server.port), interval: 50ms, send: \"status of app\\n\"}"
        try withBalanced(Configs.balanced(fleet.addresses, [line])) { martlet in
            try martlet.waitForState(fleet.addresses[0], "draining")
            #expect(agent.sent.value.first == "status of app\n")
        }
    }

    /// Silence and nonsense change nothing.
    @Test func anAgentWithoutAnAnswerChangesNothing() throws {
        let agent = try Agent("drain\n")
        let fleet = try Fleet(1)
        let line = "agent: {port: \(agent.server.port), interval: 50ms, timeout: 50ms}"
        try withBalanced(Configs.balanced(fleet.addresses, [line])) { martlet in
            try martlet.waitForState(fleet.addresses[0], "draining")
            for nonsense in ["", "what?\n", "HTTP/1.1 200 OK\r\n"] {
                agent.line.change { $0 = nonsense }
                let count = agent.server.connectionCount
                #expect(agent.server.waitForConnections(count + 3))
                #expect(try martlet.server(fleet.addresses[0]).state == "draining")
            }
            agent.server.stop()
            pass(.milliseconds(100))
            #expect(try martlet.server(fleet.addresses[0]).state == "draining")
        }
    }
}
