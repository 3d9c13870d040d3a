// What a server's own keys say: weight aside, which the tests of each way to choose look at.
import MartletTestSupport
import Testing

@Suite(.timeLimit(.minutes(20))) struct ServerKeyTests {
    @Test func aBackupServesWhileThePrimariesAreOut() throws {
        let fleet = try Fleet(3)
        let servers = Array(fleet.addresses[0..<2]) + [Configs.server(fleet.addresses[2], "backup: true")]
        try withBalanced(Configs.balanced(servers, ["balance: round-robin"])) { martlet in
            #expect(try martlet.tally(10) == ["0": 5, "1": 5])
            for address in fleet.addresses[0..<2] { try martlet.order(address, "maintenance") }
            #expect(try martlet.tally(10) == ["2": 10])
            try martlet.waitForLog("backups serve", "upstream=app")
            #expect(try martlet.server(fleet.addresses[2]).values["backup"] as? Bool == true)
            try martlet.order(fleet.addresses[1], "up")
            #expect(try martlet.tally(10) == ["1": 10])
        }
    }

    @Test func aBackupServesWhilePrimariesFailTheirChecks() throws {
        let fleet = try Fleet(2) { server, request in
            response(request.target == "/health" && server == 0 ? 500 : 200, "\(server)")
        }
        let servers = [fleet.addresses[0], Configs.server(fleet.addresses[1], "backup: true")]
        let lines = ["check: {path: /health, interval: 50ms, downInterval: 50ms}"]
        try withBalanced(Configs.balanced(servers, lines)) { martlet in
            try martlet.waitForState(fleet.addresses[0], "down")
            #expect(try martlet.tally(10) == ["1": 10])
        }
    }

    @Test func statesHoldFromTheStart() throws {
        let checked = Monitor(Set<Int>())
        let fleet = try Fleet(3) { server, request in
            if request.target == "/health" { checked.change { _ = $0.insert(server) } }
            return response(200, "\(server)")
        }
        let servers = [
            fleet.addresses[0], Configs.server(fleet.addresses[1], "state: draining"),
            Configs.server(fleet.addresses[2], "state: maintenance"),
        ]
        let config = Configs.balanced(servers, ["check: {path: /health, interval: 50ms}"])
        try withBalanced(config) { martlet in
            #expect(try martlet.tally(12) == ["0": 12])
            #expect(try martlet.server(fleet.addresses[1]).state == "draining")
            #expect(try martlet.server(fleet.addresses[2]).state == "maintenance")
            // One that is being drained is checked; one in maintenance is not.
            #expect(checked.wait { $0.contains(1) ? true : nil } == true)
            try eventually("two more checks") {
                try martlet.serverMetric("checks_total", fleet.addresses[0], "result=\"passed\"") ?? 0 >= 3
            }
            #expect(!checked.value.contains(2))
            try martlet.order(fleet.addresses[2], "up")
            try martlet.order(fleet.addresses[1], "up")
            #expect(try martlet.tally(30).count == 3)
        }
    }

    /// The count is that of all loops: neither of them lets one more through.
    @Test(arguments: [1, 2])
    func noServerHasMoreThanMaxInFlight(workers: Int) throws {
        let fleet = try Fleet(2) { server, _ in
            pass(.milliseconds(2))
            return response(200, "\(server)")
        }
        let servers = [
            Configs.server(fleet.addresses[0], "maxInFlight: 2"), Configs.server(fleet.addresses[1], "maxInFlight: 1"),
        ]
        try withBalanced(Configs.balanced(servers, workers: workers)) { martlet throws in
            let clients = (0..<8).map { _ in Background { try martlet.tally(20) } }
            for client in clients {
                #expect(try client.result().values.reduce(0, +) == 20)
                #expect(try client.result()["503"] == nil)
            }
            #expect(fleet.most == [2, 1])
            #expect(try martlet.metrics["martlet_queue_entered_total"] ?? 0 > 0)
        }
    }

    @Test(arguments: [1, 2])
    func noServerHasMoreThanMaxConnections(workers: Int) throws {
        let open = Monitor((now: 0, most: 0))
        let server = try ScriptedServer { socket, _ in
            open.change { $0 = ($0.now + 1, max($0.most, $0.now + 1)) }
            defer { open.change { $0.now -= 1 } }
            while try socket.readRequest() != nil {
                pass(.milliseconds(2))
                try socket.send(response(200, "x"))
            }
        }
        let servers = [Configs.server(server.address, "maxConnections: 2")]
        try withBalanced(Configs.balanced(servers, workers: workers)) { martlet throws in
            let clients = (0..<6).map { _ in Background { try martlet.tally(20) } }
            for client in clients { #expect(try client.result() == ["x": 20]) }
            // The server may see the end of a connection a little after the proxy has closed it.
            #expect(open.value.most <= (workers == 1 ? 2 : 3))
            #expect(try martlet.server(server.address).number("connections") <= 2)
        }
    }

    @Test func theShareOfANewServerGrows() throws {
        let fleet = try Fleet(2)
        let servers = [fleet.addresses[0], Configs.server(fleet.addresses[1], "state: maintenance")]
        let lines = ["balance: round-robin", "slowStart: 2s"]
        try withBalanced(Configs.balanced(servers, lines)) { martlet in
            try martlet.order(fleet.addresses[1], "up")
            #expect(try martlet.server(fleet.addresses[1]).state == "starting")
            let early = try martlet.tally(60)["1"] ?? 0
            #expect(early < 20, "\(early) of 60 requests at the beginning of a slow start")
            try martlet.waitForLog("server is up", "its slow start is over")
            // What is left of the last turn with the smaller share may make one request's difference.
            let late = try martlet.tally(60)["1"] ?? 0
            #expect((29...31).contains(late), "\(late) of 60 requests after it")
        }
    }

    @Test func withoutSlowStartTheShareIsWholeAtOnce() throws {
        let fleet = try Fleet(2)
        let servers = [fleet.addresses[0], Configs.server(fleet.addresses[1], "state: maintenance")]
        try withBalanced(Configs.balanced(servers, ["balance: round-robin"])) { martlet in
            try martlet.order(fleet.addresses[1], "up")
            #expect(try martlet.tally(60) == ["0": 30, "1": 30])
        }
    }

    /// One of four servers is well.
    @Test(arguments: [(0, false), (25, false), (50, true)])
    func belowThePanicThresholdBackupsComeIn(threshold: Int, isShort: Bool) throws {
        let fleet = try Fleet(5) { server, request in
            response(request.target == "/health" && (1...3).contains(server) ? 500 : 200, "\(server)")
        }
        let servers = Array(fleet.addresses[0..<4]) + [Configs.server(fleet.addresses[4], "backup: true")]
        let lines = [
            "balance: round-robin", "check: {path: /health, interval: 50ms, downInterval: 50ms}",
            "panicThreshold: \(threshold)%",
        ]
        try withBalanced(Configs.balanced(servers, lines)) { martlet in
            for address in fleet.addresses[1...3] { try martlet.waitForState(address, "down") }
            #expect(try martlet.tally(20) == (isShort ? ["0": 10, "4": 10] : ["0": 20]))
        }
    }

    @Test(arguments: [10, 50])
    func inAPanicAllAreUsed(threshold: Int) throws {
        let fleet = try Fleet(3) { server, request in
            response(request.target == "/health" && (server != 0 || threshold == 10) ? 500 : 200, "\(server)")
        }
        let lines = [
            "balance: round-robin", "check: {path: /health, interval: 50ms, downInterval: 50ms}",
            "panicThreshold: \(threshold)%",
        ]
        try withBalanced(Configs.balanced(fleet.addresses, lines)) { martlet in
            for address in fleet.addresses[1...] { try martlet.waitForState(address, "down") }
            try martlet.waitForMetric("martlet_upstreams_in_panic", 1)
            #expect(try martlet.tally(12) == ["0": 4, "1": 4, "2": 4])
            #expect(try martlet.metrics["martlet_upstream_panics_total"] ?? 0 >= 1)
            try martlet.waitForLog("all are used, well or not", "upstream=app")
        }
    }
}
