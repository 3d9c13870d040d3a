// Decimal numbers as JSON and C write them, without floating point and without memory.
import MartletHTTPCore

/// Numbers such as "0.25", "1", "3e-1".
enum DecimalFraction {
    /// The number in thousandths, rounded down, `most` if it is larger; `nil` if it is negative or no number.
    static func thousandths(_ text: Span<UInt8>, most: UInt32) -> UInt32? {
        var index = 0
        guard let digits = mantissa(text, &index), let exponent = exponent(text, &index), index == text.count else {
            return nil
        }
        return scaled(digits.value, by: digits.scale + exponent + 3, most: most)
    }

    /// Digits with a point among them: the first eighteen significant ones, and the power of ten that they stand for.
    private static func mantissa(_ text: Span<UInt8>, _ index: inout Int) -> (value: UInt64, scale: Int)? {
        var value: UInt64 = 0
        var scale = 0
        var hasDigits = false
        var isBehindPoint = false
        while index < text.count {
            if text[index] == UInt8(ascii: ".") && !isBehindPoint {
                isBehindPoint = true
            } else if text[index] &- 0x30 < 10 {
                hasDigits = true
                if value < 100_000_000_000_000_000 {
                    value = value * 10 + UInt64(text[index] &- 0x30)
                    if isBehindPoint { scale -= 1 }
                } else if !isBehindPoint {
                    scale += 1
                }
            } else {
                break
            }
            index += 1
        }
        return hasDigits ? (value, scale) : nil
    }

    /// "e-3" and the like; 0 if there is none, `nil` if it is broken off. Beyond a thousand all are the same.
    private static func exponent(_ text: Span<UInt8>, _ index: inout Int) -> Int? {
        if index == text.count || text[index] | 0x20 != UInt8(ascii: "e") { return 0 }
        index += 1
        var isNegative = false
        if index < text.count && (text[index] == UInt8(ascii: "-") || text[index] == UInt8(ascii: "+")) {
            isNegative = text[index] == UInt8(ascii: "-")
            index += 1
        }
        let start = index
        var exponent = 0
        while index < text.count && text[index] &- 0x30 < 10 {
            exponent = min(exponent * 10 + Int(text[index] &- 0x30), 10_000)
            index += 1
        }
        return index == start ? nil : isNegative ? -exponent : exponent
    }

    private static func scaled(_ value: UInt64, by power: Int, most: UInt32) -> UInt32 {
        var value = value
        var power = power
        while power < 0 && value > 0 {
            value /= 10
            power += 1
        }
        while power > 0 && value > 0 && value < UInt64(most) {
            value *= 10
            power -= 1
        }
        return UInt32(min(value, UInt64(most)))
    }
}
