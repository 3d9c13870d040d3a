// Servers that send what is no response, or half of one.
import Foundation
import MartletTestSupport
import Testing

@Suite struct MisbehavingServerTests {
    /// A server that sends `bytes` for each request, and then closes or resets.
    private static func server(sending bytes: String, resets: Bool = false) throws -> ScriptedServer {
        try ScriptedServer { socket, _ in
            _ = try socket.readRequest()
            try socket.send(bytes)
            if resets { socket.reset() }
        }
    }

    /// What is no head; the client gets an honest error, and nothing of the bytes.
    static let heads = [
        "", "HTTP", "HTTP/1.1 200", "HTTP/1.1 200 OK\r\nX: evil\r\n", "evil garbage\r\n\r\n",
        "HTTP/1.1 2x0 OK\r\n\r\nevil",
        "HTTP/1.1 099 evil\r\n\r\n", "HTTP/1.1 600 evil\r\n\r\n", "HTTP/2.0 200 evil\r\n\r\n",
        "http/1.1 200 evil\r\n\r\n",
        "HTTP/1.1  200 evil\r\n\r\n", "HTTP/1.1 200 OK\nX: evil\n\n", "HTTP/1.1 200 OK\r\nX: e\nvil\r\n\r\n",
        "HTTP/1.1 200 OK\r\nX: e\rvil\r\n\r\n", "HTTP/1.1 200 OK\r\nX : evil\r\n\r\n",
        "HTTP/1.1 200 OK\r\n X: evil\r\n\r\n",
        "HTTP/1.1 200 OK\r\nX: evil\0\r\n\r\n", "HTTP/1.1 200 e\u{1}vil\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\nevil",
        "HTTP/1.1 200 OK\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nevil!",
        "HTTP/1.1 200 OK\r\nContent-Length: -4\r\n\r\nevil", "HTTP/1.1 200 OK\r\nContent-Length: 4, 4\r\n\r\nevil",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\nevil",
        "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nevil",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: evil\r\n\r\nevil", "HTTP/1.1 100 Continue\r\n\r\n", "SSH-2.0-evil\r\n",
        "HTTP/1.1 200 OK\r\nX: " + String(repeating: "evil", count: 10_000) + "\r\n\r\n",
        "HTTP/1.1 200 OK\r\n" + String(repeating: "X: evil\r\n", count: 201) + "\r\n",
    ]

    @Test(arguments: 0..<heads.count)
    func aBrokenHeadIsABadGateway(index: Int) throws {
        let server = try Self.server(sending: Self.heads[index])
        try withMartlet(Configs.proxy(to: server)) { martlet in
            let client = try martlet.connect()
            // Twice, because the client's connection is as good as before.
            for target in ["/1", "/2"] {
                try client.send(requestText("GET " + target))
                var answer = try client.readResponse()
                // One for each try, at most: interim responses are passed on as they come.
                for _ in 0..<3 where answer.status == 100 { answer = try client.readResponse() }
                #expect(answer.status == 502, "\(Self.heads[index].prefix(100).debugDescription)")
                #expect(!answer.text.contains("evil"))
                let line = try martlet.accessLogLine(target: target)
                #expect(line["side"] == "server" && line["error"]?.isEmpty == false)
            }
        }
    }

    @Test func aResetIsABadGatewayToo() throws {
        let server = try Self.server(sending: "HTTP/1.1 200 OK\r\nX: ", resets: true)
        try withMartlet(Configs.proxy(to: server)) { martlet in
            let client = try martlet.connect()
            #expect(try client.exchange("GET /").status == 502)
        }
    }

    /// Content that is broken off: the client must not take it for the whole.
    @Test(
        arguments: [
            "Content-Length: 100\r\n\r\nhalf", "Transfer-Encoding: chunked\r\n\r\n64\r\nhalf",
            "Transfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n", "Transfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n0\r\n",
            "Transfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n0\r\nX: y\r\n",
            "Transfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\nzz\r\n",
            "Transfer-Encoding: chunked\r\n\r\n4\r\nhalfway\r\n0\r\n\r\n",
        ], [true, false])
    func brokenContentBreaksTheClientsConnection(rest: String, resets: Bool) throws {
        let server = try Self.server(sending: "HTTP/1.1 200 OK\r\n" + rest, resets: resets)
        try withMartlet(Configs.proxy(to: server)) { martlet in
            let client = try martlet.connect()
            try client.send(requestText("GET /"))
            #expect(throws: TestFailure.self, "a response that was cut was passed as a whole") {
                let answer = try client.readResponse()
                // An error page is right as well when not even the head had gone to the client.
                if answer.status == 502 { throw TestFailure("an honest answer") }
            }
            try martlet.waitForMetric("martlet_exchanges_active", 1)
        }
    }

    @Test func aServerThatNeverAnswersTimesOut() throws {
        let server = try ScriptedServer { socket, _ in _ = try socket.receiveUntilGone() }
        try withMartlet(Configs.proxy(to: server, upstream: ["responseTimeout: 100ms"])) { martlet in
            let client = try martlet.connect()
            #expect(try client.exchange("GET /slow").status == 504)
            let line = try martlet.accessLogLine(target: "/slow")
            #expect(line["error"] == "response timeout" && line["server"] == server.address)
            #expect(server.waitForScripts())
        }
    }

    /// A head that comes for ever, a byte now and then, is no first byte of a response either.
    @Test func aHeadThatNeverEndsTimesOut() throws {
        let server = try ScriptedServer { socket, _ in
            _ = try socket.readRequest()
            try socket.send("HTTP/1.1 200 OK\r\nX: ")
            while socket.isQuiet(for: .milliseconds(5)) { try socket.send("x") }
        }
        try withMartlet(Configs.proxy(to: server, upstream: ["responseTimeout: 200ms"])) { martlet in
            let client = try martlet.connect()
            #expect([502, 504].contains(try client.exchange("GET /").status))
        }
    }

    @Test func aServerThatHalfClosesBehindItsResponseIsFine() throws {
        let server = try ScriptedServer { socket, _ in
            _ = try socket.readRequest()
            try socket.send(response(200, "good"))
            socket.shutdownSend()
            _ = try socket.receiveUntilGone()
        }
        try withMartlet(Configs.proxy(to: server)) { martlet in
            let client = try martlet.connect()
            for _ in 0..<3 { #expect(try client.exchange("GET /").text == "good") }
        }
    }

    @Test func fieldsCannotBeSmuggledIntoTheClientsHead() throws {
        let origin = try Origin { _ in
            response(200, "", ["Location: /a%0d%0aSet-Cookie:%20x", "X-Odd: a\u{85}b\u{2028}c", "Set-Cookie: good=1"])
        }
        try withMartlet(Configs.proxy(to: origin.server)) { martlet in
            let answer = try martlet.request("GET /%0d%0aX-Evil:%201?a=%0d%0a", ["X-Odd: \u{85}\u{2028}"])
            #expect(answer.values("Set-Cookie") == ["good=1"] && answer["Location"] == "/a%0d%0aSet-Cookie:%20x")
            let request = try origin.lastRequest
            #expect(request.target == "/%0D%0AX-Evil:%201?a=%0d%0a" && request["X-Evil"] == nil)
        }
    }
}
