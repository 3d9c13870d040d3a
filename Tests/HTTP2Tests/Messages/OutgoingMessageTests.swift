// Messages as HTTP/1 text on their way into frames, cut everywhere.
import MartletHTTP2
import MartletHTTPCore
import Testing

/// What was found in a message: the content, and how it ended.
private struct Found: Equatable {
    var content = ""
    var trailers: String?
    var hasEnded = false
}

private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

/// Reads the pieces one after the other, as a sender does: what is not read of one stands before the next one.
private func read(_ pieces: [[UInt8]], _ message: inout OutgoingMessage, frame: Int = .max) -> Found {
    var found = Found()
    var rest: [UInt8] = []
    for piece in pieces {
        rest += piece
        var position = 0
        loop: while true {
            switch message.next(in: rest.span, from: &position) {
            case .head, .needsMore: break loop
            case .content(let range):
                let count = min(Int(range.count), frame)
                let start = Int(range.start)
                found.content += String(decoding: rest[start..<start + count], as: UTF8.self)
                position = start + count
                message.contentSent(count, in: rest.span, at: &position)
            case .trailers(let range):
                found.trailers = String(decoding: rest[Int(range.start)..<range.end], as: UTF8.self)
                position = range.end
                message.trailersSent()
            case .end:
                found.hasEnded = true
                break loop
            }
        }
        rest.removeFirst(position)
    }
    if message.isComplete { found.hasEnded = true }
    return found
}

@Suite struct OutgoingMessageTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let name: String
        let framing: ContentFraming
        let text: String
        let content: String
        var trailers: String?
        var testDescription: String { name }
    }

    static let rows = [
        Row(name: "length", framing: .length(5), text: "hello", content: "hello"),
        Row(name: "one chunk", framing: .chunked, text: "5\r\nhello\r\n0\r\n\r\n", content: "hello"),
        Row(
            name: "chunks", framing: .chunked, text: "5\r\nhello\r\nA\r\n, world...\r\n0\r\n\r\n",
            content: "hello, world..."),
        Row(name: "no content", framing: .chunked, text: "0\r\n\r\n", content: ""),
        Row(
            name: "trailers", framing: .chunked, text: "3\r\nabc\r\n0\r\na: b\r\nc: d\r\n\r\n", content: "abc",
            trailers: "a: b\r\nc: d\r\n\r\n"),
        Row(
            name: "a chunk that looks like an end", framing: .chunked, text: "7\r\n\r\n0\r\n\r\n\r\n0\r\n\r\n",
            content: "\r\n0\r\n\r\n"),
    ]

    @Test(arguments: rows) func everyCutFindsTheSame(_ row: Row) {
        let whole = bytes(row.text)
        let expected = Found(content: row.content, trailers: row.trailers, hasEnded: true)
        for cut in 0...whole.count {
            for frame in [1, 2, Int.max] {
                var message = OutgoingMessage()
                message.headSent(row.framing)
                let pieces = [Array(whole[..<cut]), Array(whole[cut...])]
                #expect(read(pieces, &message, frame: frame) == expected, "cut at \(cut), frames of \(frame)")
            }
        }
    }

    @Test func theLastChunkEndsTheContentBeforeIt() {
        var message = OutgoingMessage()
        message.headSent(.chunked)
        let text = bytes("2\r\nab\r\n0\r\n\r\n")
        var position = 0
        #expect(message.next(in: text.span, from: &position) == .content(ByteRange(from: 3, to: 5)))
        position = 5
        message.contentSent(2, in: text.span, at: &position)
        #expect(message.isComplete)
        #expect(position == text.count)
    }

    @Test func withoutContentTheHeadIsAll() {
        var message = OutgoingMessage()
        #expect(message.expectsHead)
        message.headSent(.length(0))
        #expect(message.isComplete)
    }

    @Test func anInterimHeadIsFollowedByAnother() {
        var message = OutgoingMessage()
        let text = bytes("HTTP/1.1 103 Early Hints\r\n\r\n")
        var position = 0
        #expect(message.next(in: text.span, from: &position) == .head)
        #expect(message.next(in: text.span, from: &position) == .head)
        position = text.count
        #expect(message.next(in: text.span, from: &position) == .needsMore)
    }

    @Test func withoutLengthItEndsWhenItIsSaid() {
        var message = OutgoingMessage()
        message.headSent(.untilClose)
        #expect(read([bytes("abc"), bytes("def")], &message) == Found(content: "abcdef"))
        #expect(message.needsWindow)
        message.end()
        #expect(message.isComplete)
    }

    @Test func onlyContentNeedsAWindow() {
        var message = OutgoingMessage()
        #expect(!message.needsWindow)
        message.headSent(.chunked)
        #expect(!message.needsWindow)
        let text = bytes("2\r\nab\r\n")
        var position = 0
        _ = message.next(in: text.span, from: &position)
        #expect(message.needsWindow)
    }
}
