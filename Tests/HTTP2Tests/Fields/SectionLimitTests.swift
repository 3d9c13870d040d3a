// Sections have a bound; what is beyond is decoded, so that the table is right, and not kept.

import MartletHTTPCore
import Testing

@testable import MartletHTTP2

struct SectionLimitTests {
    /// Lines that just fit: name, value and four bytes each.
    @Test func bytes() {
        let line = plain("name", "value")
        for (room, kept) in [(13, 1), (12, 0), (25, 1), (26, 2), (1000, 3)] {
            var reader = Reader(bytes: room)
            let lines = reader.read(line + line + line)
            #expect(lines == .fields(Array(repeating: "name: value", count: kept)))
            let (isTooLarge, listBytes) = (reader.section.isTooLarge, reader.section.listBytes)
            #expect(isTooLarge == (kept < 3) && listBytes == 3 * 41)
        }
    }

    @Test func lines() {
        var reader = Reader(fields: 2)
        #expect(reader.read([0x82, 0x84]) == .fields([":method: GET", ":path: /"]))
        var isTooLarge = reader.section.isTooLarge
        #expect(!isTooLarge)
        #expect(reader.read([0x82, 0x84, 0x86]) == .fields([":method: GET", ":path: /"]))
        isTooLarge = reader.section.isTooLarge
        #expect(isTooLarge)
        // It is forgotten with the next block.
        #expect(reader.read([0x82]) == .fields([":method: GET"]))
        isTooLarge = reader.section.isTooLarge
        #expect(!isTooLarge)
    }

    /// Once something did not fit, nothing is kept any more, also if it would fit.
    @Test func nothingIsKeptBehindWhatIsLost() {
        var reader = Reader(bytes: 40)
        let block = plain("a", "1") + plain("b", String(repeating: "v", count: 60)) + plain("c", "3")
        #expect(reader.read(block) == .fields(["a: 1"]))
    }

    /// Fields that do not fit in the section are in the table, also as names of others.
    @Test(arguments: [0, 20, 64])
    func theTableIsRight(room: Int) {
        var small = Reader(bytes: room)
        var large = Reader(bytes: 50_000)
        let long = String(repeating: "v", count: 3000)
        let blocks = [
            indexed("first", "1") + indexed("long", long) + [0xBE, 0xBF],
            [0x7E] + literal(Array("second".utf8)) + [0x7F, 0x00] + literal(Array("third".utf8)),
            indexed("larger-than-any", String(repeating: "w", count: 4090)),
            indexed("a", "b") + [0x40] + literal(Array(repeating: 0x61, count: 9000)) + literal([0x62]),
            indexed("a", "b") + [0x40] + literal([0x62]) + literal(Array(repeating: 0x61, count: 9000)),
            indexed("a", "b") + indexed("c", "d"),
        ]
        for block in blocks {
            _ = large.read(block)
            let decoded = small.read(block)
            let isFault = if case .fault = decoded { true } else { false }
            #expect(!isFault)
            #expect(small.table == large.table && small.decoder.table.size == large.decoder.table.size)
            #expect(small.section.listBytes == large.section.listBytes)
        }
    }

    /// The same with coded strings, which are measured where there is no room for them.
    @Test func codedStringsBeyondAllRoom() {
        let coded = bits(Array(repeating: HuffmanCode.codes[0x61], count: 9001))
        let string = integer(coded.count, mask: 0x7F, pattern: 0x80) + coded
        for block in [[0x40] + string + [1, 0x62], [0x40, 1, 0x62] + string] {
            var reader = Reader(bytes: 100)
            #expect(reader.read(indexed("a", "b") + block + indexed("c", "d")) == .fields(["a: b"]))
            #expect(reader.table == ["c: d"])
            let listBytes = reader.section.listBytes
            #expect(listBytes == 34 + 9034 + 34)
            // What is wrong with them is found all the same.
            var wrong = block
            wrong[block[1] == 1 ? block.count - 1 : block.count - 3] = 0
            #expect(reader.read(wrong) == .fault(.badPadding))
        }
    }

    /// A bomb: thousands of references to a large field cost neither memory nor much time.
    @Test func manyReferences() {
        var reader = Reader(bytes: 16_384)
        let value = String(repeating: "v", count: 4000)
        #expect(reader.read(indexed("x", value)) == .fields(["x: \(value)"]))
        let block = [UInt8](repeating: 0xBE, count: 16_000)
        guard case .fields(let fields) = reader.read(block) else {
            Issue.record("references are not found")
            return
        }
        #expect(fields.count == 4)
        let (isTooLarge, listBytes) = (reader.section.isTooLarge, reader.section.listBytes)
        #expect(isTooLarge && listBytes == 16_000 * 4033)
    }

    /// All room is used, to the last byte, by coded and by plain strings.
    @Test func fullToTheLastByte() {
        for count in 1...80 {
            let text = String(repeating: "e", count: count)
            let coded = encodeString(Array(text.utf8))
            for room in [count + 4, count + 5, count + 6] {
                for value in [coded, literal(Array(text.utf8))] {
                    var reader = Reader(bytes: room)
                    let expected = room >= count + 5 ? ["x: \(text)"] : []
                    #expect(reader.read([0, 1, 0x78] + value) == .fields(expected))
                }
            }
        }
    }
}
