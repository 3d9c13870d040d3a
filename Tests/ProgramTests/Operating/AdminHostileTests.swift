import MartletTestSupport
import Testing

/// Clients of the admin listener that do what nobody should.
@Suite(.timeLimit(.minutes(20))) struct AdminHostileTests {
    private func withAdmin(_ more: String = "", _ test: (RunningMartlet) throws -> Void) throws {
        try withMartlet(Configs.operated(["127.0.0.1:1", "127.0.0.1:2"], more), test)
    }

    private func expectProblem(_ answer: HTTPResponse, _ status: Int) {
        #expect(answer.status == status && answer["Content-Type"] == "application/problem+json", "\(answer.text)")
        #expect(answer.number("status") == status && !answer.words("detail").isEmpty)
    }

    /// What is refused before anybody looks at what it is for is a problem as well, whatever the client would rather have.
    @Test func whatIsNoRequestIsAProblem() throws {
        try withAdmin { martlet in
            func raw(_ text: String) throws -> HTTPResponse {
                let socket = try TestSocket(path: martlet.socketPath)
                try socket.send(text)
                return try socket.readResponse()
            }
            let long = String(repeating: "x", count: 9_000)
            expectProblem(try martlet.ask("GET /v1/upstreams/\(long)", ["Accept: text/html"]), 414)
            expectProblem(try martlet.ask("GET /v1/status", ["If-None-Match: " + long + long + long + long]), 431)
            expectProblem(try martlet.ask("GET /v1/status", (0..<200).map { "X-\($0): 1" }), 431)
            expectProblem(try raw("GET /v1/status HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"), 400)
            expectProblem(try raw("GET /v1/status HTTP/1.1\r\nHost : a\r\n\r\n"), 400)
            expectProblem(try raw("GET /v1/status HTTP/9.9\r\nHost: a\r\n\r\n"), 505)
            expectProblem(try raw("GET /v1/\u{0}status HTTP/1.1\r\nHost: a\r\n\r\n"), 400)
            expectProblem(
                try raw("POST /v1/drain HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n"), 400)
            expectProblem(
                try raw(
                    "POST /v1/drain HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n"),
                400)
            expectProblem(
                try raw("POST /v1/drain HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"), 400)
            #expect(try martlet.ask("GET /readyz").status == 200)
        }
    }

    @Test func namesWithTricksLeadNowhere() throws {
        try withAdmin { martlet in
            #expect(try martlet.ask("GET /v1/upstreams/%61p%70").status == 200)
            for name in [
                "app%00", "app%2F", "%2e%2e", "..", "%", "%zz", "%f", "%ff", "app%20", "app;x", "app%0d%0aX:%20y",
                "APP", "%C0%AF",
            ] {
                let status = try martlet.ask("GET /v1/upstreams/" + name).status
                #expect(status == 404 || status == 400, "\(name): \(status)")
            }
            for path in [
                "/v1//upstreams", "/v1/./upstreams", "/v1/upstreams/../config", "//v1/upstreams", "/v1/upstreams/",
                "/V1/config",
            ] {
                let status = try martlet.ask("GET " + path).status
                #expect(status == 404 || status == 400, "\(path): \(status)")
            }
            for query in [
                "?limit=%zz", "?limit=1&limit=1", "?limit=-1", "?limit=1e1", "?limit", "?limits=1", "?limit=%31%00",
            ] {
                expectProblem(try martlet.ask("GET /v1/connections" + query), 400)
            }
            #expect(try martlet.ask("GET /v1/connections?%6cimit=%31").status == 200)
        }
    }

    /// A condition that is spread over two lines is one condition, and does not vanish.
    @Test func conditionsInSeveralLinesHold() throws {
        try withAdmin { martlet in
            let path = "/v1/upstreams/app/servers/127.0.0.1:1"
            let change = #"{"weight": 7}"#
            let refused = try martlet.ask("PATCH " + path, json: change, ["If-Match: \"a\"", "If-Match: \"b\""])
            #expect(refused.status == 412 && refused.words("detail").contains("ETag"))
            #expect(try martlet.ask("PATCH " + path, json: change, ["If-Match: "]).status == 412)
            let tag = try #require(try martlet.ask("GET " + path)["ETag"])
            #expect(try martlet.ask("PATCH " + path, json: change, ["If-Match: W/" + tag]).status == 412, "weak")
            let lines = ["If-Match: \"a\"", "If-Match: " + tag]
            #expect(try martlet.ask("PATCH " + path, json: change, lines).number("weight") == 7)
            let version = try #require(try martlet.ask("GET /v1/version")["ETag"])
            let known = ["If-None-Match: \"a\"", "If-None-Match: W/" + version]
            #expect(try martlet.ask("GET /v1/version", known).status == 304)
            let config = try #require(try martlet.ask("GET /v1/config")["ETag"])
            #expect(try martlet.ask("POST /v1/config/reload", ["If-Match: \"a\""]).status == 412)
            #expect(try martlet.ask("POST /v1/config/reload", ["If-Match: " + config]).status == 200)
            let level = try #require(try martlet.ask("GET /v1/log-level")["ETag"])
            let set = #"{"level": "error"}"#
            #expect(try martlet.ask("PUT /v1/log-level", json: set, ["If-Match: \"a\""]).status == 412)
            #expect(try martlet.ask("PUT /v1/log-level", json: set, ["If-Match: " + level]).status == 200)
        }
    }

    @Test func numbersAreWholeHoweverTheyAreWritten() throws {
        try withAdmin { martlet in
            let path = "PATCH /v1/upstreams/app/servers/127.0.0.1:1"
            let answer = try martlet.ask(path, json: #"{"weight": 5.0, "maxInFlight": 2e2, "maxConnections": null}"#)
            #expect(answer.number("weight") == 5 && answer.number("maxInFlight") == 200, "\(answer.text)")
            for content in [#"{"weight": 5.5}"#, #"{"weight": 1e9}"#, #"{"weight": "5"}"#, #"{"maxInFlight": 0}"#] {
                expectProblem(try martlet.ask(path, json: content), 422)
            }
            let deep = String(repeating: "[", count: 40_000)
            expectProblem(try martlet.ask(path, json: deep), 400)
        }
    }

    @Test func aClientThatSendsItsContentTooSlowlyIsToldSo() throws {
        try withAdmin("rates: {request: 500B, grace: 1s}\n") { martlet in
            let socket = try TestSocket(path: martlet.socketPath)
            let fields = ["Host: localhost", "Content-Type: application/json", "Content-Length: 1000"]
            try socket.send(requestText("PUT /v1/log-level", fields) + "{")
            expectProblem(try socket.readResponse(), 408)
            #expect(try socket.receiveUntilGone().bytes.isEmpty)
            try eventually("nothing is left") { try martlet.ask("GET /v1/status").number("exchangesActive") == 1 }
        }
    }

    @Test func whoHasNothingMoreToSayIsAnswered() throws {
        try withAdmin { martlet in
            let socket = try TestSocket(path: martlet.socketPath)
            let get = requestText("GET /v1/status", ["Host: localhost"])
            let fields = ["Host: localhost", "Content-Type: application/json"]
            try socket.send(get + requestText("PUT /v1/log-level", fields, content: #"{"level":"error"}"#) + get)
            socket.shutdownSend()
            let answers = try (0..<3).map { _ in try socket.readResponse() }
            #expect(answers.map(\.status) == [200, 200, 200] && answers[1].words("level") == "error")
            #expect(try socket.receiveUntilGone().bytes.isEmpty)
            // Half a request is none.
            let half = try TestSocket(path: martlet.socketPath)
            try half.send(requestText("PUT /v1/log-level", fields + ["Content-Length: 100"]) + "{")
            half.shutdownSend()
            _ = try half.receiveUntilGone()
            #expect(try martlet.ask("GET /v1/log-level").words("level") == "error")
        }
    }

    /// They are not among the clients that `limits.connections` counts, so they have a limit of their own; who only holds
    /// connections keeps nobody out.
    @Test func idleConnectionsMakeRoom() throws {
        try withAdmin("admin: {address: '127.0.0.1:0', hosts: [test]}\n") { martlet in
            let held = try (0..<300).map { _ in try martlet.connect(to: "admin") }
            let asked = try martlet.connect(to: "admin")
            #expect(try asked.exchange("GET /readyz").status == 200)
            #expect(try martlet.metrics["martlet_connections_active"] ?? 999 <= 128)
            #expect(try held[0].receiveUntilGone().bytes.isEmpty, "the oldest has made room")
            #expect(try held[299].exchange("GET /readyz").status == 200, "the newest is there")
            #expect(try asked.exchange("GET /readyz").status == 200)
        }
    }

    /// One that is being answered is not taken away.
    @Test func whatIsGoingOnIsNotDisturbedByOthers() throws {
        try withAdmin { martlet in
            let fields = ["Host: localhost", "Content-Type: application/json", "Content-Length: 18"]
            let busy = try TestSocket(path: martlet.socketPath)
            try busy.send(requestText("PUT /v1/log-level", fields + ["Expect: 100-continue"]))
            #expect(try busy.readResponse().status == 100)
            let held = try (0..<200).map { _ in try TestSocket(path: martlet.socketPath) }
            #expect(try held[199].exchange("GET /readyz").status == 200)
            try busy.send(#"{"level": "error"}"#)
            #expect(try busy.readResponse().words("level") == "error")
        }
    }
}
