// What the operator wants of servers: POST /servers/UPSTREAM/SERVER/STATE on the admin listener, and drainTimeout.
import MartletTestSupport
import Testing

@Suite(.timeLimit(.minutes(20))) struct ServerOrderTests {
    @Test(arguments: ["drain", "maintenance"])
    func runningRequestsFinishAndNewOnesGoElsewhere(order: String) throws {
        let fleet = try Fleet(2)
        try withBalanced(Configs.balanced(fleet.addresses, workers: 2, ["balance: first"])) { martlet in
            let running = try fleet.hold(1, at: martlet)
            let answer = try martlet.order(fleet.addresses[0], order)
            #expect(answer.status == 200 && answer["Content-Type"] == "application/json")
            #expect(answer.text.contains("\"operator\":\"\(order)\"") && answer.text.contains(fleet.addresses[0]))
            #expect(!answer.text.contains(fleet.addresses[1]))
            let state = order == "drain" ? "draining" : "maintenance"
            #expect(try martlet.server(fleet.addresses[0]).state == state)
            #expect(try martlet.server(fleet.addresses[0]).reason == "the operator said so")
            // By now every loop knows.
            #expect(try martlet.tally(10) == ["1": 10])
            for _ in 0..<4 { #expect(try martlet.request("GET /").text == "1") }
            #expect(fleet.active == [1, 0])
            fleet.release()
            #expect(try running[0].readResponse().text == "0")
            try martlet.waitForLog("server is \(state)", fleet.addresses[0], "the operator said so")
            #expect(try martlet.order(fleet.addresses[0], "up").status == 200)
            #expect(try martlet.tally(10) == ["0": 10])
        }
    }

    /// What cannot be sent twice is answered; everything else is sent to another server.
    @Test(arguments: [("POST", 503), ("GET", 200)])
    func theTimeToDrainIsALimit(method: String, status: Int) throws {
        let isReleased = Monitor(false)
        let fleet = try Fleet(2) { server, _ in
            if server == 0 { _ = isReleased.wait { $0 ? true : nil } }
            return response(200, "\(server)")
        }
        let lines = ["balance: first", "drainTimeout: 150ms"]
        try withBalanced(Configs.balanced(fleet.addresses, lines)) { martlet in
            let running = try martlet.begin("\(method) /", ["Content-Length: 0"])
            try fleet.waitForActive(1)
            let start = ContinuousClock.now
            try martlet.order(fleet.addresses[0], "drain")
            let answer = try running.readResponse()
            #expect(ContinuousClock.now - start >= .milliseconds(145))
            #expect(answer.status == status && (answer["Retry-After"] != nil) == (status == 503))
            #expect(try martlet.metrics["martlet_exchanges_cut_total"] == 1)
            #expect(try martlet.request("GET /").text == "1")
            isReleased.change { $0 = true }
        }
    }

    /// Half a response must not look like a whole one.
    @Test func aResponseThatHasBegunIsCut() throws {
        let server = try ScriptedServer { socket, _ in
            _ = try socket.readRequest()
            try socket.send("HTTP/1.1 200 Fine\r\nContent-Length: 10\r\n\r\nhalf")
            _ = try? socket.receiveUntilGone()
        }
        try withBalanced(Configs.balanced([server.address], ["drainTimeout: 100ms"])) { martlet in
            let client = try martlet.begin("GET /")
            _ = try client.receive(until: "half")
            try martlet.order(server.address, "drain")
            #expect(try client.receiveUntilGone().bytes.isEmpty)
            #expect(try martlet.metrics["martlet_exchanges_cut_total"] == 1)
        }
    }

    @Test func offIsAsLongAsItTakes() throws {
        let fleet = try Fleet(1)
        try withBalanced(Configs.balanced(fleet.addresses, ["drainTimeout: off"])) { martlet in
            let running = try fleet.hold(1, at: martlet)
            try martlet.order(fleet.addresses[0], "drain")
            #expect(running[0].isQuiet(for: .milliseconds(200)))
            fleet.release()
            #expect(try running[0].readResponse().text == "0")
        }
    }

    /// Idle connections are of no use any more.
    @Test func maintenanceClosesIdleConnections() throws {
        let fleet = try Fleet(1)
        try withBalanced(Configs.balanced(fleet.addresses)) { martlet in
            #expect(try martlet.tally(1) == ["0": 1])
            #expect(try martlet.server(fleet.addresses[0]).number("connections") == 1)
            try martlet.order(fleet.addresses[0], "maintenance")
            try eventually("no connection") { try martlet.server(fleet.addresses[0]).number("connections") == 0 }
            try martlet.order(fleet.addresses[0], "up")
            #expect(try martlet.tally(1) == ["0": 1])
        }
    }

    /// Nobody else is there: requests wait for its return.
    @Test func aServerThatComesBackServesThoseWhoWait() throws {
        let fleet = try Fleet(1)
        try withBalanced(Configs.balanced(fleet.addresses)) { martlet in
            try martlet.order(fleet.addresses[0], "drain")
            let clients = try (0..<3).map { _ in try martlet.begin("GET /") }
            try martlet.waitForMetric("martlet_queue_waiting", 3)
            try martlet.order(fleet.addresses[0], "up")
            for client in clients { #expect(try client.readResponse().text == "0") }
        }
    }

    @Test func whatIsNotThereIsRefused() throws {
        let fleet = try Fleet(1)
        let folder = try TestFolder()
        let path = folder.path("s")
        let config = Configs.balanced(fleet.addresses + ["unix:\(path)"])
        try withBalanced(config) { martlet in
            let admin = try martlet.connect(to: "admin")
            let server = fleet.addresses[0]
            for (line, status) in [
                ("POST /servers/other/\(server)/drain", 404), ("POST /servers/app/127.0.0.1:1/drain", 404),
                ("POST /servers/app/\(server)/down", 404), ("POST /servers/app/\(server)", 404),
                ("GET /servers/app/\(server)/drain", 405), ("DELETE /servers/app/\(server)/up", 405),
                ("POST /servers", 405),
            ] {
                #expect(try admin.exchange(line, [Configs.bearer]).status == status, "\(line)")
            }
            #expect(try martlet.server(server).state == "up")
            #expect(try martlet.server("unix:\(path)").state == "up")
            let name = "unix:" + path.replacing("/", with: "%2F")
            #expect(try martlet.order(name, "maintenance").status == 200)
            #expect(try martlet.server("unix:\(path)").state == "maintenance")
        }
    }

    @Test func theListTellsHowServersAre() throws {
        let fleet = try Fleet(2)
        let servers = [Configs.server(fleet.addresses[0], "weight: 3"), fleet.addresses[1]]
        try withBalanced(Configs.balanced(servers, ["balance: round-robin"])) { martlet in
            #expect(try martlet.tally(32) == ["0": 24, "1": 8])
            let held = try fleet.hold(1, at: martlet)
            let busy = try martlet.server(fleet.addresses[fleet.active[0] == 1 ? 0 : 1])
            #expect(busy.number("in_flight") == 1)
            let first = try martlet.server(fleet.addresses[0])
            #expect(first.number("weight") == 3 && first.number("successes") == 24 && first.number("failures") == 0)
            #expect(first.number("latency_us") > 0 && first.number("connections") >= 1)
            #expect(first.values["upstream"] as? String == "app" && first.values["operator"] as? String == "up")
            #expect(first.reason.isEmpty && first.values["backup"] as? Bool == false)
            fleet.release()
            #expect(try held[0].readResponse().status == 200)
        }
    }
}
