// The chunked transfer coding (RFC 9112 section 7.1): digits and nothing else, CR LF and nothing else.

import MartletHTTP1
import MartletHTTPCore
import Testing

struct ChunkTests {
    static let accepted: [(String, String)] = [
        ("0\r\n\r\n", ""), ("3\r\nabc\r\n0\r\n\r\n", "abc"), ("1\r\na\r\n2\r\nbc\r\n0\r\n\r\n", "abc"),
        ("03\r\nabc\r\n00\r\n\r\n", "abc"), ("0000000000000003\r\nabc\r\n0000000000000000\r\n\r\n", "abc"),
        ("a\r\n0123456789\r\n0\r\n\r\n", "0123456789"), ("A\r\n0123456789\r\n0\r\n\r\n", "0123456789"),
        ("10\r\n0123456789abcdef\r\n0\r\n\r\n", "0123456789abcdef"),
        ("4\r\n\r\n\r\n\r\n0\r\n\r\n", "\r\n\r\n"), ("5\r\n0\r\n\r\n\r\n0\r\n\r\n", "0\r\n\r\n"),
        // Extensions are read over, quoted or not.
        ("3;\r\nabc\r\n0\r\n\r\n", "abc"), ("3;a\r\nabc\r\n0;b\r\n\r\n", "abc"),
        ("3;a=b;c=d\r\nabc\r\n0\r\n\r\n", "abc"),
        ("3;a=\"b;c\"\r\nabc\r\n0\r\n\r\n", "abc"), ("3; a = b\t\r\nabc\r\n0\r\n\r\n", "abc"),
        ("3;\u{E9}\r\nabc\r\n0\r\n\r\n", "abc"), ("3;5\r\nabc\r\n0\r\n\r\n", "abc"),
    ]

    @Test(arguments: accepted)
    func isDecoded(text: String, content: String) {
        for rest in ["", "\r\n", "GET / HTTP/1.1\r\n", "0\r\n\r\n"] {
            let message = decode(.chunked, text + rest)
            #expect(message.content == content && message.isComplete && message.refusal == nil)
            #expect(message.rest == rest && message.trailers == nil)
            #expect(message.contentBytes == UInt64(content.utf8.count))
        }
        expectSameInPieces(.chunked, text + "GET")
    }

    /// Bytes where a chunk size is expected.
    static let sizes: [(String, HeadRefusal)] = [
        ("\r\n", .badChunkSize), (" 3\r\n", .badChunkSize), ("\t3\r\n", .badChunkSize), ("3 \r\n", .badChunkSize),
        ("3\t\r\n", .badChunkSize), ("3 ;a\r\n", .badChunkSize), (";a\r\n", .badChunkSize), ("+3\r\n", .badChunkSize),
        ("-3\r\n", .badChunkSize), ("-1\r\n", .badChunkSize), ("0x3\r\n", .badChunkSize), ("0X3\r\n", .badChunkSize),
        ("x\r\n", .badChunkSize), ("g\r\n", .badChunkSize), ("G\r\n", .badChunkSize), ("3g\r\n", .badChunkSize),
        ("3_0\r\n", .badChunkSize), ("3.\r\n", .badChunkSize), ("3,\r\n", .badChunkSize), ("3h\r\n", .badChunkSize),
        ("\"3\"\r\n", .badChunkSize), ("3=a\r\n", .badChunkSize), ("\0\r\n", .badChunkSize), ("3\0\r\n", .badChunkSize),
        ("\u{663}\r\n", .badChunkSize), ("3\u{E9}\r\n", .badChunkSize), ("3\u{7F}\r\n", .badChunkSize),
        ("3\u{B}\r\n", .badChunkSize), ("GET / HTTP/1.1\r\n", .badChunkSize),
        // Overflows, and 17 digits.
        ("8000000000000000\r\n", .badChunkSize), ("ffffffffffffffff\r\n", .badChunkSize),
        ("FFFFFFFFFFFFFFFE\r\n", .badChunkSize), ("10000000000000003\r\n", .badChunkSize),
        ("00000000000000003\r\n", .badChunkSize), ("100000000000000000000000000000003\r\n", .badChunkSize),
        // Line ends.
        ("\n", .bareLineFeed), ("3\n", .bareLineFeed), ("3;a\n", .bareLineFeed), ("3\r", .bareCarriageReturn),
        ("3\r3\r\n", .bareCarriageReturn), ("3\r\r\n", .bareCarriageReturn), ("3;a\r\r\n", .bareCarriageReturn),
        ("3;a\ra\n", .bareCarriageReturn), ("3\r \n", .bareCarriageReturn),
        // Extensions.
        ("3;\0\r\n", .badChunkExtension), ("3;a=\"\u{B}\"\r\n", .badChunkExtension),
        ("3;\u{7F}\r\n", .badChunkExtension),
        ("3;\u{1}a\r\n", .badChunkExtension),
    ]

    @Test(arguments: sizes)
    func isNoChunkSize(text: String, refusal: HeadRefusal) {
        let first = decode(.chunked, text + "abc\r\n0\r\n\r\n")
        #expect(first.refusal == refusal && first.content.isEmpty && !first.isComplete)
        expectSameInPieces(.chunked, text + "abc")
        let second = decode(.chunked, "2\r\nxy\r\n" + text + "abc\r\n0\r\n\r\n")
        #expect(second.refusal == refusal && second.content == "xy" && !second.isComplete)
    }

    @Test(arguments: [
        "3\r\nabc0\r\n\r\n", "3\r\nabcd\r\n0\r\n\r\n", "3\r\nabc\n0\r\n\r\n", "3\r\nabc\r0\r\n\r\n",
        "3\r\nabc\r\r\n0\r\n\r\n",
        "3\r\nabc \r\n0\r\n\r\n", "3\r\nabc\n\r\n0\r\n\r\n", "3\r\nabc\0\r\n0\r\n\r\n",
    ])
    func dataHasItsEnd(text: String) {
        let message = decode(.chunked, text)
        #expect(message.refusal == .badChunkEnd && message.content == "abc" && !message.isComplete)
        expectSameInPieces(.chunked, text)
    }

    @Test func theLargestChunk() {
        let message = decode(.chunked, "7fffffffffffffff\r\nabc")
        #expect(message == DecodedMessage(content: "abc", contentBytes: 3))
    }

    @Test func theExtensionsOfOneChunk() {
        // The semicolon counts.
        let most = String(repeating: "a", count: 255)
        #expect(decode(.chunked, "0;\(most)\r\n\r\n").isComplete)
        #expect(decode(.chunked, "0;\(most)a\r\n\r\n").refusal == .chunkExtensionsTooLong)
        #expect(decode(.chunked, "1;\(most)\r\nx\r\n0;\(most)\r\n\r\n").isComplete)
    }

    /// Extensions that outweigh the content are an attack on whoever reads them.
    @Test func theExtensionsOfAllChunks() {
        let small = "1;" + String(repeating: "a", count: 254) + "\r\nx\r\n"
        // 255 bytes of extensions and 1 of content each: 8192 bytes more than content after 32 chunks.
        #expect(decode(.chunked, String(repeating: small, count: 32)).refusal == nil)
        #expect(decode(.chunked, String(repeating: small, count: 33)).refusal == .chunkExtensionsTooLong)
        let large = "200;" + String(repeating: "a", count: 255) + "\r\n" + String(repeating: "x", count: 512) + "\r\n"
        #expect(decode(.chunked, String(repeating: large, count: 200)).refusal == nil)
    }

    @Test func contentOfManyChunksIsOneRun() {
        let pieces = (1...40).map { String(repeating: "x\(($0) % 10)", count: $0) }
        let text = pieces.map { String($0.utf8.count, radix: 16) + "\r\n\($0)\r\n" }.joined() + "0\r\n\r\n"
        let message = decode(.chunked, text)
        #expect(message.content == pieces.joined() && message.isComplete)
        #expect(decode(.chunked, Array(text.utf8).map { [$0] }) == message)
    }
}
