// Servers that answer before they have the whole request (RFC 9112 section 9.3).
import MartletTestSupport
import Testing

@Suite struct EarlyResponseTests {
    private let head = requestText("POST /", ["Content-Length: 1000000"])
    private let part = String(repeating: "a", count: 1_000)

    @Test func theAnswerReachesAClientThatIsStillSending() throws {
        let server = try ScriptedServer { socket, _ in
            _ = try socket.readRequestHead()
            try socket.send(response(403, "no"))
        }
        try withMartlet(Configs.proxy(to: server)) { martlet in
            let client = try martlet.connect()
            try client.send(head + part)
            let answer = try client.readResponse()
            #expect(answer.status == 403 && answer.text == "no")
            // The rest of the content has nowhere to go.
            #expect(try client.receiveUntilGone().bytes == [])
        }
    }

    /// The client sends all of its content before it looks at the answer.
    @Test func theAnswerWaitsForAClientThatSendsFirst() throws {
        let server = try ScriptedServer { socket, _ in
            _ = try socket.readRequestHead()
            try socket.send(response(413, "too much"))
        }
        try withMartlet(Configs.proxy(to: server)) { martlet in
            let client = try martlet.connect()
            try client.send(head)
            for _ in 0..<1_000 { try client.send(part) }
            let answer = try client.readResponse()
            #expect(answer.status == 413 && answer.text == "too much")
        }
    }

    @Test func aServerThatReadsOnGetsAll() throws {
        let server = try ScriptedServer { socket, _ in
            while try socket.readRequestHead() != nil {
                try socket.send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel")
                _ = try socket.receive(exactly: 1_000_000)
                try socket.send("lo")
            }
        }
        try withMartlet(Configs.proxy(to: server)) { martlet in
            for _ in 0..<2 {
                let client = try martlet.connect()
                try client.send(head)
                for _ in 0..<1_000 { try client.send(part) }
                let answer = try client.readResponse()
                #expect(answer.text == "hello")
                // The client's connection may be given up, but not without a word.
                if answer["Connection"] == "close" { #expect(try client.receiveUntilEnd() == []) }
            }
            #expect(server.failures == [])
        }
    }

    @Test func aResetInTheMiddleOfTheContentIsAnswered() throws {
        let server = try ScriptedServer { socket, _ in
            _ = try socket.readRequestHead()
            _ = try socket.receive(exactly: 500)
            socket.reset()
        }
        try withMartlet(Configs.proxy(to: server)) { martlet in
            let client = try martlet.connect()
            try client.send(head + part)
            #expect(try client.readResponse().status == 502)
            #expect(server.connectionCount == 1)
        }
    }
}
