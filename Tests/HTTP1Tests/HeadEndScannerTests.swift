// The end of a head that comes in pieces.

import MartletHTTP1
import MartletHTTPCore
import Testing

struct HeadEndScannerTests {
    /// What the scanner says in the end when it gets `bytes` cut at `cuts`.
    private func scan(_ bytes: [UInt8], cuts: [Int] = []) -> HeadScan {
        var scanner = HeadEndScanner()
        for end in cuts + [bytes.count] {
            let result = scanner.scan(bytes.span.extracting(0..<end))
            if result != .incomplete { return result }
        }
        return .incomplete
    }

    static let rows: [(String, HeadScan)] = [
        ("", .incomplete), ("G", .incomplete), ("GET / HTTP/1.1\r\nHost: a\r\n", .incomplete),
        ("GET / HTTP/1.1\r\nHost: a\r\n\r", .incomplete),
        ("GET / HTTP/1.1\r\nHost: a\r\n\r\n", .complete(end: 27)),
        ("GET / HTTP/1.1\r\nHost: a\r\n\r\nmore\n", .complete(end: 27)),
        ("a\r\n\r\n", .complete(end: 5)), ("a\r\n\r\n\r\n\r\n", .complete(end: 5)),
        // It judges lines, not what stands in them.
        ("\0\0\r\n \r\n\r\n", .complete(end: 9)),
        // Up to two empty lines before the head.
        ("\r\n", .incomplete), ("\r\n\r\n", .incomplete), ("\r\n\r\n\r", .incomplete),
        ("\r\n\r\n\r\n", .refused(.emptyLines)), ("\r\n\r\na\r\n\r\n", .complete(end: 9)),
        ("\r\na\r\n\r\n\r\n", .complete(end: 7)),
        // Line ends.
        ("\n", .refused(.bareLineFeed)), ("a\n\n", .refused(.bareLineFeed)), ("a\r\n\n", .refused(.bareLineFeed)),
        ("a\n\r\n", .refused(.bareLineFeed)), ("\ra", .refused(.bareCarriageReturn)),
        ("a\r\r\n", .refused(.bareCarriageReturn)), ("a\r\n\r\r\n", .refused(.bareCarriageReturn)),
        ("a\rb\r\n\r\n", .refused(.bareCarriageReturn)),
    ]

    @Test(arguments: rows)
    func findsTheEndWhereverItIsCut(text: String, result: HeadScan) {
        let bytes = Array(text.utf8)
        #expect(scan(bytes) == result)
        for first in 0...bytes.count {
            for second in first...bytes.count { #expect(scan(bytes, cuts: [first, second]) == result) }
        }
        #expect(scan(bytes, cuts: Array(0...bytes.count)) == result)
    }

    @Test(arguments: rows)
    func findsItBehindAnyNumberOfBytes(text: String, result: HeadScan) {
        for count in 1..<36 {
            let bytes = [UInt8](repeating: 0x61, count: count) + Array(text.utf8)
            // The line in front is one more that is not empty, so that the first blank one ends the head.
            let plain = naiveEnd(bytes)
            #expect(scan(bytes) == plain)
            for cut in bytes.indices { #expect(scan(bytes, cuts: [cut]) == plain) }
        }
    }

    /// The same said simply, for bytes that begin with a line that is not empty.
    private func naiveEnd(_ bytes: [UInt8]) -> HeadScan {
        var lineStart = 0
        var index = 0
        while index < bytes.count {
            if bytes[index] == 0x0A { return .refused(.bareLineFeed) }
            if bytes[index] == 0x0D {
                guard index + 1 < bytes.count else { return .incomplete }
                guard bytes[index + 1] == 0x0A else { return .refused(.bareCarriageReturn) }
                if index == lineStart { return .complete(end: index + 2) }
                lineStart = index + 2
                index += 1
            }
            index += 1
        }
        return .incomplete
    }

    @Test(arguments: [
        request("Host: a"), hosted("Content-Length: 5", "A: b"), Array("\r\n\r\nGET / HTTP/1.0\r\n\r\n".utf8),
        request("Host: a") + request("Host: b"),
    ])
    func agreesWithTheParser(bytes: [UInt8]) {
        #expect(scan(bytes) == .complete(end: parseRequest(bytes).length))
    }
}
