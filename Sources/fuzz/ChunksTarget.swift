// Chunked content: pieces do not matter, and a second decoder agrees.

import MartletHTTP1
import MartletHTTPCore

enum ChunksTarget: FuzzTarget {
    static let name = "chunks"
    static let corpus = Corpus.chunks

    static func check(_ input: [UInt8], _ random: inout Randomness) throws(Violation) -> Bool {
        let limit = random.oneIn(4) ? random.below(64) : 4096
        let whole = try Decoding.decode(.chunked, input, cuts: [input.count], trailerLimit: limit)
        let pieces = try Decoding.decode(.chunked, input, cuts: random.cuts(input.count), trailerLimit: limit)
        try require(isSame(whole, pieces), "in pieces as at once: \(whole), not \(pieces)")
        try checkReference(input, whole)
        guard whole.isComplete else { return false }
        try checkRewriting(whole, &random)
        return true
    }

    /// How much was consumed before what is refused depends on the pieces.
    private static func isSame(_ whole: DecodedMessage, _ pieces: DecodedMessage) -> Bool {
        var pieces = pieces
        if whole.refusal != nil { pieces.consumed = whole.consumed }
        return whole == pieces
    }

    private static func checkReference(_ input: [UInt8], _ whole: DecodedMessage) throws(Violation) {
        switch ReferenceChunks(input) {
        case .incomplete:
            try require(!whole.isComplete, "what ends for no other reader does not end")
        case .malformed:
            try require(whole.refusal != nil, "nothing ambiguous is accepted")
        case .complete(let content, let trailers, let length):
            // Limits are no concern of the second decoder.
            if whole.refusal == .chunkExtensionsTooLong || whole.refusal == .trailersTooLarge { return }
            let expected = DecodedMessage(content: content, trailers: trailers, isComplete: true, consumed: length)
            try require(whole == expected, "as another reader: \(expected), not \(whole)")
        }
    }

    /// Content written in chunks again, in pieces of any size, is the same content.
    private static func checkRewriting(_ whole: DecodedMessage, _ random: inout Randomness) throws(Violation) {
        let sent = write(whole.content, &random)
        let again = try Decoding.decode(.chunked, sent, cuts: [sent.count], trailerLimit: 4096)
        let expected = DecodedMessage(content: whole.content, isComplete: true, consumed: sent.count)
        try require(again == expected, "what is sent is the same content: \(escaped(sent))")
    }

    private static func write(_ content: [UInt8], _ random: inout Randomness) -> [UInt8] {
        var bytes: [UInt8] = []
        var rest = content[...]
        while !rest.isEmpty {
            let piece = rest.prefix(1 + random.below(rest.count))
            var line = [UInt8](repeating: 0, count: ChunkFraming.longestHead)
            var span = line.mutableSpan
            let start = ChunkFraming.writeHead(size: piece.count, endingAt: span.count, in: &span)
            bytes += line[start...] + piece + [0x0D, 0x0A]
            rest = rest.dropFirst(piece.count)
        }
        return bytes + Array("0\r\n\r\n".utf8)
    }
}
