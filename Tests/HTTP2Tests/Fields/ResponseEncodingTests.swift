// Responses composed for HTTP/1 become blocks of fields.

import MartletHTTPCore
import Testing

@testable import MartletHTTP2

struct ResponseEncodingTests {
    @Test func aPlainOne() {
        var writer = Writer()
        let bytes = text("HTTP/1.1 200 OK", "Server: x", "Content-Type: text/plain", "Content-Length: 5")
        let encoded = writer.response(bytes + Array("hello".utf8))
        #expect(encoded?.fields == [":status: 200", "server: x", "content-type: text/plain", "content-length: 5"])
        #expect(encoded?.head == EncodedHead(status: 200, textBytes: bytes.count, contentLength: 5))
    }

    @Test func theSecondTimeItIsShort() {
        var writer = Writer()
        let bytes = text(
            "HTTP/1.1 200 OK", "Server: nginx", "Date: Tue, 15 Nov 1994 08:12:31 GMT", "Vary: accept",
            "X-Frame-Options: DENY",
            "Cache-Control: no-store", "Via: 1.1 martlet")
        let first = writer.response(bytes)
        let second = writer.response(bytes)
        #expect(second?.fields == first?.fields && second?.bytes.count == 7)
        #expect(second?.bytes[0] == 0x88 && second?.bytes.dropFirst().allSatisfy { $0 >= 0xBE } == true)
    }

    @Test(arguments: [100, 103, 199, 200, 201, 204, 206, 299, 301, 302, 304, 400, 404, 418, 500, 503, 599])
    func statuses(status: Int) {
        var writer = Writer()
        let encoded = writer.response(text("HTTP/1.1 \(status) Some reason: or other"))
        #expect(encoded?.fields == [":status: \(status)"] && encoded?.head.status == status)
        #expect(writer.response(text("HTTP/1.1 \(status) "))?.fields == [":status: \(status)"])
        let isIndexed = [200, 204, 206, 304, 400, 404, 500].contains(status)
        #expect(encoded?.bytes.count == (isIndexed ? 1 : 5))
    }

    /// Fields about the connection, in any spelling.
    @Test func whatIsLeftOut() {
        var writer = Writer()
        let bytes = text(
            "HTTP/1.1 200 OK", "Connection: close", "A: 1", "keep-alive: timeout=5", "Transfer-Encoding: chunked",
            "B: 2",
            "UPGRADE: h2c", "Proxy-Connection: x", "TE: gzip", "C: 3", "connection: X")
        #expect(writer.response(bytes)?.fields == [":status: 200", "a: 1", "b: 2", "c: 3"])
    }

    /// What a 101 becomes, in answer to an extended CONNECT.
    @Test func switchingProtocols() {
        var writer = Writer()
        let bytes = text(
            "HTTP/1.1 101 Switching Protocols", "Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Accept: x",
            "Sec-WebSocket-Protocol: chat")
        let encoded = writer.response(bytes)
        #expect(encoded?.fields == [":status: 200", "sec-websocket-protocol: chat"] && encoded?.head.status == 101)
        // Of others it is a field as any.
        let other = writer.response(text("HTTP/1.1 200 OK", "Sec-WebSocket-Accept: x"))
        #expect(other?.fields == [":status: 200", "sec-websocket-accept: x"])
    }

    /// Spelled otherwise than the composer does; long ones; names that are capital, and names with other characters.
    @Test func unusualLines() {
        var writer = Writer()
        let long = String(repeating: "v", count: 1000)
        let bytes = text(
            "HTTP/1.1 200 OK", "A:1", "B:  2 ", "C: \t3", "D:", "E: ", "x_y!: 4", "F: \(long)", "G: a: b: c",
            "\(String(repeating: "N", count: 200)): 5", "H: \u{E9}")
        for _ in 0..<2 {
            #expect(
                writer.response(bytes)?.fields == [
                    ":status: 200", "a: 1", "b: 2", "c: 3", "d: ", "e: ", "x_y!: 4", "f: \(long)", "g: a: b: c",
                    "\(String(repeating: "n", count: 200)): 5", "h: \u{E9}",
                ])
        }
    }

    static let refused = [
        "", "HTTP/1.1 200 OK", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\nA: b\r\n", "HTTP/1.1 200 OK\r\nA: b\r\n\r",
        "HTTP/1.1 200 OK\r\nA\r\n\r\n", "HTTP/1.1 200 OK\r\n: b\r\n\r\n", "HTTP/1.1 200 OK\nA: b\n\n",
        "HTTP/1.1 200 OK\r\nA: b\n\r\n", "HTTP/1.1 200 OK\rA: b\r\r\n", "HTTP/1.0 200 OK\r\n\r\n",
        "HTTP/1.1 20 OK\r\n\r\n  ", "HTTP/1.1  200 OK\r\n\r\n", "HTTP/1.1 099 OK\r\n\r\n", "http/1.1 200 OK\r\n\r\n",
        "GET / HTTP/1.1\r\n\r\n     ",
    ]

    @Test(arguments: refused)
    func isNoHead(text: String) {
        var writer = Writer()
        #expect(writer.response(Array(text.utf8)) == nil)
    }

    /// In pieces: a head that is not whole is refused, wherever it is cut, and what the encoder had put into its table by
    /// then is known at neither end afterwards.
    @Test func cutShort() {
        var writer = Writer()
        let bytes = text("HTTP/1.1 200 OK", "Server: nginx", "Vary: accept", "X-Other: y", "Content-Length: 0")
        for end in bytes.indices {
            #expect(writer.response(Array(bytes[..<end])) == nil)
            let whole = writer.response(bytes)
            #expect(
                whole?.fields == [":status: 200", "server: nginx", "vary: accept", "x-other: y", "content-length: 0"])
            #expect(whole?.bytes.starts(with: [0x20, 0x3F, 0xE1, 0x1F]) == true)
            #expect(writer.response(bytes)?.bytes[0] == 0x88)
        }
    }

    /// The same where there is no room.
    @Test func noRoom() {
        let bytes = text("HTTP/1.1 200 OK", "Server: nginx", "X-Other: some longer value", "ETag: \"abcdef\"")
        for room in 8..<8 + 37 {
            var writer = Writer()
            #expect(writer.response(bytes, room: room) == nil)
            #expect(writer.response(bytes)?.fields.count == 4)
        }
    }

    @Test func trailers() {
        var writer = Writer()
        let bytes = text("Grpc-Status: 0", "Connection: x", "Grpc-Message: ok")
        let encoded = writer.trailers(bytes + [1, 2, 3])
        #expect(encoded?.fields == ["grpc-status: 0", "grpc-message: ok"] && encoded?.head.textBytes == bytes.count)
        #expect(writer.trailers(bytes)?.bytes == [0xBF, 0xBE])
        #expect(writer.trailers(Array("\r\n".utf8))?.fields == [])
        #expect(writer.trailers(Array("A: b\r\n".utf8)) == nil && writer.trailers([]) == nil)
    }
}
