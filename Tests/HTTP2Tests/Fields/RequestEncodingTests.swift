// Requests composed for HTTP/1 become blocks of fields.

import MartletHTTPCore
import Testing

@testable import MartletHTTP2

struct RequestEncodingTests {
    @Test func aPlainOne() {
        var writer = Writer()
        let bytes = text(
            "GET / HTTP/1.1", "Host: a.example", "User-Agent: x", "TE: trailers", "Connection: TE", "Accept: */*")
        let encoded = writer.request(bytes)
        let fields = [
            ":method: GET", ":scheme: https", ":path: /", ":authority: a.example", "user-agent: x", "te: trailers",
            "accept: */*",
        ]
        #expect(encoded?.fields == fields && encoded?.head == EncodedHead(status: 0, textBytes: bytes.count))
        // Again: an index for each.
        let again = writer.request(bytes + [1, 2, 3])
        #expect(again?.fields == fields && again?.bytes.count == fields.count)
        #expect(writer.request(bytes, isSecure: false)?.fields[1] == ":scheme: http")
    }

    static let lines: [(String, [String])] = [
        ("POST /a?b=c HTTP/1.1", [":method: POST", ":scheme: https", ":path: /a?b=c", ":authority: a"]),
        ("DELETE /index.html HTTP/1.1", [":method: DELETE", ":scheme: https", ":path: /index.html", ":authority: a"]),
        ("OPTIONS * HTTP/1.1", [":method: OPTIONS", ":scheme: https", ":path: *", ":authority: a"]),
        (
            "M-SEARCH! /HTTP/1.1 HTTP/1.1",
            [":method: M-SEARCH!", ":scheme: https", ":path: /HTTP/1.1", ":authority: a"]
        ),
        ("CONNECT b:443 HTTP/1.1", [":method: CONNECT", ":authority: b:443"]),
    ]

    @Test(arguments: lines)
    func requestLines(line: String, fields: [String]) {
        var writer = Writer()
        for _ in 0..<2 {
            #expect(writer.request(text(line, "Host: a", "X: y"))?.fields == fields + ["x: y"])
        }
    }

    /// Host wherever it stands, in any spelling, with others that look like it; once.
    @Test func host() {
        var writer = Writer()
        let pseudo = [":method: GET", ":scheme: https", ":path: /", ":authority: b:81"]
        let line = "GET / HTTP/1.1"
        for host in ["Host: b:81", "host:b:81", "HOST:  \tb:81 "] {
            #expect(writer.request(text(line, host))?.fields == pseudo)
            #expect(writer.request(text(line, "X: y", host, "Z: z"))?.fields == pseudo + ["x: y", "z: z"])
            #expect(writer.request(text(line, "Hosts: c", host))?.fields == pseudo + ["hosts: c"])
            #expect(writer.request(text(line, host, "Host: other"))?.fields == pseudo)
        }
        #expect(writer.request(text(line, "X: y"))?.fields == Array(pseudo.dropLast()) + ["x: y"])
        // In a response it is a field like others.
        #expect(writer.response(text("HTTP/1.1 200 OK", "Host: a"))?.fields == [":status: 200", "host: a"])
    }

    /// An authority has its index, which is not that of a field with the same value.
    @Test func authorities() {
        var writer = Writer()
        let pseudo = [":method: GET", ":scheme: https", ":path: /"]
        for host in ["a", "b", "a", "b", String(repeating: "long.", count: 60), "a"] {
            let encoded = writer.request(text("GET / HTTP/1.1", "Host: \(host)", "Origin: \(host)"))
            #expect(encoded?.fields == pseudo + [":authority: \(host)", "origin: \(host)"])
        }
        #expect(writer.request(text("GET / HTTP/1.1", "Host: a", "Origin: a"))?.bytes.count == 5)
    }

    /// An Upgrade becomes an extended CONNECT (RFC 8441 section 5).
    @Test func extendedConnect() {
        var writer = Writer()
        let bytes = text(
            "GET /chat HTTP/1.1", "Host: a", "Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Key: x",
            "Sec-WebSocket-Version: 13")
        #expect(
            writer.request(bytes, protocol: "websocket")?.fields == [
                ":method: CONNECT", ":protocol: websocket", ":scheme: https", ":path: /chat", ":authority: a",
                "sec-websocket-version: 13",
            ])
    }

    static let refused = [
        "", "GET / HTTP/1.1", "GET / HTTP/1.1\r\n", "GET / HTTP/1.1\r\nHost: a\r\n", "GET / HTTP/1.1\r\nHost: a\r\n\r",
        "GET / HTTP/1.0\r\n\r\n", "GET /HTTP/1.1\r\n\r\n", "GET  HTTP/1.1\r\n\r\n", " / HTTP/1.1\r\n\r\n",
        "GET http://a/ HTTP/1.1\r\n\r\n", "GET a HTTP/1.1\r\n\r\n", "OPTIONS ** HTTP/1.1\r\n\r\n",
        "\r\n\r\n\r\n\r\n\r\n\r\n\r\n",
        "GET / HTTP/1.1\nHost: a\n\n", "GET / HTTP/1.1\r\nHost\r\n\r\n", "HTTP/1.1 200 OK\r\n\r\n",
    ]

    @Test(arguments: refused)
    func isNoHead(text: String) {
        var writer = Writer()
        #expect(writer.request(Array(text.utf8)) == nil)
        #expect(writer.request(Array(text.utf8), protocol: "websocket") == nil)
    }

    @Test func cutShortAndNoRoom() {
        var writer = Writer()
        let bytes = text("GET /path HTTP/1.1", "Host: a.example", "User-Agent: some agent", "X-Other: y")
        for end in bytes.indices {
            #expect(writer.request(Array(bytes[..<end])) == nil)
            #expect(writer.request(bytes)?.fields.count == 6)
        }
        for room in 8..<8 + 24 {
            var writer = Writer()
            #expect(writer.request(bytes, room: room) == nil)
            #expect(writer.request(bytes)?.fields.count == 6)
        }
    }
}
