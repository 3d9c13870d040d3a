// HTTP/1.0 on either side (RFC 9112 appendix C.2).
import MartletTestSupport
import Testing

@Suite struct OldVersionTests {
    private let chunked = response(200, "3\r\nabc\r\n0\r\n\r\n", ["Transfer-Encoding: chunked"])

    @Test func anOldClientGetsContentUntilTheEnd() throws {
        let origin = try Origin { [chunked] _ in chunked }
        try withMartlet(Configs.proxy(to: origin.server)) { martlet in
            let client = try martlet.connect()
            try client.send("GET / HTTP/1.0\r\n\r\n")
            let answer = try client.readResponse()
            #expect(answer.text == "abc")
            #expect(answer["Transfer-Encoding"] == nil)
            #expect(answer["Connection"] == "close")
            let request = try origin.lastRequest
            #expect(request.version == "HTTP/1.1")
            #expect(request["Host"]?.isEmpty == false)
            #expect(request["Via"] == "1.0 martlet")
        }
    }

    @Test func anOldClientMayKeepItsConnection() throws {
        let origin = try Origin()
        try withMartlet(Configs.proxy(to: origin.server)) { martlet in
            let client = try martlet.connect()
            for target in ["/1", "/2"] {
                try client.send("GET \(target) HTTP/1.0\r\nHost: test\r\nConnection: keep-alive\r\n\r\n")
                let answer = try client.readResponse()
                #expect(answer.text == target)
                #expect(answer["Connection"] == "keep-alive")
            }
        }
    }

    @Test func aTruncatedChunkedResponseIsNotTakenForAWholeByAnOldClient() throws {
        let server = try ScriptedServer { socket, _ in
            _ = try socket.readRequest()
            try socket.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n")
        }
        try withMartlet(Configs.proxy(to: server)) { martlet in
            let client = try martlet.connect()
            try client.send("GET / HTTP/1.0\r\n\r\n")
            // An HTTP/1.0 client has nothing but the way the connection ends.
            #expect(try client.receiveUntilGone().ending == .reset)
        }
    }

    @Test func anOldServerClosesAfterItsResponse() throws {
        let server = try ScriptedServer { socket, _ in
            _ = try socket.readRequest()
            try socket.send("HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n\r\nold")
        }
        try withMartlet(Configs.proxy(to: server)) { martlet in
            let client = try martlet.connect()
            for _ in 0..<3 {
                let answer = try client.exchange("GET /")
                #expect(answer.version == "HTTP/1.1" && answer.text == "old")
                #expect(answer["Via"] == "1.0 martlet")
            }
            #expect(server.connectionCount == 3)
        }
    }

    @Test(arguments: [true, false])
    func anOldServerIsUsedAgainOnlyIfItSaysSo(keepsAlive: Bool) throws {
        let fields = keepsAlive ? "Connection: keep-alive\r\n" : ""
        let origin = try Origin { _ in "HTTP/1.0 200 OK\r\n\(fields)Content-Length: 3\r\n\r\nold" }
        try withMartlet(Configs.proxy(to: origin.server)) { martlet in
            for _ in 0..<2 {
                let answer = try martlet.request("GET /")
                #expect(answer.text == "old")
            }
            #expect(origin.server.connectionCount == (keepsAlive ? 1 : 2))
        }
    }

    @Test func interimResponsesAreKeptFromAnOldClient() throws {
        let origin = try Origin { _ in "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + response(200, "final") }
        try withMartlet(Configs.proxy(to: origin.server)) { martlet in
            let client = try martlet.connect()
            try client.send("GET / HTTP/1.0\r\n\r\n")
            #expect(try client.readResponse().text == "final")
        }
    }
}
