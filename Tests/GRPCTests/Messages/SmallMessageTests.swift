// A message that comes in pieces.

import MartletGRPC
import Testing

struct SmallMessageTests {
    /// The message in `content`, which comes in pieces of so many bytes.
    private func read(_ content: [UInt8], pieces: Int) throws(SmallMessage.Fault) -> [UInt8] {
        var message = SmallMessage(limit: 300)
        var rest = content[...]
        while !rest.isEmpty {
            let piece = Array(rest.prefix(pieces))
            rest = rest.dropFirst(piece.count)
            try message.take(piece.span)
        }
        return try message.ended()
    }

    @Test(arguments: [0, 1, 7, 255, 256, 300])
    func oneIsRead(count: Int) throws {
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0) }
        let content = [0, 0, 0, UInt8(count >> 8), UInt8(count & 0xFF)] + bytes
        for pieces in 1...content.count { #expect(try read(content, pieces: pieces) == bytes) }
    }

    @Test(
        arguments: [
            ([], .incomplete), ([0, 0, 0, 0], .incomplete), ([0, 0, 0, 0, 1], .incomplete),
            ([0, 0, 0, 0, 2, 1], .incomplete), ([1, 0, 0, 0, 0], .badFlags), ([0x80, 0, 0, 0, 0], .badFlags),
            ([0, 0, 0, 1, 45], .tooLong), ([0, 0xFF, 0xFF, 0xFF, 0xFF], .tooLong), ([0, 0, 0, 0, 0, 0], .second),
            ([0, 0, 0, 0, 1, 2, 3], .second),
        ] as [([UInt8], SmallMessage.Fault)])
    func othersAreNot(content: [UInt8], fault: SmallMessage.Fault) {
        for pieces in 1...max(content.count, 1) {
            #expect(throws: fault) { try read(content, pieces: pieces) }
        }
    }

    @Test func aPrefixIsWritten() {
        let bytes = MessagePrefix(flags: 0x80, length: 0x0102_0304).bytes
        #expect(bytes.indices.map { bytes[$0] } == [0x80, 1, 2, 3, 4])
        #expect(MessagePrefix(length: 5).flags == 0 && MessagePrefix(length: .max).length == .max)
    }
}
