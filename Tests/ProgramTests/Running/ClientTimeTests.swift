import MartletTestSupport
import Testing

/// How long clients may take. All times are short here; the defaults are tested in `SlowClientTests`.
@Suite(.timeLimit(.minutes(20))) struct ClientTimeTests {
    private static func timeouts(_ kind: String) -> String { "martlet_timeouts_total{kind=\"\(kind)\"}" }

    private func with(
        _ settings: String, server: ScriptedServer? = nil, _ test: (RunningMartlet) throws -> Void
    ) throws {
        let origin = try Origin()
        try withMartlet(Configs.proxy(to: server ?? origin.server, settings + "\n"), test)
    }

    @Test func aConnectionThatSaysNothingIsClosedWithoutAWord() throws {
        try with("timeouts: {requestHead: 200ms}") { martlet in
            #expect(try martlet.connect().receiveUntilEnd() == [])
            try martlet.waitForMetric(Self.timeouts("request_head"), 1)
        }
    }

    /// However often a byte comes.
    @Test func aHeadThatComesInDropsIsTooSlow() throws {
        try with("timeouts: {requestHead: 400ms}") { martlet in
            let client = try martlet.connect()
            #expect(try client.exchange("GET /").status == 200)
            try client.send("GET / HTTP/1.1\r\nHost: a\r\nX: ")
            while client.isQuiet(for: .milliseconds(20)) { try? client.send("a") }
            let answer = try client.readResponse()
            #expect(answer.status == 408 && answer["Connection"] == "close")
            try martlet.waitForMetric(Self.timeouts("request_head"), 1)
        }
    }

    @Test func anIdleConnectionIsClosed() throws {
        try with("timeouts: {idle: 200ms}") { martlet in
            let client = try martlet.connect()
            for number in 0..<3 { #expect(try client.exchange("GET /\(number)").status == 200) }
            #expect(try client.receiveUntilEnd() == [])
            try martlet.waitForMetric(Self.timeouts("idle"), 1)
            #expect(try martlet.metrics["martlet_connections_active"] == 1)
        }
    }

    @Test func contentThatStopsIsTooSlow() throws {
        let origin = try Origin()
        let config = "rates: {request: 100B, grace: 300ms}"
        try with(config, server: origin.server) { martlet in
            let client = try martlet.connect()
            try client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\nabc")
            let answer = try client.readResponse()
            #expect(answer.status == 408 && answer["Connection"] == "close")
            try martlet.waitForMetric(Self.timeouts("request_rate"), 1)
            #expect(origin.server.waitForScripts())
        }
    }

    @Test func theGraceIsForThoseWhoAreSlowForAMoment() throws {
        try with("rates: {request: 100B, grace: 1h}") { martlet in
            let client = try martlet.connect()
            try client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nab")
            // Longer than rates are looked at.
            #expect(client.isQuiet(for: .milliseconds(4_500)))
            try client.send("cd")
            #expect(try client.readResponse().status == 200)
        }
    }

    @Test func aResponseThatNobodyTakesIsCut() throws {
        let server = try ScriptedServer { socket, _ in
            _ = try socket.readRequest()
            try socket.send(response(200, String(repeating: "a", count: 20_000_000)))
        }
        try with("rates: {response: 100B, grace: 300ms}", server: server) { martlet in
            let client = try martlet.connect(receiveBuffer: 4_096)
            try client.send(requestText("GET /"))
            try martlet.waitForMetric(Self.timeouts("response_rate"), 1)
            #expect(try client.receiveUntilGone().ending == .reset)
            #expect(server.waitForScripts())
        }
    }

    @Test func anExchangeThatTakesTooLongIsAnsweredFor() throws {
        let server = try ScriptedServer { socket, _ in
            _ = try socket.readRequest()
            _ = try socket.receiveUntilGone()
        }
        try with("timeouts: {exchange: 300ms}", server: server) { martlet in
            let client = try martlet.connect()
            #expect(try client.exchange("GET /").status == 504)
            // The request was complete, so the connection can go on.
            #expect(try client.exchange("GET /").status == 504)
            #expect(try martlet.metrics[Self.timeouts("exchange")] == 2)
        }
    }

    @Test func anExchangeThatTakesTooLongIsCutInItsResponse() throws {
        let server = try ScriptedServer { socket, _ in
            _ = try socket.readRequest()
            try socket.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
            _ = try socket.receiveUntilGone()
        }
        try with("timeouts: {exchange: 300ms}", server: server) { martlet in
            let client = try martlet.connect()
            try client.send(requestText("GET /"))
            _ = try client.receive(until: "half")
            #expect(try client.receiveUntilGone().bytes == [])
            #expect(try martlet.metrics[Self.timeouts("exchange")] == 1)
            #expect(server.waitForScripts())
        }
    }

    /// A client that is still sending when it is refused gets the answer, and no reset.
    @Test func whoIsRefusedWhileSendingGetsTheAnswer() throws {
        try with("limits: {requestBody: 1KiB}\ntimeouts: {linger: 10s}") { martlet in
            let client = try martlet.connect()
            try client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n")
            try client.send([UInt8](repeating: 0x61, count: 1_000_000))
            #expect(try client.readResponse().status == 413)
            client.shutdownSend()
            #expect(try client.receiveUntilEnd() == [])
        }
    }

    @Test func lingeringHasAnEnd() throws {
        try with("limits: {requestBody: 1KiB}\ntimeouts: {linger: 200ms}") { martlet in
            let client = try martlet.connect()
            try client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n")
            #expect(try client.readResponse().status == 413)
            try eventually("the proxy has closed") {
                try? client.send("a")
                return try martlet.metrics["martlet_connections_active"] == 1
            }
        }
    }
}
