// Content framed by its length, or by the end of the connection, or not there.

import MartletHTTP1
import MartletHTTPCore
import Testing

struct ContentDecoderTests {
    @Test(arguments: [
        (ContentFraming.none, "abc", "", true, "abc"), (.length(0), "abc", "", true, "abc"),
        (.length(1), "abc", "a", true, "bc"), (.length(3), "abc", "abc", true, ""),
        (.length(4), "abc", "abc", false, ""), (.length(UInt64(Int64.max)), "abc", "abc", false, ""),
        (.untilClose, "abc", "abc", false, ""), (.length(3), "", "", false, ""), (.untilClose, "", "", false, ""),
        (.length(5), "0\r\n\r\n", "0\r\n\r\n", true, ""),
    ])
    func byLength(framing: ContentFraming, text: String, content: String, isComplete: Bool, rest: String) {
        let message = decode(framing, text)
        #expect(message.content == content && message.isComplete == isComplete && message.rest == rest)
        #expect(message.refusal == nil && message.trailers == nil)
        #expect(message.contentBytes == UInt64(content.utf8.count))
        expectSameInPieces(framing, text)
    }

    @Test(arguments: [
        (ContentFraming.none, "", true), (.length(0), "", true), (.length(3), "abc", true), (.length(3), "ab", false),
        (.length(3), "", false), (.untilClose, "", true), (.untilClose, "abc", true), (.chunked, "", false),
        (.chunked, "3\r\nab", false), (.chunked, "3\r\nabc\r\n", false), (.chunked, "0\r\n", false),
        (.chunked, "0\r\nA: b\r\n", false), (.chunked, "0\r\n\r\n", true), (.chunked, "x", false),
    ])
    func theEndOfTheConnection(framing: ContentFraming, text: String, isWhole: Bool) {
        var decoder = ContentDecoder(framing)
        var bytes = Array(text.utf8)
        var span = bytes.mutableSpan
        _ = decoder.decode(&span, trailerLimit: 1024)
        let ended = decoder.ended()
        #expect(ended == isWhole)
        #expect(decoder.isComplete == isWhole)
    }

    @Test func onceCompleteItTakesNothing() {
        for decoder in [ContentDecoder(), ContentDecoder(.none), ContentDecoder(.length(0))] {
            var decoder = decoder
            var bytes = Array("abc".utf8)
            var span = bytes.mutableSpan
            var nothing = DecodedContent()
            nothing.isComplete = true
            let decoded = decoder.decode(&span, trailerLimit: 1024)
            #expect(decoded == nothing)
        }
    }

    @Test func onceRefusedItStaysSo() {
        var decoder = ContentDecoder(.chunked)
        for text in ["1\r\nax", "0\r\n\r\n", "\r\n"] {
            var bytes = Array(text.utf8)
            var span = bytes.mutableSpan
            let decoded = decoder.decode(&span, trailerLimit: 1024)
            #expect(decoded.refusal == .badChunkEnd && !decoded.isComplete)
            if text != "1\r\nax" { #expect(decoded.consumed == 0 && decoded.content.isEmpty) }
        }
        let isWhole = decoder.ended()
        #expect(!isWhole)
    }
}
