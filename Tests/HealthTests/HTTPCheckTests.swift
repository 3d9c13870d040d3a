import MartletBalancing
import MartletEventLoop
import MartletHealth
import MartletTelemetry
import MartletTestSupport
import Testing

@Suite struct HTTPCheckTests {
    private func outcome(of answer: String, _ check: HTTPCheck = .with()) throws -> StateChange {
        let server = try ScriptedServer.saying(answer)
        let keeper = try TestKeeper(port: server.port, .http(check))
        return try keeper.change()
    }

    private static let ok = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"

    @Test(arguments: [
        (ok, HTTPCheck.with()), ("HTTP/1.1 399 ?\r\n\r\n", .with()),
        ("HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + ok, .with()),
        (ok, .with { $0.contains = "ell" }), (ok, .with { $0.prefix = "he" }),
        (
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n",
            .with { $0.contains = "hello" }
        ),
        ("HTTP/1.1 200 OK\r\n\r\nhello", .with { $0.contains = "hello" }),
        ("HTTP/1.1 404 ?\r\nContent-Length: 0\r\n\r\n", .with { $0.statuses = 404...404 }),
        ("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", .with { $0.method = "HEAD" }),
    ])
    func passes(answer: String, check: HTTPCheck) throws {
        let change = try outcome(of: answer, check)
        #expect(change == StateChange(server: 0, from: .starting, to: .up, reason: "its check passes"))
    }

    @Test(arguments: [
        ("HTTP/1.1 500 ?\r\nContent-Length: 0\r\n\r\n", HTTPCheck.with(), "status 500"),
        (ok, .with { $0.statuses = 204...204 }, "status 200"),
        (ok, .with { $0.contains = "world" }, "the content is not what is expected"),
        (ok, .with { $0.prefix = "ello" }, "the content is not what is expected"),
        ("HTTP/1.1 200 OK\r\n\r\nhello", .with { $0.contains = "world" }, "the content is not what is expected"),
        ("SSH-2.0-OpenSSH_9.2\r\n\r\n", .with(), "the answer is not HTTP"),
        ("\u{0}\u{1}\u{2}\u{3}\r\n\r\n", .with(), "the answer is not HTTP"),
        ("", .with(), "the connection was closed without an answer"),
        ("HTTP/1.1 200", .with(), "the connection was closed without an answer"),
        ("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello", .with { $0.contains = "x" }, "the answer was broken off"),
        (
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nx", .with { $0.contains = "x" },
            "the content is not HTTP"
        ),
    ])
    func fails(answer: String, check: HTTPCheck, reason: String) throws {
        let change = try outcome(of: answer, check)
        #expect(change == StateChange(server: 0, from: .starting, to: .down, reason: "its check fails: \(reason)"))
    }

    @Test func contentBeyondTheLimitIsNotLookedAt() throws {
        let much = String(repeating: "x", count: 70_000) + "needle"
        let answer = "HTTP/1.1 200 OK\r\nContent-Length: \(much.utf8.count)\r\n\r\n\(much)"
        #expect(try outcome(of: answer, .with { $0.contains = "needle" }).to == .down)
        #expect(try outcome(of: answer, .with { $0.contains = "xxx" }).to == .up)
    }

    @Test func anEndlessHeadFails() throws {
        let server = try ScriptedServer { socket, _ in
            try socket.send("HTTP/1.1 200 OK\r\n")
            while true { try socket.send("A: b\r\n") }
        }
        let keeper = try TestKeeper(port: server.port, .http(.with()))
        #expect(try keeper.change().reason == "its check fails: the answer is not HTTP")
    }

    @Test func asksAsItIsTold() throws {
        let seen = Monitor<[HTTPRequest]>([])
        let server = try ScriptedServer { socket, _ in
            if let request = try socket.readRequest() { seen.change { $0.append(request) } }
            try socket.send(Self.ok)
        }
        var check = HTTPCheck.with {
            $0.method = "POST"
            $0.path = "/health?deep=1"
            $0.fields = [("X-Check", "yes")]
        }
        let first = try TestKeeper(port: server.port, .http(check))
        let request = try #require(seen.wait { $0.first })
        #expect(request.method == "POST")
        #expect(request.target == "/health?deep=1")
        #expect(request["Host"] == "server0.test")
        #expect(request["User-Agent"] == "martlet")
        #expect(request["Connection"] == "close")
        #expect(request["Content-Length"] == "0")
        #expect(request["X-Check"] == "yes")
        #expect(try first.change().to == .up)

        check.host = "app.test"
        check.fields = [("user-agent", "me")]
        let second = try TestKeeper(port: server.port, .http(check))
        let other = try #require(seen.wait { $0.first { $0["Host"] == "app.test" } })
        #expect(other.values("User-Agent") == ["me"])
        #expect(try second.change().to == .up)
    }

    @Test func silenceIsAFailure() throws {
        let server = try ScriptedServer { socket, _ in _ = try socket.receiveUntilGone() }
        let keeper = try TestKeeper(port: server.port, .http(.with()), timeout: 30)
        #expect(try keeper.change().reason == "its check fails: no answer in time")
        #expect(keeper.metrics.read(.checksFailed, server: 0) > 0)
        #expect(keeper.metrics.read(.stateDown, server: 0) == 1)
        #expect(keeper.metrics.read(.stateStarting, server: 0) == 0)
        #expect(keeper.metrics.read(.stateChanges, server: 0) == 1)
    }

    @Test func aServerGoesDownAndComesUpAgain() throws {
        let status = Monitor(200)
        let server = try ScriptedServer { socket, _ in
            _ = try socket.readRequest()
            try socket.send("HTTP/1.1 \(status.value) x\r\nContent-Length: 0\r\n\r\n")
        }
        let keeper = try TestKeeper(port: server.port, .http(.with()))
        #expect(try keeper.change(0).to == .up)
        status.change { $0 = 503 }
        #expect(try keeper.change(1).to == .down)
        #expect(try keeper.wait { $0.down.first } == 0)
        status.change { $0 = 200 }
        #expect(try keeper.change(2).to == .up)
        // All of them: nobody, the server, in a panic the same, and again.
        #expect(try keeper.wait { $0.tiers.count == 2 ? $0.tiers : nil } == [.panic, .healthy])
        #expect(keeper.metrics.read(.panics) == 1)
        #expect(keeper.metrics.read(.upstreamsInPanic) == 0)
    }
}
