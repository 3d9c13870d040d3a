// Copies, moves and loads of bytes: what they change, and what they leave alone.

import MartletHTTPCore
import Testing

struct ByteCopyTests {
    private func counting(_ count: Int, from start: UInt8 = 0) -> [UInt8] {
        (0..<count).map { start &+ UInt8($0) }
    }

    /// Up to 15 bytes behind a copy mean nothing afterwards; all others stay.
    @Test func copiesOfEveryLengthAndPlace() {
        for count in 0..<36 {
            for start in [0, 1, 7] {
                for offset in [0, 1, 9] {
                    let source = counting(count + start + 3)
                    var target = [UInt8](repeating: 0xFF, count: offset + count + 20)
                    var span = target.mutableSpan
                    span.copy(source.span, from: start, count: count, to: offset)
                    #expect(Array(target[offset..<offset + count]) == Array(source[start..<start + count]))
                    #expect(target[..<offset].allSatisfy { $0 == 0xFF })
                    #expect(target[(offset + count + 15)...].allSatisfy { $0 == 0xFF })
                }
            }
        }
    }

    @Test func aCopyUpToTheEndOfBoth() {
        for count in 0..<40 {
            let source = counting(count)
            var target = [UInt8](repeating: 0xFF, count: count)
            var span = target.mutableSpan
            span.copy(source.span, from: 0, count: count, to: 0)
            #expect(target == source)
        }
    }

    @Test func movesThatOverlap() {
        for count in 0..<24 {
            for distance in 0..<20 {
                let original = counting(50, from: 1)
                var bytes = original
                var span = bytes.mutableSpan
                span.moveDown(from: 3 + distance, to: 3, count: count)
                var expected = original
                expected.replaceSubrange(3..<3 + count, with: original[3 + distance..<3 + distance + count])
                #expect(bytes == expected)
            }
        }
    }

    @Test func loads() {
        let bytes = counting(24, from: 1)
        for offset in 0...8 {
            let block = bytes.span.block(at: offset)
            #expect((0..<16).allSatisfy { block[$0] == bytes[offset + $0] })
        }
        #expect(bytes.span.word(at: 0) == 0x0807_0605_0403_0201)
        #expect(bytes.span.word(at: 16) == 0x1817_1615_1413_1211)
        #expect(bytes.span.halfWord(at: 1) == 0x0504_0302)
        #expect(bytes.span.halfWord(at: 20) == 0x1817_1615)
    }

    @Test func ranges() {
        let range = ByteRange(from: 3, to: 7)
        #expect(range == ByteRange(start: 3, count: 4) && range.end == 7 && range.range == 3..<7 && !range.isEmpty)
        #expect(ByteRange().isEmpty && ByteRange(from: 5, to: 5).isEmpty && ByteRange(from: 5, to: 5).end == 5)
        let bytes = counting(10)
        let slice = bytes.span.extracting(range)
        let (count, first, last) = (slice.count, slice[0], slice[3])
        #expect(count == 4 && first == 3 && last == 6)
    }

    @Test func textIsItsBytes() {
        let text: StaticString = "abc"
        let bytes = text.bytes
        let (count, first, last) = (bytes.count, bytes[0], bytes[2])
        #expect(count == 3 && first == 0x61 && last == 0x63)
        let empty: StaticString = ""
        let none = empty.bytes.count
        #expect(none == 0)
    }
}
