// Trailers as the last frame has them.

import MartletGRPC
import MartletHTTPCore
import Testing

struct WebTrailerTests {
    @Test(arguments: [
        ("grpc-status: 0\r\n", "grpc-status: 0\r\n"),
        ("Grpc-Status: 0\r\nGRPC-Message: A: B\r\n", "grpc-status: 0\r\ngrpc-message: A: B\r\n"),
        ("X-A:\r\nX-B: C\r\n", "x-a:\r\nx-b: C\r\n"), ("", ""),
    ])
    func namesAreInLowerCase(lines: String, expected: String) {
        var bytes = Array(lines.utf8)
        var span = bytes.mutableSpan
        WebTrailers.lowercaseNames(&span)
        #expect(String(decoding: bytes, as: UTF8.self) == expected)
    }

    @Test(arguments: [
        ("0\r\n\r\n", ""), ("0\r\nA: b\r\n\r\n", "A: b\r\n"), ("0\r\nA: b\r\nC: d\r\n\r\n", "A: b\r\nC: d\r\n"),
        ("", ""),
    ])
    func linesStandInTheLastChunk(text: String, lines: String) {
        let bytes = Array(text.utf8)
        #expect(Array(bytes[WebTrailers.lines(ofLastChunk: bytes.span).range]) == Array(lines.utf8))
    }
}
