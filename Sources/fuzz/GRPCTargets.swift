// What is said in calls: the text form of gRPC-Web, and answers to health checks.

import MartletGRPC
import MartletHTTPCore

enum WebTextTarget: FuzzTarget {
    static let name = "web-text"
    static let corpus = [
        "", "AAAAAAUKA2EuQg==", "AAAAAAU=CgNhLkI=", "QQ==QUI=QUJDQQ==", "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo=", "+/+/",
        "gAAAABBncnBjLXN0YXR1czogMA0K",
    ]

    static func check(_ input: [UInt8], _ random: inout Randomness) throws(Violation) -> Bool {
        let whole = decode(input, cuts: [input.count])
        let pieces = decode(input, cuts: random.cuts(input.count))
        try require(whole == pieces, "in pieces the same as at once")
        try require(whole == reference(input), "as another decoder")
        // Whatever it is, it can be encoded, and is the same again.
        let text = encode(input, &random)
        try require(decode(text, cuts: [text.count]) == input, "what is encoded is decoded")
        return whole != nil
    }

    /// What text decodes to, nil when it is refused.
    private static func decode(_ text: [UInt8], cuts: [Int]) -> [UInt8]? {
        var decoder = WebTextDecoder()
        var content: [UInt8] = []
        var start = 0
        for end in cuts {
            var bytes = Array(text[start..<end])
            start = end
            var span = bytes.mutableSpan
            let count = decoder.decode(&span)
            content += bytes[..<count]
        }
        decoder.end()
        return decoder.isBroken ? nil : content
    }

    /// A decoder that looks at whole groups of a whole text.
    private static func reference(_ text: [UInt8]) -> [UInt8]? {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        var content: [UInt8] = []
        if text.count % 4 != 0 { return nil }
        for start in stride(from: 0, to: text.count, by: 4) {
            let group = text[start..<start + 4]
            let digits = group.prefix { $0 != 0x3D }
            if digits.count < 2 || group.dropFirst(digits.count).contains(where: { $0 != 0x3D }) { return nil }
            var bits = 0
            for digit in digits {
                guard let value = alphabet.firstIndex(of: digit) else { return nil }
                bits = bits << 6 | value
            }
            bits <<= 6 * (4 - digits.count)
            let bytes = [bits >> 16, bits >> 8, bits].map { UInt8($0 & 0xFF) }
            if bytes[(digits.count - 1)...].contains(where: { $0 != 0 }) { return nil }
            content += bytes[..<(digits.count - 1)]
        }
        return content
    }

    /// The text of bytes that are flushed now and then.
    private static func encode(_ bytes: [UInt8], _ random: inout Randomness) -> [UInt8] {
        var text: [UInt8] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            let piece = Array(rest.prefix(1 + random.below(WebTextEncoder.blockBytes)))
            rest = rest.dropFirst(piece.count)
            let block = WebTextEncoder.encode(piece.span)
            for index in 0..<block.count { text.append(block.characters[index]) }
        }
        return text
    }
}

enum HealthAnswerTarget: FuzzTarget {
    static let name = "health-answers"
    static let seeds: [[UInt8]] = [
        [0, 0, 0, 0, 2, 8, 1], [0, 0, 0, 0, 0], [0, 0, 0, 0, 6, 18, 2, 65, 66, 8, 2],
        [0, 0, 0, 0, 7, 0x1D, 1, 2, 3, 4, 8, 1],
        [0, 0, 0, 0, 11, 8, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1],
    ]

    static func check(_ input: [UInt8], _ random: inout Randomness) throws(Violation) -> Bool {
        let whole = read(input, cuts: [input.count])
        let pieces = read(input, cuts: random.cuts(input.count))
        try require(whole == pieces, "in pieces the same as at once")
        guard let message = whole else { return false }
        try require(message.count <= 64, "a message has a bound")
        guard let status = ServingStatus(message: message.span) else { return false }
        // Fields behind it that nobody knows change nothing, and one that is known replaces it.
        try require(ServingStatus(message: (message + [0x12, 2, 8, 9]).span) == status, "unknown fields mean nothing")
        try require(ServingStatus(message: (message + [8, 1]).span) == .serving, "the last one counts")
        return true
    }

    private static func read(_ content: [UInt8], cuts: [Int]) -> [UInt8]? {
        var message = SmallMessage(limit: 64)
        var start = 0
        do throws(SmallMessage.Fault) {
            for end in cuts {
                let piece = Array(content[start..<end])
                try message.take(piece.span)
                start = end
            }
            return try message.ended()
        } catch {
            return nil
        }
    }
}
