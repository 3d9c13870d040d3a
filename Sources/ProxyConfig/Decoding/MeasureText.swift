// Reading and writing whole numbers, sizes and durations.

/// Whole numbers.
enum IntegerText {
    /// The number a plain scalar spells.
    static func read(_ scalar: Node.Scalar) throws(MeasureError) -> Int {
        guard let value = digits(scalar.string) else {
            throw MeasureError("\(Quoting.quote(scalar.string)) is not a whole number")
        }
        guard NodeText.isPlain(scalar) else {
            throw MeasureError(
                "\(scalar.style == .singleQuoted ? "'\(value)'" : "\"\(value)\"") is a text",
                hint: "leave the quotes away")
        }
        return value
    }

    /// The number these decimal digits spell; `Int.max` for one that is too large.
    static func digits(_ text: some StringProtocol) -> Int? {
        guard !text.isEmpty, text.utf8.allSatisfy({ $0 &- 0x30 <= 9 }) else { return nil }
        return Int(text) ?? .max
    }

    /// Splits `10s` into its digits and what follows; spaces between them are kept with neither.
    static func split(_ text: String) -> (digits: Substring, unit: Substring)? {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        return digits.isEmpty ? nil : (digits, text[digits.endIndex...].drop { $0 == " " })
    }
}

/// Numbers of bytes: a whole number, followed by a unit unless it counts single bytes.
enum SizeText {
    private static let units: [(name: String, bytes: Int)] = [
        ("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10), ("B", 1),
    ]

    /// The size a scalar spells.
    static func read(_ scalar: Node.Scalar) throws(MeasureError) -> Int {
        let text = scalar.string
        guard let (digits, unit) = IntegerText.split(text), let value = IntegerText.digits(digits) else {
            throw MeasureError("\(Quoting.quote(text)) is not a size")
        }
        if unit.isEmpty { return value }
        guard let known = units.first(where: { text == digits + $0.name }) else {
            throw MeasureError("\(Quoting.quote(text)) is not a size", suggestion: nearest(unit).map { digits + $0 })
        }
        let (bytes, isTooLarge) = value.multipliedReportingOverflow(by: known.bytes)
        return isTooLarge ? .max : bytes
    }

    /// The unit that was probably meant: `KB`, `kb` and `k` are all taken for `KiB`.
    private static func nearest(_ unit: Substring) -> String? {
        switch unit.lowercased() {
        case "b", "byte", "bytes": "B"
        case "k", "kb", "kib", "ki": "KiB"
        case "m", "mb", "mib", "mi": "MiB"
        case "g", "gb", "gib", "gi": "GiB"
        default: nil
        }
    }

    /// The size in the largest unit that leaves a whole number.
    static func write(_ bytes: Int) -> String {
        let unit = units.first { bytes >= $0.bytes && bytes % $0.bytes == 0 } ?? units[units.count - 1]
        return "\(bytes / unit.bytes)\(unit.name)"
    }
}

/// Times: a whole number followed by a unit.
enum DurationText {
    private static let units: [(name: String, milliseconds: Int)] = [
        ("ms", 1), ("s", 1000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000),
    ]

    /// The duration a scalar spells.
    static func read(_ scalar: Node.Scalar) throws(MeasureError) -> Duration {
        let text = scalar.string
        guard let (digits, unit) = IntegerText.split(text), let value = IntegerText.digits(digits) else {
            throw MeasureError("\(Quoting.quote(text)) is not a duration")
        }
        guard !unit.isEmpty else {
            // Nobody writes so many seconds, but other proxies count in milliseconds.
            let meant = text + (value < 1000 ? "s" : "ms")
            throw MeasureError("\(Quoting.quote(text)) needs a unit", suggestion: meant)
        }
        guard let known = units.first(where: { text == digits + $0.name }) else {
            throw MeasureError("\(Quoting.quote(text)) is not a duration", suggestion: nearest(digits, unit))
        }
        // A number that large is out of every range, whatever its unit.
        let (milliseconds, isTooLarge) = value.multipliedReportingOverflow(by: known.milliseconds)
        return .milliseconds(isTooLarge ? Int.max : milliseconds)
    }

    /// What was probably meant.
    private static func nearest(_ digits: Substring, _ unit: Substring) -> String? {
        switch unit.lowercased() {
        case "ms", "msec", "msecs", "millis", "milliseconds": "\(digits)ms"
        case "s", "sec", "secs", "second", "seconds": "\(digits)s"
        case "m", "min", "mins", "minute", "minutes": "\(digits)m"
        case "h", "hr", "hrs", "hour", "hours": "\(digits)h"
        case "d", "day", "days": "\(digits)d"
        default: nil
        }
    }

    /// The duration in the largest unit that leaves a whole number; minutes and days from two of them on.
    static func write(_ duration: Duration) -> String {
        let (seconds, attoseconds) = duration.components
        let milliseconds = Int(seconds) * 1000 + Int(attoseconds / 1_000_000_000_000_000)
        let unit = units.last { unit in
            let least = unit.name == "m" || unit.name == "d" ? 2 : 1
            let isLarge = milliseconds >= least * unit.milliseconds
            return unit.name == "s" && milliseconds == 0 || isLarge && milliseconds % unit.milliseconds == 0
        }
        guard let unit else { return "\(milliseconds)ms" }
        return "\(milliseconds / unit.milliseconds)\(unit.name)"
    }
}

extension Duration {
    /// So many minutes.
    static func minutes(_ count: Int) -> Duration { .seconds(60 * count) }
    /// So many hours.
    static func hours(_ count: Int) -> Duration { .seconds(3600 * count) }
}
