// Numbers that begin in the low bits of a byte (RFC 7541 section 5.1).

import MartletHTTPCore

enum HPACKInteger {
    /// Reads the number at `position`, whose prefix is the bits of `mask`, and steps behind it. At most 2^35 and a bit.
    @inline(__always)
    static func decode(
        _ block: Span<UInt8>, _ position: inout Int, mask: UInt8
    ) throws(HPACKFault) -> Int {
        guard position < block.count else { throw .truncated }
        let prefix = block[position] & mask
        position &+= 1
        return prefix < mask ? Int(prefix) : try decodeRest(block, &position, behind: Int(mask))
    }

    /// Reads what stands behind a prefix of nothing but ones.
    @inline(never)
    private static func decodeRest(
        _ block: Span<UInt8>, _ position: inout Int, behind prefix: Int
    ) throws(HPACKFault) -> Int {
        var number = prefix
        for shift in stride(from: 0, through: 28, by: 7) {
            guard position < block.count else { throw .truncated }
            let byte = block[position]
            position += 1
            number += Int(byte & 0x7F) << shift
            if byte < 0x80 { return number }
        }
        throw .integerTooLong
    }
}

extension HeadWriter {
    /// Writes `number` with the bits of `mask` as its prefix and `pattern` in the bits above.
    @inline(__always)
    mutating func write(integer number: Int, mask: UInt8, pattern: UInt8) {
        if number < Int(mask) {
            write(byte: pattern | UInt8(truncatingIfNeeded: number))
        } else {
            write(byte: pattern | mask)
            writeRest(number &- Int(mask))
        }
    }

    @inline(never)
    private mutating func writeRest(_ number: Int) {
        var rest = number
        while rest >= 0x80 {
            write(byte: UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        write(byte: UInt8(truncatingIfNeeded: rest))
    }
}
