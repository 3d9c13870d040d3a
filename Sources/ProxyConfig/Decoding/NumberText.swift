// Reading and writing percentages, numbers with a decimal place, yes and no, and statuses.

/// Percentages: a whole number followed by a percent sign.
enum PercentText {
    /// The number of percent a scalar spells.
    static func read(_ scalar: Node.Scalar) throws(MeasureError) -> Int {
        let text = scalar.string
        guard let (digits, unit) = IntegerText.split(text), let value = IntegerText.digits(digits) else {
            throw MeasureError("\(Quoting.quote(text)) is not a percentage")
        }
        if text == digits + "%" { return value }
        guard unit.isEmpty else {
            let meant = unit == "%" ? "\(digits)%" : nil
            throw MeasureError("\(Quoting.quote(text)) is not a percentage in whole percent", suggestion: meant)
        }
        throw MeasureError("\(Quoting.quote(text)) needs a percent sign", suggestion: digits + "%")
    }

    /// The percentage as it is read.
    static func write(_ percent: Int) -> String { "\(percent)%" }
}

/// Numbers with one decimal place at most.
enum DecimalText {
    /// The number a plain scalar spells.
    static func read(_ scalar: Node.Scalar) throws(MeasureError) -> Double {
        let text = scalar.string
        if let value = number(text[...]) {
            guard NodeText.isPlain(scalar) else {
                throw MeasureError("\(Quoting.quote(text)) is a text", hint: "leave the quotes away")
            }
            return value
        }
        let bare = text.drop { $0 == "p" }.prefix { $0 != "%" }
        let meant = bare.count < text.count && number(bare) != nil ? String(bare) : nil
        throw MeasureError("\(Quoting.quote(text)) is not a number with one decimal place at most", suggestion: meant)
    }

    private static func number(_ text: Substring) -> Double? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count <= 2, let whole = IntegerText.digits(parts[0]) else { return nil }
        guard parts.count == 2 else { return Double(whole) }
        guard parts[1].utf8.count == 1, let tenths = IntegerText.digits(parts[1]) else { return nil }
        return Double(whole) + Double(tenths) / 10
    }

    /// The number, without a decimal place when that is 0.
    static func write(_ value: Double) -> String { value == value.rounded() ? "\(Int(value))" : "\(value)" }
}

/// Yes and no.
enum BooleanText {
    /// The word that was probably meant.
    static func meant(_ text: String) -> String? {
        switch text.lowercased() {
        case "true", "yes", "y", "on", "1": "true"
        case "false", "no", "n", "off", "0": "false"
        default: nil
        }
    }
}

/// Statuses of HTTP, and ranges of them: `200`, `200-399`.
enum StatusText {
    /// The statuses a scalar spells.
    static func read(_ scalar: Node.Scalar) throws(MeasureError) -> ClosedRange<Int> {
        let text = scalar.string
        let ends = text.split(separator: "-", omittingEmptySubsequences: false).map { IntegerText.digits($0) }
        if ends.count <= 2, let first = ends[0], let last = ends[ends.count - 1] {
            guard first <= last else {
                throw MeasureError("\(Quoting.quote(text)) ends before it begins", suggestion: "\(last)-\(first)")
            }
            return first...last
        }
        throw MeasureError("\(Quoting.quote(text)) is neither a status nor a range of them", suggestion: meant(text))
    }

    /// The range of a class: `5xx` is taken for `500-599`.
    private static func meant(_ text: String) -> String? {
        let lower = text.lowercased()
        guard lower.hasSuffix("xx"), lower.count == 3, let first = lower.first, "12345".contains(first) else {
            return nil
        }
        return "\(first)00-\(first)99"
    }

    /// The statuses as they are read.
    static func write(_ range: ClosedRange<Int>) -> String {
        range.count == 1 ? "\(range.lowerBound)" : "\(range.lowerBound)-\(range.upperBound)"
    }
}
