// Numbers for people, short enough for columns. Pure.

enum NumberText {
    /// A rate or a number: 0, 0.4, 12, 12345, 123k, 1.2M.
    static func short(_ value: Double) -> String {
        if value <= 0 { return "0" }
        if value < 0.05 { return "0.0" }
        if value < 9.95 { return fixed(value, 1) }
        if value < 99_999.5 { return fixed(value, 0) }
        if value < 999_500 { return fixed(value / 1_000, 0) + "k" }
        if value < 9_950_000 { return fixed(value / 1_000_000, 1) + "M" }
        return fixed(value / 1_000_000, 0) + "M"
    }

    /// A time of so many milliseconds: 0.31ms, 12.3ms, 350ms, 1.25s.
    static func time(_ milliseconds: Double?) -> String {
        guard let milliseconds else { return "-" }
        if milliseconds < 9.995 { return fixed(milliseconds, 2) + "ms" }
        if milliseconds < 99.95 { return fixed(milliseconds, 1) + "ms" }
        if milliseconds < 999.5 { return fixed(milliseconds, 0) + "ms" }
        if milliseconds < 9_995 { return fixed(milliseconds / 1_000, 2) + "s" }
        return fixed(milliseconds / 1_000, 0) + "s"
    }

    /// So many bytes: 0 B, 980 B, 1.2 KB, 33 MB.
    static func bytes(_ value: Double) -> String {
        var (value, unit) = (value, 0)
        let units = ["B", "KB", "MB", "GB", "TB"]
        while value >= 999.5 && unit < units.count - 1 { (value, unit) = (value / 1_000, unit + 1) }
        return fixed(value, unit > 0 && value < 9.95 ? 1 : 0) + " " + units[unit]
    }

    /// A share of 0...1: 0%, 3.1%, 35%.
    static func share(_ value: Double) -> String {
        let percent = value * 100
        return (percent > 0 && percent < 9.95 ? fixed(percent, 1) : fixed(percent, 0)) + "%"
    }

    /// A span of so many seconds: 8s, 3m 20s, 2h 05m, 4d 11h.
    static func span(_ seconds: Double) -> String {
        let whole = Int(max(0, min(seconds, 1e12)).rounded(.down))
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        if whole < 60 { return "\(whole)s" }
        if whole < 3_600 { return "\(whole / 60)m \(two(whole % 60))s" }
        if whole < 86_400 { return "\(whole / 3_600)h \(two(whole / 60 % 60))m" }
        return "\(whole / 86_400)d \(two(whole / 3_600 % 24))h"
    }

    /// A number that is not negative with so many decimals.
    static func fixed(_ value: Double, _ decimals: Int) -> String {
        var scale = 1.0
        for _ in 0..<decimals { scale *= 10 }
        let scaled = Int(min(max(0, value) * scale, 1e15).rounded())
        if decimals == 0 { return String(scaled) }
        let digits = String(scaled % Int(scale))
        return "\(scaled / Int(scale))." + String(repeating: "0", count: decimals - digits.count) + digits
    }
}
