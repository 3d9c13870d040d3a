// Fields behind chunked content (RFC 9110 section 6.5).
import MartletTestSupport
import Testing

@Suite struct TrailerTests {
    @Test func trailersPassBothWays() throws {
        let origin = try Origin { _ in
            response(
                200, "1\r\nx\r\n0\r\nX-Sum: 7\r\nX-Sum: 8\r\n\r\n", ["Transfer-Encoding: chunked", "Trailer: X-Sum"])
        }
        try withMartlet(Configs.proxy(to: origin.server)) { martlet in
            let client = try martlet.connect()
            try client.send(
                requestText("POST /", ["Transfer-Encoding: chunked", "TE: trailers", "Connection: TE"])
                    + "1\r\na\r\n0\r\nX-Check: ok\r\nX-Empty:\r\n\r\n")
            let answer = try client.readResponse()
            #expect(answer.trailers == [HTTPField("X-Sum", "7"), HTTPField("X-Sum", "8")])
            let request = try origin.lastRequest
            #expect(request.trailers == [HTTPField("X-Check", "ok"), HTTPField("X-Empty", "")])
            #expect(request["TE"] == "trailers")
        }
    }

    @Test func fieldsThatMustNotBeTrailersAreDropped() throws {
        let bad = "Content-Length: 9\r\nTransfer-Encoding: chunked\r\nHost: evil\r\nConnection: close\r\n"
        let origin = try Origin { _ in
            response(200, "0\r\n\(bad)Set-Cookie: a=b\r\nX-Good: 1\r\n\r\n", ["Transfer-Encoding: chunked"])
        }
        try withMartlet(Configs.proxy(to: origin.server)) { martlet in
            let client = try martlet.connect()
            try client.send(
                requestText("POST /", ["Transfer-Encoding: chunked", "TE: trailers"])
                    + "0\r\n\(bad)Authorization: x\r\nX-Forwarded-For: 1.2.3.4\r\nX-Good: 1\r\n\r\n")
            #expect(try client.readResponse().trailers == [HTTPField("X-Good", "1")])
            #expect(try origin.lastRequest.trailers == [HTTPField("X-Good", "1")])
        }
    }

    /// A field that Connection nominates ends at this hop, in a trailer section as well (RFC 9110 section 7.6.1).
    @Test func trailersOfAHeadThatNominatesFieldsAreDropped() throws {
        let chunked = "Transfer-Encoding: chunked"
        let origin = try Origin { request in
            let more = request.target == "/nominates" ? ["Connection: X-Sum"] : []
            return response(200, "0\r\nX-Sum: 7\r\n\r\n", [chunked] + more)
        }
        try withMartlet(Configs.proxy(to: origin.server)) { martlet in
            let client = try martlet.connect()
            try client.send(requestText("POST /nominates", [chunked]) + "0\r\nX-Check: ok\r\n\r\n")
            #expect(try client.readResponse().trailers == [])
            #expect(try origin.lastRequest.trailers == [HTTPField("X-Check", "ok")])
            try client.send(requestText("POST /", [chunked, "Connection: X-Check"]) + "0\r\nX-Check: ok\r\n\r\n")
            #expect(try client.readResponse().trailers == [HTTPField("X-Sum", "7")])
            #expect(try origin.lastRequest.trailers == [])
        }
    }

    @Test func trailersInPiecesPassToo() throws {
        let server = try ScriptedServer { socket, _ in
            _ = try socket.readRequest()
            try socket.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
            for byte in "4\r\nbody\r\n0\r\nX-A: one\r\nX-B: two\r\n\r\n".utf8 { try socket.send([byte]) }
        }
        try withMartlet(Configs.proxy(to: server)) { martlet in
            let answer = try martlet.request("GET /", ["TE: trailers"])
            #expect(answer.text == "body")
            #expect(answer.trailers == [HTTPField("X-A", "one"), HTTPField("X-B", "two")])
        }
    }

    @Test func trailersAreLostWhereThereAreNoChunks() throws {
        let origin = try Origin { _ in
            response(200, "1\r\nx\r\n0\r\nX-Sum: 7\r\n\r\n", ["Transfer-Encoding: chunked"])
        }
        try withMartlet(Configs.proxy(to: origin.server)) { martlet in
            let client = try martlet.connect()
            try client.send("GET / HTTP/1.0\r\n\r\n")
            #expect(try client.readResponse().text == "x")
        }
    }
}
