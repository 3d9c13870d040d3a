// Expect: 100-continue (RFC 9110 section 10.1.1).
import MartletTestSupport
import Testing

@Suite struct ExpectTests {
    private let head = requestText("POST /", ["Expect: 100-continue", "Content-Length: 5"])

    @Test func theServerSaysContinue() throws {
        let server = try ScriptedServer { socket, _ in
            let head = try socket.readRequestHead()
            // The content must not come before the server has asked for it.
            let isQuiet = socket.isQuiet(for: .milliseconds(20))
            try socket.send("HTTP/1.1 100 Continue\r\n\r\n")
            let content = String(decoding: try socket.receive(exactly: 5), as: UTF8.self)
            try socket.send(response(200, "\(head?["Expect"] ?? "") \(isQuiet) \(content)"))
        }
        try withMartlet(Configs.proxy(to: server)) { martlet in
            let client = try martlet.connect()
            try client.send(head)
            #expect(try client.readResponse().status == 100)
            try client.send("hello")
            #expect(try client.readResponse().text == "100-continue true hello")
            #expect(server.failures == [])
        }
    }

    @Test(arguments: [417, 401, 200])
    func theServerAnswersInstead(status: Int) throws {
        let server = try ScriptedServer { socket, _ in
            while try socket.readRequestHead() != nil { try socket.send(response(status, "early")) }
        }
        try withMartlet(Configs.proxy(to: server)) { martlet in
            let client = try martlet.connect()
            try client.send(head)
            let answer = try client.readResponse()
            #expect(answer.status == status && answer.text == "early")
            // Nobody knows whether the client will send the content now, so the connection is of no more use.
            #expect(answer["Connection"] == "close")
            #expect(try client.receiveUntilGone().bytes == [])
        }
    }

    @Test func theClientDoesNotWait() throws {
        let origin = try Origin { response(200, $0.text) }
        try withMartlet(Configs.proxy(to: origin.server)) { martlet in
            let client = try martlet.connect()
            try client.send(head + "hello" + requestText("POST /", content: "again"))
            #expect(try client.readResponse().text == "hello")
            #expect(try client.readResponse().text == "again")
        }
    }

    @Test func anOldServerThatSaysNothingGetsTheContentAllTheSame() throws {
        let origin = try Origin { response(200, $0.text) }
        try withMartlet(Configs.proxy(to: origin.server)) { martlet in
            let client = try martlet.connect()
            try client.send(head)
            // A client does not wait for ever (RFC 9110 section 10.1.1), here until the server has the head.
            #expect(origin.server.waitForConnections(1))
            try client.send("hello")
            #expect(try client.readResponse().text == "hello")
        }
    }

    @Test func anUnknownExpectationIsRefused() throws {
        let origin = try Origin()
        try withMartlet(Configs.proxy(to: origin.server)) { martlet in
            let answer = try martlet.request("GET /", ["Expect: miracles"])
            #expect(answer.status == 417)
            #expect(origin.requests == [])
        }
    }
}
