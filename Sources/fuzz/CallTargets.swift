// What calls of gRPC say of themselves: their time, where their messages end, and words for people.

import MartletGRPC
import MartletHTTPCore

enum CallTimeoutTarget: FuzzTarget {
    static let name = "call-timeouts"
    static let corpus = ["1H", "2M", "30S", "1500m", "99999999u", "1n", "0S", "007m", "99999999H", "123456789m", "1s"]

    static func check(_ input: [UInt8], _ random: inout Randomness) throws(Violation) -> Bool {
        let time = GRPCTimeout.milliseconds(input.span)
        let digits = input.dropLast()
        let isTime =
            (1...8).contains(digits.count) && digits.allSatisfy { (0x30...0x39).contains($0) }
            && "HMSmun".utf8.contains(input.last ?? 0)
        try require((time != nil) == isTime, "digits and a unit, and nothing else, are a time")
        guard let time else { return false }
        var text = [UInt8](repeating: 0x2E, count: GRPCTimeout.width)
        var span = text.mutableSpan
        GRPCTimeout.write(time, into: &span, at: 0)
        let again = GRPCTimeout.milliseconds(Array(text.drop { $0 == 0x20 }).span)
        guard let again else { throw Violation(property: "what is written is a time") }
        try require(again <= time && time - again <= time / 100_000, "what is written is the same time, or just less")
        return true
    }
}

enum CallMessagesTarget: FuzzTarget {
    static let name = "call-messages"
    static let seeds: [[UInt8]] = [
        [0, 0, 0, 0, 0], [0, 0, 0, 0, 2, 1, 2, 1, 0, 0, 0, 0], [0, 0, 0, 1, 0], [1, 0xFF, 0xFF, 0xFF, 0xFF, 7],
        Array("50% of caf\u{e9}\r\n".utf8),
    ]

    static func check(_ input: [UInt8], _ random: inout Randomness) throws(Violation) -> Bool {
        var whole = MessageBoundary()
        whole.pass(input.span)
        var pieces = MessageBoundary()
        var start = 0
        for end in random.cuts(input.count) {
            pieces.pass(input.span.extracting(start..<end))
            start = end
            try require(pieces.isOpen == isBoundary(input, end), "a boundary is where a message ends, at \(end)")
        }
        pieces.pass(input.span.extracting(start..<input.count))
        try require(whole.isOpen == pieces.isOpen, "in pieces the same as at once")
        try checkMessage(input)
        return whole.isOpen
    }

    /// The same the long way round.
    private static func isBoundary(_ input: [UInt8], _ end: Int) -> Bool {
        var position = 0
        while position + 5 <= end {
            position += 5 + input[position + 1..<position + 5].reduce(0) { $0 << 8 | Int($1) }
        }
        return position == end
    }

    /// Words for people are printable on the way, and come out as they were.
    private static func checkMessage(_ input: [UInt8]) throws(Violation) {
        var writer = HeadWriter(capacity: 3 * input.count + 64)
        writer.write(grpcMessage: input.span)
        try require(!writer.overflowed, "a byte becomes three at most")
        var decoded: [UInt8] = []
        var index = 0
        while index < writer.count {
            let byte = writer.bytes[index]
            try require(byte >= 0x20 && byte < 0x7F, "what is sent is printable")
            index += 1
            if byte != 0x25 {
                decoded.append(byte)
                continue
            }
            guard index + 1 < writer.count, let high = ByteNumber.hexDigit(writer.bytes[index]),
                let low = ByteNumber.hexDigit(writer.bytes[index + 1])
            else { throw Violation(property: "two digits follow a percent sign") }
            decoded.append(high << 4 | low)
            index += 2
        }
        try require(decoded == input, "it comes out as it was")
    }
}
