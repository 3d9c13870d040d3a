// Content that arrives in pieces, decoded as the drivers do it.

import MartletHTTP1
import MartletHTTPCore
import Testing

/// What became of content.
struct DecodedMessage: Equatable {
    var content = ""
    /// The trailer section as it came.
    var trailers: String?
    var isComplete = false
    var refusal: HeadRefusal?
    /// What follows the message.
    var rest = ""
    var contentBytes: UInt64 = 0
}

/// Decodes pieces: what is not consumed is offered again with the next.
func decode(_ framing: ContentFraming, _ pieces: [[UInt8]], trailerLimit: Int = 1024) -> DecodedMessage {
    var decoder = ContentDecoder(framing)
    var message = DecodedMessage()
    var content: [UInt8] = []
    var pending: [UInt8] = []
    for piece in pieces {
        pending += piece
        guard !decoder.isComplete, message.refusal == nil else { continue }
        var span = pending.mutableSpan
        let decoded = decoder.decode(&span, trailerLimit: trailerLimit)
        #expect(decoded.consumed <= pending.count && decoded.content.upperBound <= decoded.consumed)
        #expect(decoded.isComplete == decoder.isComplete)
        content += pending[decoded.content]
        message.trailers = decoded.trailers.map { String(decoding: pending[$0], as: UTF8.self) }
        message.refusal = decoded.refusal
        pending.removeFirst(decoded.consumed)
    }
    message.content = String(decoding: content, as: UTF8.self)
    message.isComplete = decoder.isComplete
    if message.isComplete { message.rest = String(decoding: pending, as: UTF8.self) }
    message.contentBytes = decoder.contentBytes
    return message
}

func decode(_ framing: ContentFraming, _ text: String, trailerLimit: Int = 1024) -> DecodedMessage {
    decode(framing, [Array(text.utf8)], trailerLimit: trailerLimit)
}

/// Expects the same from every two pieces, every three, and single bytes as from the whole.
func expectSameInPieces(_ framing: ContentFraming, _ text: String, trailerLimit: Int = 1024) {
    let bytes = Array(text.utf8)
    let whole = decode(framing, [bytes], trailerLimit: trailerLimit)
    #expect(decode(framing, bytes.map { [$0] }, trailerLimit: trailerLimit) == whole)
    for first in 0...bytes.count {
        // All pairs of cuts of long texts would take long and show nothing more.
        let seconds = bytes.count <= 48 ? Array(first...bytes.count) : [min(first + 1, bytes.count)]
        for second in seconds {
            let pieces = [Array(bytes[..<first]), Array(bytes[first..<second]), Array(bytes[second...])]
            let message = decode(framing, pieces, trailerLimit: trailerLimit)
            #expect(message == whole, "\(readable(bytes)) cut at \(first) and \(second)")
        }
    }
}
