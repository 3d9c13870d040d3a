// Numbers in digits: nothing but digits, and no overflow.

import MartletHTTPCore
import Testing

struct ByteNumberTests {
    @Test(arguments: [
        ("0", 0), ("5", 5), ("007", 7), ("1234567890", 1_234_567_890), ("9223372036854775807", UInt64(Int64.max)),
        ("0000000000000000000", 0), ("4294967296", 1 << 32),
    ])
    func isANumber(text: String, number: UInt64) {
        #expect(ByteNumber.decimal(text.utf8.span) == number)
    }

    @Test(arguments: [
        "", " ", "+1", "-1", " 1", "1 ", "1,1", "0x1", "1a", "a", "1.0", "1e1", "\u{661}", "1\0", "/", ":",
        "9223372036854775808", "9999999999999999999", "18446744073709551615", "18446744073709551617",
        "00000000000000000001", "100000000000000000000000000000000000001",
    ])
    func isNone(text: String) {
        #expect(ByteNumber.decimal(text.utf8.span) == nil)
    }

    @Test func hexadecimalDigits() {
        for byte in UInt8.min...UInt8.max {
            let character = Character(UnicodeScalar(byte))
            let expected = byte < 128 ? character.hexDigitValue.map { UInt8($0) } : nil
            #expect(ByteNumber.hexDigit(byte) == expected, "\(byte)")
        }
    }

    @Test func howManyDigits() {
        var numbers: [UInt64] = [0, .max]
        for shift in 0..<64 as Range<UInt64> { numbers += [1 << shift, (1 << shift) - 1, (1 << shift) + 1] }
        var power: UInt64 = 1
        for _ in 0..<19 {
            power *= 10
            numbers += [power - 1, power, power + 1]
        }
        for number in numbers {
            #expect(ByteNumber.decimalDigits(number) == String(number).utf8.count)
            #expect(ByteNumber.hexDigits(number) == String(number, radix: 16).utf8.count)
        }
    }
}
