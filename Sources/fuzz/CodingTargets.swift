// Content codings: what decoders make of anything, what encoders make of it comes back, and which one a client gets.

import MartletCoding
import MartletHTTPCore

enum GzipTarget: FuzzTarget {
    static let name = "gzip"
    static let seeds: [[UInt8]] = ["", "a", "hello hello hello", String(repeating: "abc", count: 400)].compactMap {
        Codec.encode(Array($0.utf8), .gzip, level: 6)
    }

    static func check(_ input: [UInt8], _ random: inout Randomness) throws(Violation) -> Bool {
        let whole = try run(input, cuts: [], room: 4_096)
        let pieces = try run(input, cuts: random.cuts(input.count), room: 1 + random.below(64))
        try require(whole.bytes == pieces.bytes && whole.state == pieces.state, "in pieces the same as at once")
        try require(whole.bytes.count <= 1_100 * (input.count + 1), "nothing comes from nothing")
        guard let coded = Codec.encode(input, .gzip, level: 1 + random.below(9)) else {
            throw Violation(property: "everything can be encoded")
        }
        let back = try run(coded, cuts: random.cuts(coded.count), room: 1 + random.below(300))
        try require(back.bytes == input && back.state == .ended, "what was encoded comes back")
        return whole.state == .ended
    }

    /// What a decoder makes of input in pieces, into room of a few bytes at a time.
    private static func run(
        _ input: [UInt8], cuts: [Int], room: Int
    ) throws(Violation) -> (bytes: [UInt8], state: CodecState) {
        guard var codec = Codec(decodingGzip: ()) else { throw Violation(property: "there is memory") }
        var output: [UInt8] = []
        var state = CodecState.done
        var start = 0
        for end in cuts + [input.count] {
            var position = start
            repeat {
                var buffer = [UInt8](repeating: 0, count: room)
                var span = buffer.mutableSpan
                let progress = codec.run(input.span.extracting(position..<end), into: &span, .process)
                let isIdle = progress.consumed + progress.produced == 0
                try require(progress.state != .more || !isIdle, "whoever wants to go on gets on")
                position += progress.consumed
                output += buffer.prefix(progress.produced)
                state = progress.state
            } while state == .more
            if state == .failed { return (output, state) }
            try require(position == end, "all of the input is taken")
            start = end
        }
        return (output, state)
    }
}

enum AcceptedCodingsTarget: FuzzTarget {
    static let name = "accepted-codings"
    static let corpus = [
        "gzip, deflate, br", "gzip;q=0.5, identity;q=1", "*;q=0, zstd", "x-gzip;q=1.000", ", ,br ; q=0",
    ]

    static func check(_ input: [UInt8], _ random: inout Randomness) throws(Violation) -> Bool {
        var accepted = AcceptedCodings()
        accepted.note(input.span)
        let coding = accepted.choose(CodingOffers([.zstd, .brotli, .gzip]))
        if coding == .identity { return false }
        try require(accepted.takes(coding), "what is chosen is taken")
        for other in ContentCoding.allCases where other != .identity {
            try require(accepted.weight(of: other) <= accepted.weight(of: coding), "nothing is wanted more")
        }
        // Said by halves, it is the same.
        var halves = AcceptedCodings()
        if let comma = input.firstIndex(of: 0x2C) {
            halves.note(input.span.extracting(0..<comma))
            halves.note(input.span.extracting(comma + 1..<input.count))
            try require(halves.choose(CodingOffers([.zstd, .brotli, .gzip])) == coding, "lines are one list")
        }
        return true
    }
}
