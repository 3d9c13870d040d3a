// Copies, moves and loads of bytes: what they change, and what they leave alone.

import MartletHTTPCore
import Testing

struct ByteCopyTests {
    private func counting(_ count: Int, from start: UInt8 = 0) -> [UInt8] {
        (0..<count).map { start &+ UInt8($0) }
    }

    /// Copies `count` bytes from `start` into a block of 0xFF at `offset`; the whole block afterwards.
    private func copied(_ source: [UInt8], _ start: Int, _ count: Int, to offset: Int, in size: Int) -> [UInt8] {
        var store = ByteStore(count: size)
        for index in 0..<size { store[index] = 0xFF }
        store.copy(source.span, from: start, count: count, to: offset)
        return (0..<size).map { store[$0] }
    }

    /// From lengths that are one byte to those that memcpy does; nothing beside the copy changes.
    @Test(arguments: [Array(0..<70), [255, 256, 257, 300]].joined().map(\.self))
    func copiesOfEveryLengthAndPlace(count: Int) {
        for start in [0, 1, 7] {
            for offset in [0, 1, 9] {
                let source = (0..<count + start + 3).map { UInt8(truncatingIfNeeded: $0) }
                let target = copied(source, start, count, to: offset, in: offset + count + 20)
                #expect(Array(target[offset..<offset + count]) == Array(source[start..<start + count]))
                #expect(target[..<offset].allSatisfy { $0 == 0xFF })
                #expect(target[(offset + count)...].allSatisfy { $0 == 0xFF })
            }
        }
    }

    @Test func aCopyUpToTheEndOfBoth() {
        for count in 0..<40 {
            let source = counting(count)
            #expect(copied(source, 0, count, to: 0, in: count) == source)
        }
    }

    @Test func wordsAreStoredLowByteFirst() {
        var store = ByteStore(count: 10)
        store.store(0x0807_0605_0403_0201, at: 2)
        #expect((0..<10).map { store[$0] } == [0, 0, 1, 2, 3, 4, 5, 6, 7, 8])
        let first = store.span(first: 4)
        let (count, last) = (first.count, first[3])
        #expect(count == 4 && last == 2)
    }

    @Test func hexadecimalDigitsMadeAtOnce() {
        for number: UInt32 in [0, 1, 0x9, 0xA, 0xF, 0x10, 0x89AB_CDEF, 0x0123_4567, .max, 0x9A9A_A9A9] {
            var store = ByteStore(count: 8)
            store.store(ByteNumber.hexDigits(of: number), at: 0)
            let digits = String(number, radix: 16)
            let expected = String(repeating: "0", count: 8 - digits.count) + digits
            #expect(String(decoding: (0..<8).map { store[$0] }, as: UTF8.self) == expected)
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
