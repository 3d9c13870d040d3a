import Glibc
import MartletTestSupport
import Testing

/// The listener for operators.
@Suite(.timeLimit(.minutes(20))) struct AdminTests {
    private func withAdmin(_ more: String = "", _ test: (RunningMartlet, TestSocket) throws -> Void) throws {
        let origin = try Origin()
        try withMartlet(Configs.proxy(to: origin.server, more)) { martlet in
            try test(martlet, try martlet.connect(to: "admin"))
            #expect(origin.requests.isEmpty, "a question of an operator went to a server")
        }
    }

    @Test func healthIsAnswered() throws {
        try withAdmin { _, admin in
            let answer = try admin.exchange("GET /healthz")
            #expect(answer.status == 200 && answer.text == "ok\n")
            #expect(answer["Content-Type"] == "text/plain; charset=utf-8")
            #expect(answer["Cache-Control"] == "no-store")
            #expect(try admin.exchange("GET /healthz?verbose").status == 200)
            #expect(try admin.exchange("GET http://any.test/healthz").status == 200)
        }
    }

    @Test func headHasTheSameFieldsAndNoContent() throws {
        try withAdmin { _, admin in
            for path in ["/healthz", "/metrics"] {
                let answer = try admin.exchange("HEAD " + path)
                #expect(answer.status == 200 && answer.content.isEmpty)
                #expect(answer["Content-Length"].flatMap { Int($0) } ?? 0 > 0)
            }
            #expect(try admin.exchange("GET /healthz").text == "ok\n", "nothing was left on the connection")
        }
    }

    @Test(arguments: ["POST", "PUT", "DELETE", "OPTIONS"])
    func otherMethodsAreRefusedWithThoseAllowed(method: String) throws {
        try withAdmin { _, admin in
            let answer = try admin.exchange(method + " /metrics")
            #expect(answer.status == 405 && answer["Allow"] == "GET, HEAD")
            #expect(try admin.exchange("GET /healthz").status == 200)
        }
    }

    @Test func contentThatNobodyWantsDoesNoHarm() throws {
        try withAdmin { martlet, admin in
            let answer = try admin.exchange("POST /healthz", content: String(repeating: "a", count: 200_000))
            #expect(answer.status == 405)
            let chunked = try martlet.connect(to: "admin")
            try chunked.send(requestText("POST /healthz", ["Transfer-Encoding: chunked"]) + "3\r\nabc\r\n0\r\n\r\n")
            #expect(try chunked.readResponse().status == 405)
            // Content that comes later, or never.
            let late = try martlet.connect(to: "admin")
            try late.send(requestText("POST /healthz", ["Content-Length: 10"]))
            #expect(try late.readResponse().status == 405)
            try? late.send("0123456789")
            _ = try late.receiveUntilGone()
            #expect(try martlet.admin("/healthz").status == 200)
        }
    }

    @Test func whatIsNotThereIsNotThere() throws {
        try withAdmin { _, admin in
            let paths = ["/nothing", "/metrics/", "/healthz/x", "/"]
            let statuses = try paths.map { try admin.exchange("GET " + $0).status }
            #expect(statuses == [404, 404, 404, 200])
        }
    }

    @Test func whatIsNoHTTPIsRefused() throws {
        try withAdmin { martlet, admin in
            try admin.send("GET /healthz HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n")
            #expect(try admin.readResponse().status == 400)
            #expect(try martlet.connect(to: "admin").exchange("GET /healthz").status == 200)
        }
    }

    @Test func pipelinedQuestionsAreAnsweredInOrder() throws {
        try withAdmin { _, admin in
            try admin.send(["/healthz", "/nothing", "/healthz"].map { requestText("GET " + $0) }.joined())
            let statuses = try (0..<3).map { _ in try admin.readResponse().status }
            #expect(statuses == [200, 404, 200])
        }
    }

    @Test func clientsDoNotReachIt() throws {
        let origin = try Origin { _ in response(200, "the server's") }
        try withMartlet(Configs.proxy(to: origin.server)) { martlet in
            let client = try martlet.connect()
            #expect(try client.exchange("GET /metrics").text == "the server's")
            #expect(try client.exchange("GET /healthz").text == "the server's")
            #expect(try martlet.admin("/healthz").text == "ok\n")
        }
    }

    @Test func withoutItThereIsNone() throws {
        let martlet = try RunningMartlet("listeners: [{address: '127.0.0.1:0'}]\nadmin: off\n")
        #expect(martlet.addresses.map(\.listener) == ["127.0.0.1:0"])
        #expect(try martlet.request("GET /metrics").status == 404)
        try martlet.stop()
    }

    @Test func itSaysThatTheProxyDrains() throws {
        let server = try ScriptedServer { socket, _ in
            _ = try socket.readRequest()
            _ = try socket.receiveUntilGone()
        }
        let martlet = try RunningMartlet(Configs.proxy(to: server, "timeouts: {drain: 10s}\n"))
        let client = try martlet.connect()
        try client.send(requestText("GET /"))
        #expect(server.waitForConnections(1))
        let admin = try martlet.connect(to: "admin")
        #expect(try admin.exchange("GET /healthz").status == 200)
        martlet.process.signal(SIGTERM)
        try martlet.process.waitForOutput(containing: "draining", on: .errors)
        let last = try admin.exchange("GET /healthz")
        #expect(last.status == 503 && last.text == "draining\n")
        client.reset()
        #expect(try martlet.process.wait() == .code(0))
    }
}
