import MartletTestSupport
import Testing

@Suite struct HTTPReaderTests {
    /// Calls `body` with a client whose server has sent `text` and ended the stream.
    private func receiving(_ text: String, _ body: (TestSocket) throws -> Void) throws {
        let server = try ScriptedServer { socket, _ in try socket.send(text) }
        try body(try TestSocket(port: server.port))
        #expect(server.waitForScripts())
    }

    @Test func readsContentByLength() throws {
        try receiving(
            "HTTP/1.1 200 OK\r\nA: 1\r\na:  2 \r\nContent-Length: 5\r\n\r\nhelloHTTP/1.1 204 \r\n\r\n"
        ) { socket in
            let response = try socket.readResponse()
            #expect(response.status == 200 && response.reason == "OK" && response.version == "HTTP/1.1")
            #expect(response.values("A") == ["1", "2"])
            #expect(response["content-length"] == "5")
            #expect(response.text == "hello")
            #expect(try socket.readResponse().status == 204)
        }
    }

    @Test func readsChunksAndTrailers() throws {
        try receiving(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\nA\r\n0123456789\r\n0\r\nSum: 7\r\n\r\n"
        ) { socket in
            let response = try socket.readResponse()
            #expect(response.text == "abc0123456789")
            #expect(response.trailers == [HTTPField("Sum", "7")])
        }
    }

    @Test func readsUntilTheEnd() throws {
        try receiving("HTTP/1.0 200 OK\r\n\r\nall of it") { socket throws in
            #expect(try socket.readResponse().text == "all of it")
        }
    }

    @Test func aResponseToHEADHasNoContent() throws {
        try receiving("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n") { socket throws in
            #expect(try socket.readResponse(to: "HEAD").content == [])
        }
    }

    @Test func readsRequestsUntilTheClientIsDone() throws {
        try receiving(
            "POST /a HTTP/1.1\r\nContent-Length: 2\r\n\r\nhiGET /b HTTP/1.1\r\nHost: x\r\n\r\n"
        ) { socket in
            let first = try #require(try socket.readRequest())
            #expect(first.method == "POST" && first.target == "/a" && first.text == "hi")
            let second = try #require(try socket.readRequest())
            #expect(second.method == "GET" && second["host"] == "x" && second.content == [])
            #expect(try socket.readRequest() == nil)
        }
    }

    @Test(arguments: [
        "HTTP/1.1 200\r\n\r\n", "HTTP/1.1 20 OK\r\n\r\n", "HTTP/1.1 200 OK\r\nbroken\r\n\r\n",
        "HTTP/1.1 200 OK\r\nA : 1\r\n\r\n", "HTTP/1.1 200 OK\r\nA: 1\n\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell",
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\na",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nabc\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
    ])
    func refusesWhatIsBroken(text: String) throws {
        try receiving(text) { socket in
            #expect(throws: TestFailure.self) { try socket.readResponse() }
        }
    }
}
