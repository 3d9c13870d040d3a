// Where messages end, towards both sides (RFC 9112 section 6).
import MartletTestSupport
import Testing

@Suite struct FramingTests {
    @Test func contentWithALength() throws {
        let origin = try Origin { response(200, "you said " + $0.text) }
        try withMartlet(Configs.proxy(to: origin.server)) { martlet in
            let answer = try martlet.request("POST /", content: "good morning")
            #expect(answer.text == "you said good morning")
            #expect(answer["Content-Length"] == "21")
            #expect(try origin.lastRequest["Content-Length"] == "12")
            #expect(try origin.lastRequest["Transfer-Encoding"] == nil)
        }
    }

    @Test func chunkedContentWithExtensions() throws {
        let origin = try Origin {
            response(200, "5;a=b\r\nhello\r\n1\r\n!\r\n0\r\n\r\n", ["Transfer-Encoding: chunked"]) + $0.text.prefix(0)
        }
        try withMartlet(Configs.proxy(to: origin.server)) { martlet in
            let client = try martlet.connect()
            try client.send(requestText("POST /", ["Transfer-Encoding: chunked"]))
            try client.send("3\r\nabc\r\n00A;x=\"y\"\r\n0123456789\r\n0\r\n\r\n")
            let answer = try client.readResponse()
            #expect(answer.text == "hello!")
            #expect(answer["Content-Length"] == nil)
            #expect(try origin.lastRequest.text == "abc0123456789")
            #expect(try client.exchange("GET /next").text == "hello!")
        }
    }

    @Test func contentUntilTheServerClosesIsChunkedForTheClient() throws {
        let server = try ScriptedServer { socket, _ in
            _ = try socket.readRequest()
            try socket.send("HTTP/1.1 200 OK\r\n\r\npart one, ")
            try socket.send("part two")
        }
        try withMartlet(Configs.proxy(to: server)) { martlet in
            let client = try martlet.connect()
            for _ in 0..<2 {
                let answer = try client.exchange("GET /")
                #expect(answer.text == "part one, part two")
                #expect(answer["Transfer-Encoding"] == "chunked")
            }
            #expect(server.connectionCount == 2)
        }
    }

    @Test func headHasALengthAndNoContent() throws {
        let origin = try Origin { request in
            request.method == "HEAD" ? "HTTP/1.1 200 OK\r\nContent-Length: 1234\r\n\r\n" : response(200, "content")
        }
        try withMartlet(Configs.proxy(to: origin.server)) { martlet in
            let client = try martlet.connect()
            let answer = try client.exchange("HEAD /")
            #expect(answer["Content-Length"] == "1234")
            #expect(try client.exchange("GET /").text == "content")
            #expect(origin.server.connectionCount == 1)
        }
    }

    @Test(arguments: [
        "204 No Content\r\n\r\n",
        "304 Not Modified\r\nContent-Length: 70\r\nETag: \"x\"\r\n\r\n",
        "304 Not Modified\r\nTransfer-Encoding: chunked\r\n\r\n",
    ])
    func statusesWithoutContent(head: String) throws {
        let origin = try Origin { request in
            request.target == "/empty" ? "HTTP/1.1 " + head : response(200, "content")
        }
        try withMartlet(Configs.proxy(to: origin.server)) { martlet in
            let client = try martlet.connect()
            let answer = try client.exchange("GET /empty")
            #expect("\(answer.status) \(answer.reason)" == head.prefix { $0 != "\r\n" })
            #expect(try client.exchange("GET /").text == "content")
        }
    }

    @Test func aPostWithoutContentStaysWithout() throws {
        let origin = try Origin()
        try withMartlet(Configs.proxy(to: origin.server)) { martlet in
            let client = try martlet.connect()
            #expect(try client.exchange("POST /", ["Content-Length: 0"]).status == 200)
            #expect(try origin.lastRequest["Content-Length"] == "0")
            #expect(try client.exchange("DELETE /").status == 200)
            #expect(try origin.lastRequest["Content-Length"] == nil)
        }
    }
}
