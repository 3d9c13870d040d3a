// Responses before the final one (RFC 9110 section 15.2).
import MartletTestSupport
import Testing

@Suite struct InterimTests {
    @Test func earlyHintsPass() throws {
        let hints = "HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\nConnection: X-Hop\r\nX-Hop: 1\r\n\r\n"
        let origin = try Origin { _ in "HTTP/1.1 102 Processing\r\n\r\n" + hints + response(200, "final") }
        try withMartlet(Configs.proxy(to: origin.server)) { martlet in
            let client = try martlet.connect()
            for _ in 0..<2 {
                try client.send(requestText("GET /"))
                #expect(try client.readResponse().status == 102)
                let early = try client.readResponse()
                #expect(early.status == 103 && early["Link"] == "</a.css>; rel=preload")
                #expect(early["X-Hop"] == nil)
                #expect(try client.readResponse().text == "final")
            }
            #expect(origin.server.connectionCount == 1)
            try martlet.waitForMetric("martlet_responses_total{class=\"2xx\"}", 2)
        }
    }

    /// An interim response is passed on when it comes, not with the final one.
    @Test func earlyHintsComeEarly() throws {
        let hasHints = Monitor(false)
        let server = try ScriptedServer { socket, _ in
            _ = try socket.readRequest()
            try socket.send("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n")
            _ = hasHints.wait { $0 ? true : nil }
            try socket.send(response(200, "final"))
        }
        try withMartlet(Configs.proxy(to: server)) { martlet in
            let client = try martlet.connect()
            try client.send(requestText("GET /"))
            #expect(try client.readResponse().status == 103)
            hasHints.change { $0 = true }
            #expect(try client.readResponse().text == "final")
        }
    }

    /// Each try may bring some; a request that is tried once only gets those of one.
    @Test(arguments: [("attempts: 3, pause: 1ms", 3), ("attempts: 1", 1)])
    func aFloodOfThemIsEnded(retry: String, tries: Int) throws {
        let flood = String(repeating: "HTTP/1.1 102 Processing\r\n\r\n", count: 10_000)
        let server = try ScriptedServer { socket, _ in
            _ = try socket.readRequest()
            try? socket.send(flood)
        }
        try withMartlet(Configs.proxy(to: server, upstream: ["retry: {\(retry)}"])) { martlet in
            let client = try martlet.connect()
            try client.send(requestText("GET /flood"))
            var answer = try client.readResponse()
            var interims = 0
            while answer.status < 200 {
                interims += 1
                answer = try client.readResponse()
            }
            #expect(answer.status == 502 && interims <= 16 * tries)
            #expect(try martlet.accessLogLine(target: "/flood")["error"] == "too many interim responses")
        }
    }

    @Test func switchingProtocolsUnaskedIsRefused() throws {
        let server = try ScriptedServer { socket, _ in
            _ = try socket.readRequest()
            try socket.send("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\nbytes of x")
        }
        try withMartlet(Configs.proxy(to: server)) { martlet in
            let answer = try martlet.request("GET /", ["Upgrade: x", "Connection: upgrade"])
            #expect(answer.status == 502)
            #expect(!answer.text.contains("bytes of x"))
        }
    }
}
