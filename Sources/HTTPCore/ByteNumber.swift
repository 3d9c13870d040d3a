// Numbers written in digits. Strict: digits only, no sign, no blanks, no overflow.

/// Decimal and hexadecimal numbers in bytes.
@usableFromInline
package enum ByteNumber {
    /// The decimal number that `digits` spell, nil when they are none: empty, a byte that is no digit, or above 2^63 - 1,
    /// the most a length may be here.
    @inlinable
    package static func decimal(_ digits: Span<UInt8>) -> UInt64? {
        // Nineteen digits cannot overflow 64 bits; leading zeros beyond that have no honest use.
        guard !digits.isEmpty, digits.count <= 19 else { return nil }
        var number: UInt64 = 0
        for index in digits.indices {
            let digit = digits[index] &- 0x30
            guard digit < 10 else { return nil }
            number = number &* 10 &+ UInt64(digit)
        }
        return number <= UInt64(Int64.max) ? number : nil
    }

    /// The value of a hexadecimal digit, nil if `byte` is none.
    @inlinable @inline(__always)
    package static func hexDigit(_ byte: UInt8) -> UInt8? {
        if byte &- 0x30 < 10 { return byte &- 0x30 }
        let letter = (byte | 0x20) &- 0x61
        return letter < 6 ? letter &+ 10 : nil
    }

    /// How many decimal digits `number` has, 1 to 20.
    @inlinable
    package static func decimalDigits(_ number: UInt64) -> Int {
        var digits = 1
        var rest = number
        while rest >= 10 {
            rest /= 10
            digits &+= 1
        }
        return digits
    }

    /// How many hexadecimal digits `number` has, 1 to 16.
    @inlinable @inline(__always)
    package static func hexDigits(_ number: UInt64) -> Int {
        max(1, (67 &- number.leadingZeroBitCount) &>> 2)
    }

    /// The lowest four bits of `value` as a hexadecimal digit in lower case.
    @inlinable @inline(__always)
    package static func hexDigit(of value: UInt8) -> UInt8 {
        let digit = value & 15
        return digit < 10 ? 0x30 &+ digit : 0x57 &+ digit
    }

    /// The eight hexadecimal digits of `number` in lower case, the first in the low byte. All are made at once, a byte
    /// for each.
    @inlinable @inline(__always)
    package static func hexDigits(of number: UInt32) -> UInt64 {
        var bytes = UInt64(number)
        bytes = (bytes << 16 | bytes) & 0x0000_FFFF_0000_FFFF
        bytes = (bytes << 8 | bytes) & 0x00FF_00FF_00FF_00FF
        bytes = (bytes << 4 | bytes) & 0x0F0F_0F0F_0F0F_0F0F
        // 1 in each byte that is above 9: those become letters.
        let letters = (bytes &+ 0x0606_0606_0606_0606) >> 4 & 0x0101_0101_0101_0101
        return (bytes &+ 0x3030_3030_3030_3030 &+ letters &* 0x27).byteSwapped
    }
}
