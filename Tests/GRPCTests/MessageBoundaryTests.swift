// Where messages end, whatever the pieces are in which they come.

import MartletGRPC
import Testing

struct MessageBoundaryTests {
    private func message(_ count: Int, flag: UInt8 = 0) -> [UInt8] {
        [flag] + (0..<4).map { UInt8(truncatingIfNeeded: count >> (24 - 8 * $0)) }
            + [UInt8](repeating: 0xFF, count: count)
    }

    @Test func wholeMessagesAreABoundary() {
        var boundary = MessageBoundary()
        #expect(boundary.isOpen)
        for count in [0, 1, 4, 5, 255, 256, 70_000] {
            boundary.pass(message(count, flag: 1).span)
            #expect(boundary.isOpen, "\(count)")
        }
    }

    /// Every byte of three messages, one by one: nowhere else is an end.
    @Test func thereIsNoOtherBoundary() {
        let messages = [message(3), message(0), message(300)]
        var boundary = MessageBoundary()
        for bytes in messages {
            for index in bytes.indices {
                boundary.pass(bytes.span.extracting(index..<index + 1))
                #expect(boundary.isOpen == (index == bytes.count - 1), "\(index) of \(bytes.count)")
            }
        }
    }

    @Test func piecesMakeNoDifference() {
        let bytes = (0..<40).flatMap { message($0 % 7) }
        let ends = Set((0...40).map { (0..<$0).reduce(0) { $0 + 5 + $1 % 7 } })
        for size in 1...23 {
            var boundary = MessageBoundary()
            var position = 0
            while position < bytes.count {
                let end = min(position + size, bytes.count)
                boundary.pass(bytes.span.extracting(position..<end))
                #expect(boundary.isOpen == ends.contains(end))
                position = end
            }
        }
    }

    /// The longest message there can be is not taken for its end, or for less.
    @Test func theLongestMessage() {
        var boundary = MessageBoundary()
        boundary.pass([0, 0xFF, 0xFF, 0xFF, 0xFF].span)
        boundary.pass([UInt8](repeating: 0, count: 100_000).span)
        #expect(!boundary.isOpen)
    }
}
