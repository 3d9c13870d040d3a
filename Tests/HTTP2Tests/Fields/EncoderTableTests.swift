// Which fields an encoder gives an index, and what it says of its table's size.

import MartletHTTPCore
import Testing

@testable import MartletHTTP2

struct EncoderTableTests {
    /// The first byte of the field that `line` becomes, when it comes first and when it comes again.
    private func firstBytes(_ line: String, isRequest: Bool = false) -> [UInt8] {
        var writer = Writer()
        return (0..<2).map { _ in
            let front = isRequest ? "GET / HTTP/1.1" : "HTTP/1.1 200 OK"
            let encoded = isRequest ? writer.request(text(front, line)) : writer.response(text(front, line))
            let (name, value) = parts(of: line)
            #expect(encoded?.fields.last == "\(name.lowercased()): \(value)")
            return encoded?.bytes[isRequest ? 3 : 1] ?? 0
        }
    }

    /// Fields that come again.
    @Test(arguments: [
        "Server: x", "Content-Type: text/html", "Via: 1.1 a", "Cache-Control: no-store", "Vary: *",
        "Date: Tue, 15 Nov 1994 08:12:31 GMT", "X-Anything: y", "Access-Control-Allow-Origin: *",
        "Accept-Ranges: bytes",
        "Strict-Transport-Security: max-age=1", "Expires: 0", "Link: </a>", "From: b",
    ])
    func haveAnIndex(line: String) {
        let bytes = firstBytes(line)
        #expect(bytes[0] & 0xC0 == 0x40 && bytes[1] == 0xBE)
    }

    /// Fields that are of one message only.
    @Test(arguments: [
        "Location: /a", "Age: 5", "Content-Range: x",
        "X: \(String(repeating: "v", count: 257))", "Server: \(String(repeating: "v", count: 257))",
    ])
    func haveNone(line: String) {
        for byte in firstBytes(line) { #expect(byte & 0xF0 == 0) }
    }

    /// Fields that nobody on the way may remember (RFC 7541 section 7.1.3).
    @Test func secrets() {
        for byte in firstBytes("Set-Cookie: a=b") { #expect(byte & 0xF0 == 0x10) }
        for line in ["Authorization: Basic x", "Cookie: a=b", "Proxy-Authorization: x", "Cookie: 1234567890123456789"] {
            for byte in firstBytes(line, isRequest: true) { #expect(byte & 0xF0 == 0x10) }
        }
        for byte in firstBytes("Cookie: 12345678901234567890", isRequest: true) { #expect(byte & 0xF0 == 0) }
    }

    /// What stands in the static table as a whole.
    @Test func staticFields() {
        #expect(firstBytes("Accept-Encoding: gzip, deflate", isRequest: true) == [0x90, 0x90])
        #expect(firstBytes("Server: ") == [0xB6, 0xB6])
        #expect(firstBytes("Accept-Encoding: ", isRequest: true)[1] == 0xBE)
    }

    /// A name that has got an index with another value is used for the name; the value gets none.
    @Test func whatChangesGetsNoIndex() {
        var writer = Writer()
        #expect(writer.response(text("HTTP/1.1 200 OK", "X-Runtime: 1"))?.bytes[1] == 0x40)
        for value in ["2", "3"] {
            let encoded = writer.response(text("HTTP/1.1 200 OK", "X-Runtime: \(value)"))
            #expect(encoded?.bytes.dropFirst().prefix(2) == [0x0F, 0x2F])
            #expect(encoded?.fields == [":status: 200", "x-runtime: \(value)"])
        }
        #expect(writer.response(text("HTTP/1.1 200 OK", "X-Runtime: 1"))?.bytes == [0x88, 0xBE])
        // Of those that come with few values, each gets one.
        for (line, again) in [("Content-Type: a", 0x40), ("Content-Type: b", 0x40), ("Content-Type: a", 0xBF)]
            as [(String, UInt8)]
        {
            let byte = writer.response(text("HTTP/1.1 200 OK", line))?.bytes[1] ?? 0
            #expect(again == 0x40 ? byte & 0xC0 == 0x40 : byte == again)
        }
    }

    /// Lines whose values mostly change get an index when the same one comes twice in a row.
    @Test(arguments: ["Content-Length", "ETag", "Last-Modified"])
    func whatComesAgainGetsOne(name: String) {
        var writer = Writer()
        let firsts = [10, 11, 11, 11, 12, 11].map { value -> UInt8 in
            let encoded = writer.response(text("HTTP/1.1 200 OK", "\(name): \(value)"))
            #expect(encoded?.fields.count == 2)
            return encoded?.bytes[1] ?? 0
        }
        #expect(firsts[0] & 0xF0 == 0 && firsts[1] & 0xF0 == 0 && firsts[2] & 0xC0 == 0x40)
        #expect(firsts[3] == 0xBE && firsts[4] & 0xF0 == 0 && firsts[5] == 0xBE)
    }

    /// The length is known however the line is encoded.
    @Test func lengthsFromTheTable() {
        var writer = Writer()
        for length in [5, 7, 7, 7, 7, 5] {
            let head = text("HTTP/1.1 200 OK", "Content-Type: text/plain", "content-Length: \(length)")
            #expect(writer.response(head)?.head.contentLength == UInt64(length))
        }
    }

    /// Lines that differ where the hash does not look are told apart.
    @Test func linesAreCompared() {
        var writer = Writer()
        let filling = String(repeating: "x", count: 20)
        for middle in ["a", "b", "c", "d", "e", "f", "a", "b"] {
            let line = "X-Long: \(filling)\(middle)\(filling)\(filling)"
            #expect(writer.response(text("HTTP/1.1 200 OK", line))?.fields.last == line.lowercased())
            let again = writer.response(text("HTTP/1.1 200 OK", "Server: \(filling)\(middle)\(filling)\(filling)"))
            #expect(again?.fields.last == "server: \(filling)\(middle)\(filling)\(filling)")
        }
    }

    /// Without compression strings are written as they are, and the table is used all the same.
    @Test func withoutHuffman() {
        var writer = Writer(compresses: false)
        let head = text("GET /path HTTP/1.1", "X-Request-ID: 0123456789abcdef")
        let first = writer.request(head)
        #expect(first?.bytes.contains(Array("0123456789abcdef".utf8)) == true)
        #expect(first?.fields == [":method: GET", ":scheme: https", ":path: /path", "x-request-id: 0123456789abcdef"])
        let second = writer.request(text("GET /path HTTP/1.1", "X-Request-ID: 0123456789abcdee"))
        #expect(second?.fields.last == "x-request-id: 0123456789abcdee")
        // The name is in the table.
        #expect(second?.bytes.count == 2 + 7 + 3 + 16)
    }

    /// Sizes as the peer sets them (RFC 7541 section 4.2).
    @Test func sizesOfThePeer() {
        var writer = Writer(peerBytes: 65_536)
        let bytes = text("HTTP/1.1 200 OK", "Server: x")
        // Nothing to say: 4,096 is what it was.
        #expect(writer.response(bytes)?.bytes[0] == 0x88)
        writer.encoder.setPeerTableSize(65_536)
        #expect(writer.response(bytes)?.bytes == [0x88, 0xBE])
        writer.encoder.setPeerTableSize(100)
        #expect(writer.response(bytes)?.bytes == [0x3F, 0x45, 0x88, 0xBE])
        writer.encoder.setPeerTableSize(0)
        #expect(writer.response(bytes)?.bytes.starts(with: [0x20, 0x88, 0x0F]) == true)
        #expect(writer.response(bytes)?.bytes.starts(with: [0x88, 0x0F]) == true)
        // The smallest in between, then the last.
        writer.encoder.setPeerTableSize(4096)
        writer.encoder.setPeerTableSize(50)
        writer.encoder.setPeerTableSize(0)
        writer.encoder.setPeerTableSize(1000)
        #expect(writer.response(bytes)?.bytes.starts(with: [0x20, 0x3F, 0xC9, 0x07, 0x88, 0x76]) == true)
        // The same again is nothing new; less and the same again is.
        writer.encoder.setPeerTableSize(1000)
        #expect(writer.response(bytes)?.bytes == [0x88, 0xBE])
        writer.encoder.setPeerTableSize(20)
        writer.encoder.setPeerTableSize(1000)
        #expect(writer.response(bytes)?.bytes.starts(with: [0x34, 0x3F, 0xC9, 0x07, 0x88, 0x76]) == true)
    }

    /// Our own bound, smaller and larger than what a peer has from the beginning.
    @Test func boundsOfOurs() {
        let bytes = text("HTTP/1.1 200 OK", "Server: x")
        var none = Writer(tableBytes: 0)
        #expect(none.response(bytes)?.bytes.starts(with: [0x20, 0x88, 0x0F]) == true)
        none.encoder.setPeerTableSize(8192)
        #expect(none.response(bytes)?.bytes.starts(with: [0x88, 0x0F]) == true)
        var small = Writer(tableBytes: 200)
        #expect(small.response(bytes)?.bytes.starts(with: [0x3F, 0xA9, 0x01, 0x88, 0x76]) == true)
        var large = Writer(tableBytes: 65_536, peerBytes: 65_536)
        #expect(large.response(bytes)?.bytes[0] == 0x88)
        large.encoder.setPeerTableSize(65_536)
        #expect(large.response(bytes)?.bytes.starts(with: [0x3F, 0xE1, 0xFF, 0x03, 0x88, 0xBE]) == true)
    }

    /// Heads of all kinds one after another, more than the table holds, with memory trimmed in between: both ends agree.
    @Test(arguments: [0, 60, 300, 4096, 65_536])
    func manyHeads(most: Int) {
        var writer = Writer(tableBytes: 65_536, peerBytes: 65_536)
        writer.encoder.setPeerTableSize(most)
        for round in 0..<250 {
            let date = "Date: \(round / 10)"
            let name = "X-Name-\(round % 90)"
            let value = String(repeating: "v", count: round * 7 % 300)
            let bytes = text(
                "HTTP/1.1 200 OK", date, "Server: s", "\(name): \(value)", "X-Value: \(round % 3)", "ETag: \(round)")
            let expected = [
                ":status: 200", date.lowercased(), "server: s", "\(name.lowercased()): \(value)",
                "x-value: \(round % 3)",
                "etag: \(round)",
            ]
            #expect(writer.response(bytes)?.fields == expected)
            if round % 41 == 0 { writer.encoder.trim() }
            if round % 97 == 96 { writer.encoder.setPeerTableSize(most - most * (round % 5) / 8) }
        }
    }
}
