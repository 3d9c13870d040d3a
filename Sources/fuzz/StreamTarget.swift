// A whole connection: requests with their content, one behind the other. As many leave as came, and the same.

import MartletHTTP1
import MartletHTTPCore

/// A request with its content.
struct StreamMessage: Equatable {
    var head: RequestValues
    var content: DecodedMessage
}

/// What a connection carried, and whether it ended with something that is refused.
struct StreamResult: Equatable {
    var messages: [StreamMessage] = []
    var isRefused = false
    /// The messages as they are sent.
    var sent: [UInt8] = []
}

enum StreamTarget: FuzzTarget {
    static let name = "stream"
    static let corpus = Corpus.streams

    static func check(_ input: [UInt8], _ random: inout Randomness) throws(Violation) -> Bool {
        let whole = try read(input, everyByte: false, &random)
        let pieces = try read(input, everyByte: true, &random)
        try require(whole.messages == pieces.messages, "in pieces the same messages as at once")
        try require(whole.isRefused || !pieces.isRefused, "what is not refused at once is not in pieces")
        let again = try read(whole.sent, everyByte: false, &random)
        let isWhole = !again.isRefused && again.messages.count == whole.messages.count
        try require(isWhole, "as many messages leave as came: \(escaped(whole.sent))")
        for (message, sent) in zip(whole.messages, again.messages) {
            try require(message.content.content == sent.content.content, "each with its content")
        }
        return !whole.messages.isEmpty
    }

    /// Reads messages from the front of `bytes` until they end, or something is refused or missing.
    private static func read(
        _ bytes: [UInt8], everyByte: Bool, _ random: inout Randomness
    ) throws(Violation) -> StreamResult {
        var result = StreamResult()
        var rest = bytes
        while !rest.isEmpty {
            let cuts = everyByte ? random.cuts(rest.count) : [rest.count]
            let outcome = try Parsing.request(rest, cuts: cuts, HeadLimits())
            result.isRefused = outcome.isRefused
            guard case .complete(let head) = outcome else { break }
            let behind = Array(rest.dropFirst(head.length))
            let content = try decode(behind, head, everyByte, &random)
            result.isRefused = content.refusal != nil
            guard content.isComplete else { break }
            result.messages.append(StreamMessage(head: head, content: content))
            result.sent += try RequestRewriting.write(rest) + body(content, head.framing)
            rest = Array(behind.dropFirst(content.consumed))
        }
        return result
    }

    private static func decode(
        _ bytes: [UInt8], _ head: RequestValues, _ everyByte: Bool, _ random: inout Randomness
    ) throws(Violation) -> DecodedMessage {
        let cuts = everyByte ? random.cuts(bytes.count) : [bytes.count]
        return try Decoding.decode(head.framing, bytes, cuts: cuts, trailerLimit: 4096)
    }

    /// Content as it is sent, chunked content in one chunk.
    private static func body(_ message: DecodedMessage, _ framing: ContentFraming) -> [UInt8] {
        guard framing == .chunked else { return message.content }
        var writer = HeadWriter(capacity: message.content.count + 64)
        if !message.content.isEmpty {
            writer.chunkHead(size: message.content.count)
            writer.write(message.content.span)
            writer.chunkEnd()
        }
        writer.lastChunk()
        return array(writer.bytes)
    }
}
