// The forms of a request's target (RFC 9112 section 3.2).
import MartletTestSupport
import Testing

@Suite struct TargetFormTests {
    @Test(arguments: [
        ("GET http://example.com/a?b", "/a?b", "example.com"),
        ("GET http://example.com:81", "/", "example.com:81"),
        ("GET HTTP://[::1]/x", "/x", "[::1]"),
        ("GET http://example.com?q=/", "/?q=/", "example.com"),
        ("OPTIONS *", "*", "ignored"),
        ("OPTIONS http://example.com", "*", "example.com"),
        ("GET /x/%2e%2E/a//b/../c?x=%00", "/a/c?x=%00", "ignored"),
        ("GET http://example.com//%61/./%c3%a9?b=//..", "/a/%C3%A9?b=//..", "example.com"),
    ])
    func targetsForTheServer(line: String, target: String, host: String) throws {
        let origin = try Origin()
        try withMartlet(Configs.proxy(to: origin.server)) { martlet in
            _ = try martlet.request(line, ["Host: ignored"])
            let request = try origin.lastRequest
            #expect(request.target == target)
            #expect(request.values("Host") == [host])
        }
    }

    @Test func connectIsRefused() throws {
        let origin = try Origin()
        try withMartlet(Configs.proxy(to: origin.server)) { martlet in
            let client = try martlet.connect()
            try client.send("CONNECT example.com:443 HTTP/1.1\r\nHost: example.com:443\r\n\r\n\u{16}\u{3}\u{1}")
            let answer = try client.readResponse()
            #expect(answer.status == 405)
            #expect(answer["Allow"]?.contains("GET") == true && answer["Allow"]?.contains("CONNECT") == false)
            #expect(answer["Connection"] == "close")
            #expect(try client.receiveUntilGone().bytes == [])
            #expect(origin.requests == [])
        }
    }

    @Test func anUnknownMethodPasses() throws {
        let origin = try Origin { response(200, $0.method) }
        try withMartlet(Configs.proxy(to: origin.server)) { martlet in
            for method in ["PROPFIND", "get"] {
                let answer = try martlet.request(method + " /")
                #expect(answer.text == method)
            }
        }
    }
}
