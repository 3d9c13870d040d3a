import MartletTestSupport
import Testing

/// How long servers may take.
@Suite(.timeLimit(.minutes(20))) struct ServerTimeTests {
    private static func timeouts(_ kind: String) -> String { "martlet_timeouts_total{kind=\"\(kind)\"}" }

    /// A server that takes connections and never answers.
    private static func silent() throws -> ScriptedServer {
        try ScriptedServer { socket, _ in _ = try socket.receiveUntilGone() }
    }

    @Test func aServerThatDoesNotAnswerIsAnsweredFor() throws {
        let server = try Self.silent()
        try withMartlet(Configs.proxy(to: server, upstream: ["responseTimeout: 200ms"])) { martlet in
            let client = try martlet.connect()
            #expect(try client.exchange("GET /a").status == 504)
            #expect(try client.exchange("POST /b", content: "abc").status == 504)
            #expect(try martlet.metrics[Self.timeouts("response")] == 2)
            let line = try martlet.accessLogLine(target: "/a")
            #expect(line["error"] == "response timeout" && line["side"] == "server")
            #expect(server.waitForScripts())
        }
    }

    /// The time is until the first byte; from then on a server may be as slow as it likes.
    @Test func aServerThatHasBegunMayTakeItsTime() throws {
        let server = try ScriptedServer { socket, _ in
            _ = try socket.readRequest()
            try socket.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n")
            for _ in 0..<5 where socket.isQuiet(for: .milliseconds(100)) { try socket.send("ab") }
        }
        try withMartlet(Configs.proxy(to: server, upstream: ["responseTimeout: 200ms"])) { martlet in
            let answer = try martlet.request("GET /")
            #expect(answer.text == "ababababab")
        }
    }

    /// A server that stops within its response must not hold its client for ever, nor be taken for one that has finished.
    @Test(arguments: ["Content-Length: 10", "Transfer-Encoding: chunked"])
    func aServerThatStopsWithinItsResponseIsCutOff(framing: String) throws {
        let server = try ScriptedServer { socket, _ in
            _ = try socket.readRequest()
            try socket.send("HTTP/1.1 200 OK\r\n\(framing)\r\n\r\n2\r\nab\r\n")
            _ = try socket.receiveUntilGone()
        }
        try withMartlet(Configs.proxy(to: server, upstream: ["stallTimeout: 200ms"])) { martlet in
            let client = try martlet.connect()
            try client.send("GET /stalls HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(try client.receiveUntilGone().1 == .reset)
            #expect(try martlet.metrics[Self.timeouts("stall")] == 1)
            #expect(try martlet.accessLogLine(target: "/stalls")["error"] == "server stopped within the response")
            #expect(server.waitForScripts())
        }
    }

    /// A client that takes its time is not a server that stops.
    @Test func aSlowClientIsNotAStalledServer() throws {
        let content = String(repeating: "x", count: 8 << 20)
        let server = try ScriptedServer { socket, _ in
            _ = try socket.readRequest()
            try socket.send("HTTP/1.1 200 OK\r\nContent-Length: \(content.utf8.count)\r\n\r\n" + content)
        }
        try withMartlet(Configs.proxy(to: server, upstream: ["stallTimeout: 100ms"])) { martlet in
            let client = try martlet.connect()
            try client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(server.waitForConnections(1))
            #expect(try martlet.metrics["martlet_exchanges_active"] != nil)
            // Nothing is taken for longer than the server may pause.
            let idle = try martlet.connect()
            #expect(idle.isQuiet(for: .milliseconds(400)))
            #expect(try client.readResponse().content.count == content.utf8.count)
            #expect(try martlet.metrics[Self.timeouts("stall")] == 0)
        }
    }

    /// The time begins at the end of the request: a slow client is not the server's fault.
    @Test func theTimeOfTheRequestIsNotTheServers() throws {
        let origin = try Origin { response(200, $0.text) }
        try withMartlet(Configs.proxy(to: origin.server, upstream: ["responseTimeout: 300ms"])) { martlet in
            let client = try martlet.connect()
            try client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n")
            for _ in 0..<5 where client.isQuiet(for: .milliseconds(150)) { try client.send("ab") }
            #expect(try client.readResponse().text == "ababababab")
        }
    }

    @Test(.enabled(if: MartletBinary.hasProgram("python3")))
    func aConnectionThatIsNotMadeInTimeIsAnsweredFor() throws {
        let hole = try Blackhole()
        let config = Configs.proxy(
            to: [hole.address],
            upstream: ["connectTimeout: 200ms", "retry: {attempts: 2}", "queue: {noServerTimeout: 0s}"])
        try withMartlet(config) { martlet in
            let client = try martlet.connect()
            #expect(try client.exchange("GET /a").status == 504)
            #expect(try martlet.metrics[Self.timeouts("connect")] == 2)
            #expect(try martlet.metrics["martlet_upstream_connections_active"] == 0)
            #expect(try martlet.accessLogLine(target: "/a")["error"]?.hasPrefix("connect timeout") == true)
        }
    }

    @Test(.enabled(if: MartletBinary.hasProgram("python3")))
    func theNextServerIsTriedWhenOneTakesTooLongToConnect() throws {
        let hole = try Blackhole()
        let origin = try Origin()
        let config = Configs.proxy(to: [hole.address, origin.address], upstream: ["connectTimeout: 200ms"])
        try withMartlet(config) { martlet in
            let answers = try (0..<4).map { try martlet.request("GET /\($0)").status }
            #expect(answers == [200, 200, 200, 200])
        }
    }

    @Test func aServerThatRefusesIsAnsweredForAtOnce() throws {
        let port = try ScriptedServer { _, _ in }.port
        let upstream = ["connectTimeout: 1h", "queue: {noServerTimeout: 0s}"]
        try withMartlet(Configs.proxy(to: ["127.0.0.1:\(port)"], upstream: upstream)) { martlet in
            #expect(try martlet.request("GET /").status == 502)
            let failures = try martlet.metrics["martlet_upstream_connect_failures_total"]
            #expect(failures == 3, "as many attempts as by default")
        }
    }
}

/// A port on which connections are never made: somebody listens, and the queue of those that wait to be accepted is full.
private final class Blackhole {
    private let process: ChildProcess
    let address: String

    private static let script = """
        import signal, socket
        listener = socket.socket()
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        waiting = [socket.socket() for _ in range(4)]
        for each in waiting:
            each.setblocking(False)
            each.connect_ex(listener.getsockname())
        print(listener.getsockname()[1], "listens", flush=True)
        signal.pause()
        """

    init() throws {
        process = try ChildProcess("python3", ["-c", Self.script])
        let port = try process.waitForOutput(containing: " listens\n").prefix { $0 != " " }
        address = "127.0.0.1:\(port)"
    }
}
