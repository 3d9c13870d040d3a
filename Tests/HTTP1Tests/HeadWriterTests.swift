// What leaves: heads written anew, chunks, and what does not fit.

import MartletHTTP1
import MartletHTTPCore
import Testing

struct HeadWriterTests {
    @Test func aRequestWrittenAnew() {
        let bytes = hosted(
            "X-One:1", "Connection: close, X-Two", "X-Two: 2", "content-LENGTH:  5", "X-Three: \t3 ", "TE: trailers",
            "Upgrade: h2c", "Keep-Alive: 5", line: "PUT http://b/c?d HTTP/1.0")
        let expected = "PUT /c?d HTTP/1.1\r\nHost: a\r\nX-One: 1\r\nX-Three: 3\r\nContent-Length: 5\r\n\r\n"
        #expect(sentRequest(bytes) == expected)
        let without = "PUT /c?d HTTP/1.1\r\nX-One: 1\r\nContent-Length: 5\r\n\r\n"
        // What is dropped by name; those that are not known have none.
        #expect(sentRequest(bytes, except: [.host]) == without.replacing("X-One: 1", with: "X-One: 1\r\nX-Three: 3"))
    }

    @Test func aResponseWrittenAnew() {
        let bytes = response(
            "Server: s", "Transfer-Encoding: CHUNKED", "Connection: keep-alive, X", "X: y", "Set-Cookie: a",
            "Set-Cookie: b", line: "HTTP/1.1 200  fine")
        #expect(
            sentResponse(bytes)
                == "HTTP/1.1 200  fine\r\nServer: s\r\nSet-Cookie: a\r\nSet-Cookie: b\r\nTransfer-Encoding: chunked\r\n\r\n"
        )
        // The space stands before an empty phrase too (RFC 9112 section 4).
        #expect(sentResponse(response("Content-Length: 0", line: "HTTP/1.0 200")).hasPrefix("HTTP/1.1 200 \r\n"))
        #expect(sentResponse(response(line: "HTTP/1.1 204 No")) == "HTTP/1.1 204 No\r\n\r\n")
    }

    @Test(arguments: [
        (ContentFraming.none, ""), (.untilClose, ""), (.length(0), "Content-Length: 0\r\n"),
        (.length(10), "Content-Length: 10\r\n"), (.chunked, "Transfer-Encoding: chunked\r\n"),
        (.length(UInt64(Int64.max)), "Content-Length: 9223372036854775807\r\n"),
    ])
    func framing(framing: ContentFraming, line: String) {
        expectWritten(line) { $0.framing(framing) }
    }

    @Test func theParts() {
        expectWritten("A: b\r\n") { $0.field(name: "A", value: "b") }
        let value = Array("v".utf8)
        expectWritten("A: v\r\n") { $0.field("A", value.span) }
        expectWritten("Content-Length: 7\r\n") { $0.contentLength(7) }
        expectWritten("\r\n") { $0.endOfHead() }
        expectWritten("A") { $0.write(byte: 0x41) }
        let text = Array("abcdef".utf8)
        expectWritten("cde") { $0.write(text.span, ByteRange(from: 2, to: 5)) }
    }

    @Test(arguments: [0, 1, 9, 10, 99, 100, 255, 256, 1_000_000, UInt64(Int64.max), .max - 1, .max])
    func numbers(number: UInt64) {
        expectWritten(String(number)) { $0.write(decimal: number) }
        let hex = String(number, radix: 16)
        expectWritten(hex) { $0.write(hex: number, digits: hex.utf8.count) }
        let padded = String(repeating: "0", count: 16 - hex.utf8.count) + hex
        expectWritten(padded) { $0.write(hex: number, digits: 16) }
        expectWritten(padded) { $0.write(hex: number) }
        expectWritten(String(hex.suffix(1))) { $0.write(hex: number, digits: 1) }
    }

    @Test func everyLengthIsCopiedWhole() {
        for count in 0..<70 {
            let bytes = (0..<count).map { UInt8(0x30 + $0 % 64) }
            let text = String(decoding: bytes, as: UTF8.self)
            expectWritten(text) { $0.write(bytes.span) }
            expectWritten(text + "|" + text, capacity: 2 * count + 1) {
                $0.write(bytes.span)
                $0.write("|")
                $0.write(bytes.span)
            }
        }
    }

    /// What does not fit is left out as a whole, and nothing comes behind it.
    @Test func whatDoesNotFitIsRemembered() {
        let writes: [(inout HeadWriter) -> Void] = [
            { $0.write("123456") }, { $0.write(decimal: 123_456) }, { $0.write(hex: 1) },
            { $0.write(hex: 0x12_3456, digits: 6) },
            {
                $0.endOfHead()
                $0.write("3456")
            }, { $0.contentLength(1) },
        ]
        for write in writes {
            var writer = HeadWriter(capacity: 5)
            writer.write("ab")
            write(&writer)
            writer.write(byte: 0x41)
            let overflowed = writer.overflowed
            #expect(overflowed)
            #expect(["ab", "ab\r\n"].contains(string(writer.bytes)))
            writer.removeAll()
            writer.write("12345")
            #expect(string(writer) == "12345")
            #expect(writer.count == 5 && writer.capacity == 5)
        }
    }

    @Test(arguments: [1, 9, 10, 15, 16, 17, 255, 256, 4095, 4096, 65535, 1 << 20, Int.max])
    func chunks(size: Int) {
        let line = String(size, radix: 16) + "\r\n"
        expectWritten(line) { $0.chunkHead(size: size) }
        #expect(ChunkFraming.headLength(size: size) == line.utf8.count)
        #expect(line.utf8.count <= ChunkFraming.longestHead)
        var bytes = [UInt8](repeating: 0x2E, count: 24)
        var span = bytes.mutableSpan
        let start = ChunkFraming.writeHead(size: size, endingAt: 20, in: &span)
        #expect(start == 20 - line.utf8.count)
        #expect(String(decoding: bytes[start..<20], as: UTF8.self) == line)
        #expect(bytes[..<start].allSatisfy { $0 == 0x2E } && bytes[20...].allSatisfy { $0 == 0x2E })
    }

    @Test func whatIsWrittenInChunksIsDecoded() {
        let content = String(repeating: "0123456789", count: 20)
        let text = written {
            $0.chunkHead(size: 200)
            $0.write(content.utf8.span)
            $0.chunkEnd()
            $0.lastChunk()
        }
        #expect(text == "c8\r\n\(content)\r\n0\r\n\r\n")
        #expect(decode(.chunked, text) == DecodedMessage(content: content, isComplete: true, contentBytes: 200))
    }
}
