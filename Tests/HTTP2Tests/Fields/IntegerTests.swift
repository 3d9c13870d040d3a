// Numbers in the low bits of bytes (RFC 7541 section 5.1).

import MartletHTTPCore
import Testing

@testable import MartletHTTP2

struct IntegerTests {
    /// What stands at the front of `bytes`, and where it ends.
    private func decoded(_ bytes: [UInt8], mask: UInt8) throws(HPACKFault) -> [Int] {
        var position = 0
        let number = try HPACKInteger.decode(bytes.span, &position, mask: mask)
        return [number, position]
    }

    private func encoded(_ number: Int, mask: UInt8, pattern: UInt8) -> [UInt8] {
        var writer = HeadWriter(capacity: 16)
        writer.write(integer: number, mask: mask, pattern: pattern)
        return writer.bytes.indices.map { writer.bytes[$0] }
    }

    /// Appendix C.1.
    @Test(arguments: [
        (10, UInt8(0x1F), "0a"), (1337, 0x1F, "1f 9a 0a"), (42, 0xFF, "2a"),
    ])
    func examples(number: Int, mask: UInt8, bytes: String) throws {
        #expect(encoded(number, mask: mask, pattern: 0) == hex(bytes))
        #expect(try decoded(hex(bytes), mask: mask) == [number, hex(bytes).count])
    }

    @Test(arguments: [0x7F, 0x3F, 0x1F, 0x0F] as [UInt8])
    func whatIsWrittenIsRead(mask: UInt8) throws {
        let borders = [
            0, 1, Int(mask) - 1, Int(mask), Int(mask) + 1, Int(mask) + 127, Int(mask) + 128, 16_383, 1 << 28,
        ]
        for number in borders {
            let bytes = encoded(number, mask: mask, pattern: ~mask)
            #expect(bytes[0] & ~mask == ~mask)
            #expect(try decoded(bytes + [0xFF], mask: mask) == [number, bytes.count])
            for end in bytes.indices {
                #expect(throws: HPACKFault.truncated) { try decoded(Array(bytes[..<end]), mask: mask) }
            }
        }
    }

    /// Five bytes behind the prefix are read, zeros as well; the sixth is too much, whatever it says.
    @Test func tooLong() throws {
        #expect(try decoded(hex("1f ff ff ff ff 7f"), mask: 0x1F) == [31 + (1 << 35) - 1, 6])
        #expect(try decoded(hex("1f 80 80 80 80 00"), mask: 0x1F) == [31, 6])
        for bytes in ["1f ff ff ff ff ff 00", "1f 80 80 80 80 80 00", "1f ff ff ff ff ff ff ff ff ff ff 7f"] {
            #expect(throws: HPACKFault.integerTooLong) { try decoded(hex(bytes), mask: 0x1F) }
        }
    }
}
