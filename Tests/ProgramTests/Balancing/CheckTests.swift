// check: active checks by HTTP and TCP.
import MartletTestSupport
import Testing

@Suite(.timeLimit(.minutes(20))) struct CheckTests {
    private static let quick = "interval: 50ms, downInterval: 50ms, jitter: 0%"

    /// Two servers, the second of which answers checks with what `answer` has.
    private static func fleet(_ answer: Monitor<String>) throws -> Fleet {
        try Fleet(2) { server, request in
            if request.target.hasPrefix("/health") { return server == 1 ? answer.value : response(200, "fine") }
            return response(200, "\(server)")
        }
    }

    @Test func aServerThatFailsGetsNothingUntilItPasses() throws {
        let answer = Monitor(response(200, "fine"))
        let fleet = try Self.fleet(answer)
        let lines = ["balance: round-robin", "check: {path: /health, \(Self.quick)}"]
        try withBalanced(Configs.balanced(fleet.addresses, lines)) { martlet in
            #expect(try martlet.tally(10) == ["0": 5, "1": 5])
            let address = fleet.addresses[1]
            try eventually("a check") {
                try martlet.serverMetric("checks_total", address, "result=\"passed\"") ?? 0 > 0
            }
            answer.change { $0 = response(503) }
            try martlet.waitForState(address, "down")
            #expect(try martlet.server(address).reason == "its check fails: status 503")
            try martlet.waitForLog("server is down", address, "status 503", "upstream=app")
            #expect(try martlet.tally(10) == ["0": 10])
            #expect(try martlet.serverMetric("checks_total", address, "result=\"failed\"") ?? 0 >= 2)
            #expect(try martlet.serverMetric("state", address, "state=\"down\"") == 1)
            #expect(try martlet.serverMetric("state", address, "state=\"up\"") == 0)
            answer.change { $0 = response(200) }
            try martlet.waitForState(address, "up")
            try martlet.waitForLog("server is up", address, "its check passes")
            #expect(try martlet.tally(10) == ["0": 5, "1": 5])
            #expect(try martlet.serverMetric("state_changes_total", address) == 2)
        }
    }

    @Test(arguments: [
        ("check: /healthz", "GET", "/healthz"), ("check: {}", "GET", "/"),
        ("check: {method: HEAD, path: '/a?b=c'}", "HEAD", "/a?b=c"), ("check: {method: OPTIONS}", "OPTIONS", "/"),
    ])
    func theRequestIsWhatTheConfigSays(check: String, method: String, target: String) throws {
        // The script of a HEAD's answer must not have content.
        let origin = try Origin { _ in "HTTP/1.1 204 Fine\r\n\r\n" }
        try withBalanced(Configs.balanced([origin.address], [check])) { martlet in
            let request = try origin.waitForRequests(1)[0]
            #expect(request.method == method && request.target == target)
            #expect(request["Host"] == origin.address)
            #expect(try martlet.server(origin.address).state == "up")
        }
    }

    @Test func hostAndFieldsAreSent() throws {
        let origin = try Origin()
        let check = "check: {host: app.example.com, fields: {X-Probe: martlet, Accept: text/plain}}"
        try withBalanced(Configs.balanced([origin.address], [check])) { _ in
            let request = try origin.waitForRequests(1)[0]
            #expect(request.values("Host") == ["app.example.com"])
            #expect(request["X-Probe"] == "martlet" && request.values("Accept") == ["text/plain"])
        }
    }

    @Test(arguments: [
        // Keys of the check; the server's answer to it; why it fails, if it does.
        ("", response(200), nil), ("", response(301), nil), ("", response(404), "status 404"),
        ("statuses: 200", response(204), "status 204"), ("statuses: 400-499", response(404), nil),
        ("statuses: 400-499", response(200), "status 200"),
        ("contains: fine", response(200, "all is fine here"), nil),
        ("contains: fine", response(200, "all is lost"), "the content is not what is expected"),
        ("contains: fine", response(200, "5\r\nis fi\r\n5\r\nne, x\r\n0\r\n\r\n", ["Transfer-Encoding: chunked"]), nil),
        ("prefix: ok", response(200, "ok, more"), nil),
        ("prefix: ok", response(200, "not ok"), "the content is not what is expected"),
        ("prefix: ok, contains: more", response(200, "ok, less"), "the content is not what is expected"),
        ("", "SSH-2.0-OpenSSH_9.6\r\n", "the answer is not HTTP"),
    ])
    func theAnswerDecides(keys: String, answer: String, reason: String?) throws {
        let origin = try Origin { _ in answer }
        let check = "check: {\(keys.isEmpty ? "" : keys + ", ")before: down, \(Self.quick)}"
        try withBalanced(Configs.balanced([origin.address], [check])) { martlet in
            try martlet.waitForState(origin.address, reason == nil ? "up" : "down")
            if let reason { #expect(try martlet.server(origin.address).reason == "its check fails: \(reason)") }
        }
    }

    /// What checks meet instead of an answer, and what is said of it.
    @Test(arguments: ["no answer in time", "the connection was closed without an answer", "reset", "refused"])
    func noAnswerIsAFailure(reason: String) throws {
        let server = try ScriptedServer { socket, _ in
            _ = try socket.readRequest()
            switch reason {
            case "no answer in time": _ = try? socket.receiveUntilGone()
            case "reset": socket.reset()
            default: return
            }
        }
        if reason == "refused" { server.stop() }
        let lines = ["check: {timeout: 200ms, \(Self.quick)}"]
        try withBalanced(Configs.balanced([server.address], lines)) { martlet in
            try martlet.waitForState(server.address, "down")
            #expect(try martlet.server(server.address).reason.contains(reason))
        }
    }

    @Test func theIntervalIsKept() throws {
        let answer = Monitor(response(200))
        let fleet = try Self.fleet(answer)
        let lines = ["check: {path: /health, interval: 1h, downInterval: 50ms, fall: 1}"]
        try withBalanced(Configs.balanced(fleet.addresses, lines)) { martlet in
            let passed = { try martlet.serverMetric("checks_total", fleet.addresses[1], "result=\"passed\"") }
            try eventually("a check") { try passed() == 1 }
            pass(.milliseconds(200))
            #expect(try passed() == 1, "the next one is due in an hour")
        }
        // Down from the first check on: the other interval.
        answer.change { $0 = response(500) }
        try withBalanced(Configs.balanced(fleet.addresses, lines)) { martlet in
            try martlet.waitForState(fleet.addresses[1], "down")
            answer.change { $0 = response(200) }
            try martlet.waitForState(fleet.addresses[1], "up")
        }
    }

    /// With 50 % an interval of 100 ms is one of 50 to 150 ms.
    @Test func jitterMakesIntervalsDiffer() throws {
        let times = Monitor<[ContinuousClock.Instant]>([])
        let origin = try Origin { _ in
            times.change { $0.append(.now) }
            return response(200)
        }
        let check = "check: {interval: 100ms, jitter: 50%}"
        try withBalanced(Configs.balanced([origin.address], [check])) { _ in
            // That none of many is shorter by a tenth would be a chance of one in ten thousand.
            let hasShort = times.wait(.seconds(9)) { times in
                zip(times, times.dropFirst()).contains { $1 - $0 < .milliseconds(90) } ? true : nil
            }
            #expect(hasShort == true, "\(times.value)")
        }
    }

    @Test func serversOnUnixSocketsAreChecked() throws {
        let folder = try TestFolder()
        let origin = try Origin(path: folder.path("s"))
        let name = "unix:" + folder.path("s")
        try withBalanced(Configs.balanced([name], ["check: {path: /health, before: down, \(Self.quick)}"])) { martlet in
            try martlet.waitForState(name, "up")
            #expect(try origin.waitForRequests(1)[0].target == "/health")
            origin.server.stop()
            try martlet.waitForState(name, "down")
        }
    }
}
