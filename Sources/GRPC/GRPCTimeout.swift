// How long a call may take, as `grpc-timeout` says it: up to eight digits and a unit.

import MartletHTTPCore

/// Reads and writes the value of `grpc-timeout`.
package enum GRPCTimeout {
    /// How many bytes `write` fills.
    package static var width: Int { 9 }
    /// The largest number that eight digits can say.
    private static var mostDigits: UInt64 { 99_999_999 }

    /// The time in milliseconds, rounded up; nil for anything but one to eight digits and one of the units H, M, S, m, u and n.
    /// 0 is a time that has passed.
    package static func milliseconds(_ value: Span<UInt8>) -> UInt64? {
        let digits = value.count - 1
        guard digits >= 1, digits <= 8, let number = ByteNumber.decimal(value.extracting(0..<digits)) else {
            return nil
        }
        switch value[digits] {
        case 0x48: return number * 3_600_000
        case 0x4D: return number * 60_000
        case 0x53: return number * 1_000
        case 0x6D: return number
        case 0x75: return (number + 999) / 1_000
        case 0x6E: return (number + 999_999) / 1_000_000
        default: return nil
        }
    }

    /// Writes a time into the `width` bytes from `place` on, blanks in front of it. What the finest unit that has room for it
    /// cannot say is left out: nobody is given more time than there is.
    package static func write(_ milliseconds: UInt64, into bytes: inout MutableSpan<UInt8>, at place: Int) {
        let time = inUnits(milliseconds)
        var rest = time.number
        var index = place + width - 1
        bytes[index] = time.unit
        repeat {
            index -= 1
            bytes[index] = 0x30 + UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        } while rest > 0
        while index > place {
            index -= 1
            bytes[index] = 0x20
        }
    }

    private static func inUnits(_ milliseconds: UInt64) -> (number: UInt64, unit: UInt8) {
        if milliseconds <= mostDigits { return (milliseconds, 0x6D) }
        if milliseconds / 1_000 <= mostDigits { return (milliseconds / 1_000, 0x53) }
        if milliseconds / 60_000 <= mostDigits { return (milliseconds / 60_000, 0x4D) }
        return (min(milliseconds / 3_600_000, mostDigits), 0x48)
    }
}
