// Inputs to begin with: what is common, and what is near a border.

enum Corpus {
    static let requests: [String] = [
        "GET / HTTP/1.1\r\nHost: example.com\r\n\r\n",
        "GET /a/b?c=d HTTP/1.1\r\nHost: example.com:8080\r\nUser-Agent: x\r\nAccept: */*\r\nCookie: a=b; c=d\r\n\r\n",
        "POST /form HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\nhello",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTE: trailers\r\nConnection: TE\r\n\r\n0\r\n\r\n",
        "GET / HTTP/1.0\r\n\r\n",
        "POST / HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\nContent-Length: 3\r\n\r\nabc",
        "GET http://b:81/c?d HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET http://b?c HTTP/1.1\r\nHost: b\r\n\r\n",
        "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n",
        "OPTIONS http://b HTTP/1.1\r\nHost: a\r\n\r\n",
        "CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: [::1]:80\r\nConnection: close, X-A\r\nX-A: 1\r\nX-B: 2\r\nX-a: 3\r\n\r\n",
        "\r\n\r\nBREW /pot HTTP/1.1\r\nHost: a%20b\r\nX-Forwarded-For: 1.2.3.4\r\nVia: 1.0 x\r\n\r\n",
        "PUT / HTTP/1.1\r\nHost: a\r\nConnection: X-Forwarded-For, Host, Content-Length\r\nContent-Length: 0\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nConnection: Via, Forwarded, X-Real-IP, X-Request-ID, X-Forwarded-Proto\r\n"
            + "Connection: X-Forwarded-Host,X-Forwarded-Port\r\nX-Real-IP: 1\r\nForwarded: for=1\r\nX-Request-ID: 1\r\n"
            + "X-Forwarded-Proto: https\r\nX-Forwarded-Host: a\r\nX-Forwarded-Port: 1\r\nVia: 1.1 a\r\n\r\n",
    ]

    static let responses: [String] = [
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nServer: x\r\n\r\nhello",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nSet-Cookie: a\r\nSet-Cookie: b\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
        "HTTP/1.0 200 OK\r\n\r\nuntil close",
        "HTTP/1.1 204 No Content\r\nConnection: keep-alive\r\n\r\n",
        "HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n",
        "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\nETag: \"a\"\r\n\r\n",
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n",
        "HTTP/1.1 404\r\nConnection: close, X-A\r\nX-A: 1\r\nKeep-Alive: 5\r\n\r\n",
        "HTTP/1.1 500  caf\u{E9} \tx \r\nContent-Length: 9223372036854775807\r\n\r\n",
    ]

    static let chunks: [String] = [
        "0\r\n\r\n",
        "5\r\nhello\r\n0\r\n\r\nGET / HTTP/1.1\r\n",
        "1\r\na\r\n2\r\nbc\r\n3;x=\"y\"\r\ndef\r\n0\r\n\r\n",
        "A\r\n0123456789\r\n00000f\r\n0123456789abcde\r\n0;end\r\nX-A: 1\r\nX-B: 2\r\n\r\n",
        "4\r\n\r\n\r\n\r\n5\r\n0\r\n\r\n\r\n0\r\n\r\n",
        "7fffffffffffffff\r\nabc",
        "0000000000000001\r\nx\r\n0000000000000000\r\n\r\n",
    ]

    static let trailers: [String] = [
        "X-A: 1\r\n\r\n",
        "X-A: 1\r\nETag: \"a\"\r\nServer-Timing: a;b=c\r\n\r\n",
        "Content-Length: 5\r\nX-A:\r\nTransfer-Encoding: chunked\r\nHost: a\r\n\r\n",
        "Authorization: x\r\nCookie: a\r\nX-Forwarded-For: 1\r\n\r\n",
        "\r\n",
    ]

    static let streams: [String] =
        requests + [
            requests[0] + requests[2] + requests[0],
            requests[3] + requests[1] + requests[3],
            "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks[2] + requests[0],
            "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks[3] + requests[2],
            "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 40\r\n\r\n" + requests[0] + requests[0],
        ]
}
