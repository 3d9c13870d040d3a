// Numbers for people. Pure.

/// Writes numbers.
package enum NumberText {
    /// With commas between thousands: 1,234,567.
    package static func grouped(_ number: UInt64) -> String {
        let digits = String(number)
        var text = ""
        for (index, digit) in digits.enumerated() {
            if index > 0 && (digits.count - index) % 3 == 0 { text += "," }
            text.append(digit)
        }
        return text
    }

    /// A rate: 0.4, 12, 1,234.
    package static func rate(_ perSecond: Double) -> String {
        if perSecond > 0 && perSecond < 9.95 { return fixed(perSecond, decimals: 1) }
        return grouped(UInt64(max(0, perSecond).rounded()))
    }

    /// A time of so many microseconds, to about three digits: 0.31 ms, 81.2 ms, 1.25 s.
    package static func time(microseconds: Double) -> String {
        let milliseconds = microseconds / 1_000
        if milliseconds < 9.995 { return fixed(milliseconds, decimals: 2) + " ms" }
        if milliseconds < 99.95 { return fixed(milliseconds, decimals: 1) + " ms" }
        if milliseconds < 999.5 { return fixed(milliseconds, decimals: 0) + " ms" }
        return seconds(milliseconds / 1_000)
    }

    /// A time of so many seconds: 0.17 s, 12.3 s, 250 s.
    package static func seconds(_ seconds: Double) -> String {
        fixed(seconds, decimals: seconds < 9.995 ? 2 : seconds < 99.95 ? 1 : 0) + " s"
    }

    /// A number that is not negative with so many decimals (0...3).
    package static func fixed(_ number: Double, decimals: Int) -> String {
        var scale: UInt64 = 1
        for _ in 0..<decimals { scale *= 10 }
        let scaled = UInt64((max(0, number) * Double(scale)).rounded())
        if decimals == 0 { return grouped(scaled) }
        let fraction = String(scaled % scale)
        return grouped(scaled / scale) + "." + String(repeating: "0", count: decimals - fraction.count) + fraction
    }
}

extension String {
    /// With blanks in front of it, up to a width.
    func right(_ width: Int) -> String { String(repeating: " ", count: max(0, width - count)) + self }
    /// With blanks behind it, up to a width.
    func left(_ width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}
