// Requests that wait until it is known whether they may come in.
import MartletEventLoop
import MartletTelemetry
import MartletTestSupport
import Testing

@testable import MartletProxy

@Suite struct AdmissionTests {
    private let desk = GateDesk()

    private func start(
        _ server: ScriptedServer, _ desk: GateDesk? = nil, _ change: (inout ProxySetup) -> Void = { _ in }
    ) throws -> TestProxy {
        try TestProxy(
            ProxySetup(server).with {
                $0.gatekeeper = desk ?? self.desk
                change(&$0)
            })
    }

    /// Says what it was sent: fields that matter here, and the content.
    private func echo() throws -> ScriptedServer {
        try ScriptedServer { socket, _ in
            while let request = try socket.readRequest() {
                let text = "\(request["X-User"] ?? "-") \(String(decoding: request.content, as: UTF8.self))"
                try socket.send("HTTP/1.1 200 OK\r\nContent-Length: \(text.utf8.count)\r\n\r\n\(text)")
            }
        }
    }

    @Test func theLoopGoesOnWhileARequestWaits() throws {
        let server = try echo()
        let proxy = try start(server)
        let client = try proxy.connect()
        try client.send(
            "GET /a HTTP/1.1\r\nHost: test\r\nAuthorization: Basic YTpi\r\nX-User: mallory\r\nX_User: eve\r\n\r\n")
        #expect(try desk.question(0).evidence == Array("Basic YTpi".utf8))
        try proxy.wait(for: .exchangesSuspended, 1)
        let other = try proxy.connect()
        try other.send(Requests.get)
        #expect(try desk.question(1).evidence == nil)
        try desk.answer(1, .unauthenticated("no password"))
        let refused = try other.readResponse()
        #expect(refused.status == 401 && refused["WWW-Authenticate"] == "Basic realm=\"test\"")
        try desk.answer(0, .user("ann"))
        #expect(try client.readResponse().text == "ann ")
        client.close()
        other.close()
        let lines = try proxy.end(server)
        #expect(lines.map(\.status) == [401, 200])
        #expect(lines[0].error == "not authenticated: no password" && lines[1].error == nil)
        #expect(proxy.metrics.read(.admissionsPassed) == 1 && proxy.metrics.read(.admissionsFailed) == 1)
    }

    @Test func whatIsDecidedAtOnceDoesNotWait() throws {
        let server = try echo()
        let proxy = try start(server, GateDesk(immediate: .user("bob")))
        let client = try proxy.connect()
        for content in ["one", "two"] {
            try client.send(
                "POST / HTTP/1.1\r\nHost: test\r\nX-User: eve\r\nContent-Length: 3\r\n\r\n\(content)")
            #expect(try client.readResponse().text == "bob \(content)")
        }
        client.close()
        try proxy.end(server)
    }

    /// Content that comes meanwhile waits, be it short or long, with a length or in chunks.
    @Test(arguments: [3, 5_000, 300_000], [false, true]) func contentWaits(count: Int, isChunked: Bool) throws {
        let server = try echo()
        let proxy = try start(server)
        let client = try proxy.connect()
        let content = String(repeating: "x", count: count)
        let framing = isChunked ? "Transfer-Encoding: chunked" : "Content-Length: \(count)"
        let body = isChunked ? "\(String(count, radix: 16))\r\n\(content)\r\n0\r\n\r\n" : content
        try client.send("POST / HTTP/1.1\r\nHost: test\r\n\(framing)\r\n\r\n" + body.prefix(2))
        try desk.question(0)
        let rest = TestThread { try? client.send(String(body.dropFirst(2))) }
        try desk.answer(0, .user("ann"))
        let answer = try client.readResponse()
        _ = rest.join()
        #expect(answer.text == "ann " + content)
        client.close()
        try proxy.end(server)
    }

    @Test func aRefusalWithContentEndsTheConnection() throws {
        let server = try echo()
        let proxy = try start(server)
        let client = try proxy.connect()
        try client.send(Requests.post(length: 100) + "abc")
        try desk.answer(0, .unauthenticated("no"))
        let answer = try client.readResponse()
        #expect(answer.status == 401 && answer["Connection"] == "close")
        client.close()
        try proxy.end(server)
    }

    @Test func anotherServiceMayAnswer() throws {
        let server = try echo()
        let proxy = try start(server) { $0.evidence = .head }
        let client = try proxy.connect()
        try client.send(
            "PUT /a/b?c=d HTTP/1.1\r\nHost: test\r\nCookie: x=y\r\nX-User: eve\r\nConnection: foo\r\nFoo: 1\r\n\r\n")
        let head = try #require(try desk.question(0).head)
        #expect(head.method == "PUT" && head.target == "/a/b?c=d" && head.host == "test" && !head.isSecure)
        #expect(head.client == "127.0.0.1")
        #expect(head.fields.map(\.name) == ["Host", "Cookie"] && head.fields[1].value == "x=y")
        var answer = LocalAnswer(status: 302, contentType: "", content: Array("go".utf8))
        answer.lines = Array("Location: /login\r\n".utf8)
        try desk.answer(0, .answer(answer, "the service said 302"))
        let response = try client.readResponse()
        #expect(response.status == 302 && response["Location"] == "/login" && response.text == "go")
        #expect(response["Content-Type"] == nil)
        try client.send(Requests.get)
        try desk.answer(1, .pass(AdmissionPass(user: "", fields: [("X-User", "a\r\nX-Evil: 1"), ("X-User", "ok")])))
        #expect(try client.readResponse().text == "ok ")
        client.close()
        let lines = try proxy.end(server)
        #expect(lines.map(\.status) == [302, 200] && lines[0].error == "not authenticated: the service said 302")
    }

    // MARK: Bounds

    @Test func onlySoManyWait() throws {
        let server = try echo()
        let proxy = try start(server) { $0.settings.suspendedExchanges = 2 }
        let clients = try (0..<2).map { number in
            let client = try proxy.connect()
            try client.send(Requests.get)
            try desk.question(number)
            return client
        }
        #expect(try proxy.answer().status == 503)
        for number in 0..<2 { try desk.answer(number, .user("\(number)")) }
        for (number, client) in clients.enumerated() {
            #expect(try client.readResponse().text == "\(number) ")
            client.close()
        }
        #expect(proxy.metrics.read(.admissionsRefused) == 1)
        try proxy.end(server)
    }

    @Test func nobodyWaitsForEver() throws {
        let server = try echo()
        let proxy = try start(server) { $0.settings.admissionTime = 50 }
        let client = try proxy.connect()
        try client.send(Requests.get)
        #expect(try client.readResponse().status == 503)
        try desk.answer(0, .user("late"))
        try client.send(Requests.get)
        try desk.answer(1, .user("ann"))
        #expect(try client.readResponse().text == "ann ")
        client.close()
        let lines = try proxy.end(server)
        #expect(lines[0].error == "whether the client may come in was not found out in time")
        #expect(proxy.metrics.read(.admissionTimeouts) == 1)
    }

    // MARK: Ends

    @Test(arguments: [false, true]) func whoLeavesIsForgotten(isReset: Bool) throws {
        let server = try echo()
        let proxy = try start(server)
        let client = try proxy.connect()
        try client.send(Requests.get)
        try desk.question(0)
        if isReset { client.reset() } else { client.shutdownSend() }
        try proxy.wait(for: .exchangesSuspended, 0)
        // The next exchange has the same place, and must not get the answer to the one before.
        let other = try proxy.connect()
        try other.send(Requests.get)
        try desk.question(1)
        try desk.answer(0, .user("late"))
        try desk.answer(1, .user("right"))
        #expect(try other.readResponse().text == "right ")
        other.close()
        client.close()
        let lines = try proxy.end(server)
        #expect(lines.map(\.status) == [isReset ? 499 : 503, 200])
    }

    @Test func aLoopThatEndsAnswersThem() throws {
        let server = try echo()
        let proxy = try start(server)
        let client = try proxy.connect()
        try client.send(Requests.get)
        try desk.question(0)
        try proxy.tell(.drain)
        proxy.post(.stop)
        #expect(try client.readResponse().status == 503)
        try desk.answer(0, .user("late"))
        #expect(proxy.waitForEnd())
        #expect(proxy.metrics.read(.exchangesSuspended) == 0)
        server.stop()
    }

    @Test func aDrainWaitsForThem() throws {
        let server = try echo()
        let proxy = try start(server)
        let client = try proxy.connect()
        try client.send(Requests.get)
        try desk.question(0)
        try proxy.tell(.drain)
        try desk.answer(0, .user("ann"))
        let answer = try client.readResponse()
        #expect(answer.text == "ann " && answer["Connection"] == "close")
        client.close()
        #expect(proxy.waitForEnd())
        server.stop()
    }
}
