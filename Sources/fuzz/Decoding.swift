// Content from bytes that arrive in pieces.

import MartletHTTP1
import MartletHTTPCore

/// What became of content.
struct DecodedMessage: Equatable, CustomStringConvertible {
    var content: [UInt8] = []
    /// The trailer section with its blank line, empty if there is none.
    var trailers: [UInt8] = []
    var isComplete = false
    var refusal: HeadRefusal?
    /// Bytes that are dealt with.
    var consumed = 0

    var description: String {
        let end = refusal.map { "refused, \($0)," } ?? (isComplete ? "complete" : "incomplete")
        return "\(end) after \(consumed) bytes with \"\(escaped(content))\" and \"\(escaped(trailers))\""
    }
}

enum Decoding {
    /// Decodes `bytes` as they arrive up to each of `cuts`; what is not consumed is offered again with what follows.
    static func decode(
        _ framing: ContentFraming, _ bytes: [UInt8], cuts: [Int], trailerLimit: Int
    ) throws(Violation) -> DecodedMessage {
        var decoder = ContentDecoder(framing)
        var message = DecodedMessage()
        for end in cuts where !decoder.isComplete && message.refusal == nil {
            try offer(Array(bytes[message.consumed..<end]), to: &decoder, trailerLimit, &message)
        }
        message.isComplete = decoder.isComplete
        try require(decoder.contentBytes == UInt64(message.content.count), "the decoder counts what it decodes")
        return message
    }

    private static func offer(
        _ bytes: [UInt8], to decoder: inout ContentDecoder, _ trailerLimit: Int, _ message: inout DecodedMessage
    ) throws(Violation) {
        var bytes = bytes
        var span = bytes.mutableSpan
        let decoded = decoder.decode(&span, trailerLimit: trailerLimit)
        let isInside =
            decoded.consumed <= bytes.count && decoded.content.upperBound <= decoded.consumed
            && (decoded.trailers?.upperBound ?? 0) <= decoded.consumed
        try require(isInside, "no more is consumed than there is")
        message.content += bytes[decoded.content]
        if let trailers = decoded.trailers { message.trailers = Array(bytes[trailers]) }
        message.refusal = decoded.refusal
        message.consumed += decoded.consumed
    }
}
