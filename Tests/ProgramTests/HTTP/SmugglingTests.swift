// Requests that two readers could take for different ones (RFC 9112 section 11.2). Each is refused, the connection ends,
// and no byte of it reaches a server.
import MartletTestSupport
import Testing

@Suite struct SmugglingTests {
    private static let evil = "GET /evil HTTP/1.1\r\nHost: a\r\n\r\n"
    private static let start = "POST / HTTP/1.1\r\nHost: a\r\n"

    /// Fields behind "POST / HTTP/1.1" and a Host.
    static let fields = [
        "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n",
        "Content-Length: 4\r\nContent-Length: 5\r\n\r\nabcde", "Content-Length: 4\r\nContent-Length: 4\r\n\r\nabcd",
        "Content-Length: 4, 4\r\n\r\nabcd", "Content-Length: +4\r\n\r\nabcd", "Content-Length: -1\r\n\r\n",
        "Content-Length: 0x4\r\n\r\nabcd", "Content-Length: 4 4\r\n\r\nabcd", "Content-Length:\r\n\r\n",
        "Content-Length: 99999999999999999999\r\n\r\nabcd", "Content-Length: 9223372036854775808\r\n\r\n",
        "Content-Length : 4\r\n\r\nabcd", "Content-Length\t: 4\r\n\r\nabcd", " Content-Length: 4\r\n\r\nabcd",
        "X: y\r\n Content-Length: 4\r\n\r\nabcd", "X: y\r\n\tz\r\n\r\n",
        "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n", "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n", "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n", "Transfer-Encoding: chunked;q=1\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: identity\r\n\r\n", "Transfer-Encoding:\r\n\r\n", "Transfer-Encoding: \u{b}chunked\r\n\r\n",
        "Transfer-Encoding\r\n: chunked\r\n\r\n0\r\n\r\n", "X: a\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "X: a\rTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "X: a\0b\r\n\r\n", "X: a\u{1}\r\n\r\n", "X y: z\r\n\r\n",
        ": empty\r\n\r\n", "X\u{e9}: a\r\n\r\n", "Host: b\r\n\r\n", "no-colon\r\n\r\n", "X: a\n\n", "X: a\r\n\n",
        "X: a\r\r\n\r\n", "(X): a\r\n\r\n",
    ]

    /// Whole requests.
    static let requests = [
        "GET / HTTP/1.1\nHost: a\n\n", "GET  / HTTP/1.1\r\nHost: a\r\n\r\n", "GET /\r\n\r\n",
        "GET / HTTP/1.1 \r\nHost: a\r\n\r\n",
        "GET / http/1.1\r\nHost: a\r\n\r\n", "GET / HTTP/1.1x\r\nHost: a\r\n\r\n", "GET\t/ HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /a b HTTP/1.1\r\nHost: a\r\n\r\n", "GET /\u{1} HTTP/1.1\r\nHost: a\r\n\r\n",
        "G@T / HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /#part HTTP/1.1\r\nHost: a\r\n\r\n", "GET a HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET * HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET ftp://a/ HTTP/1.1\r\nHost: a\r\n\r\n", "GET http://u@a/ HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET http:///x HTTP/1.1\r\nHost: a\r\n\r\n", "GET / HTTP/1.1\r\n\r\n", "GET / HTTP/1.1\r\nHost:\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", "GET / HTTP/1.1\r\nHost: a b\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: u@a\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a:b\r\n\r\n", "GET / HTTP/1.1\r\nHost: a:99999\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a,b\r\nHost: c\r\n\r\n",
        "POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "\r\n\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n",
        "\u{16}\u{3}\u{1}\u{2}\0\u{1}\0\u{1}", "\0\0\0\0", "SSH-2.0-x\r\n",
    ]

    /// Each on a connection of its own, all of them to one proxy.
    @Test(arguments: [fields.map { start + $0 }, requests])
    func neverReachAServer(attacks: [String]) throws {
        let origin = try Origin()
        try withMartlet(Configs.proxy(to: origin.server)) { martlet in
            for attack in attacks {
                let client = try martlet.connect()
                try client.send(attack + Self.evil)
                let answer = try client.readResponse()
                let sent = "\(attack.debugDescription)"
                #expect(answer.status == 400 && answer["Connection"] == "close", "\(sent)")
                #expect(try client.receiveUntilEnd() == [], "\(sent)")
                #expect(origin.requests.isEmpty && origin.server.connectionCount == 0, "\(sent)")
            }
        }
    }

    /// Chunks that are wrong: the request has begun to pass, so that the server must see it broken off, not ended.
    @Test(
        arguments: [
            "5\r\nhello", "5;\u{1}\r\nhello\r\n", "5 \r\nhello\r\n", "0x5\r\nhello\r\n", "-5\r\n", "\r\n5\r\nhello\r\n",
            "5\nhello\r\n",
            "5\r\nhello\n", "5\r\nhelloX\r\n", "5\r\nhello\r\nz\r\n", "10000000000000000\r\n", "FFFFFFFFFFFFFFFF\r\n",
            "5\rhello",
            "5;" + String(repeating: "x", count: 300) + "\r\nhello\r\n", "0\r\nX : y\r\n\r\n", "0\r\nX: y\n\r\n",
            "0\r\n X: y\r\n\r\n",
        ])
    func badChunksEndTheRequest(chunks: String) throws {
        let origin = try Origin()
        try withMartlet(Configs.proxy(to: origin.server)) { martlet in
            let client = try martlet.connect()
            try client.send(requestText("POST /", ["Transfer-Encoding: chunked"]) + "1\r\na\r\n")
            // The head is at the server, or on its way, when the wrong bytes come.
            #expect(origin.server.waitForConnections(1))
            try client.send(chunks + "!!" + Self.evil)
            let answer = try client.readResponse()
            let status = chunks.hasPrefix("5\r\nhello") && !chunks.hasSuffix("z\r\n") ? 400 : answer.status
            #expect((status == 400 || status == 431) && answer["Connection"] == "close")
            #expect(try client.receiveUntilGone().bytes == [])
            #expect(origin.server.waitForScripts())
            #expect(origin.requests == [])
        }
    }
}
