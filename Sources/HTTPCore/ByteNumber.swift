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
}
