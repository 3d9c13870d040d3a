// Types of values that count: whole numbers, sizes, durations, percentages; and yes or no.

extension ValueType where Value == Int {
    /// A whole number in `range`.
    static func integer(_ range: ClosedRange<Int>) -> ValueType {
        .measured(.integer(range), blank: range.lowerBound, range, write: { String($0) }, read: IntegerText.read)
    }

    /// A number of bytes in `range`: `32KiB`, or without a unit.
    static func size(_ range: ClosedRange<Int>) -> ValueType {
        .measured(.size(range), blank: range.lowerBound, range, write: SizeText.write, read: SizeText.read)
    }
}

extension ValueType where Value == Int {
    /// A whole number of percent in `range`: `20%`.
    static func percent(_ range: ClosedRange<Int>) -> ValueType {
        .measured(.percent(range), blank: range.lowerBound, range, write: PercentText.write, read: PercentText.read)
    }
}

extension ValueType where Value == Double {
    /// A number in `range` with one decimal place at most: `99.9`.
    static func decimal(_ range: ClosedRange<Double>) -> ValueType {
        .measured(.decimal(range), blank: range.lowerBound, range, write: DecimalText.write, read: DecimalText.read)
    }
}

extension ValueType where Value == Bool {
    /// `true` or `false`.
    static var boolean: ValueType {
        ValueType(shape: .boolean, blank: false, text: { $0 ? "true" : "false" }) { node, decoder in
            let text = node.scalar?.string ?? ""
            if text == "true" || text == "false" { return text == "true" }
            decoder.problem(
                "\(decoder.leaf) \(NodeText.describe(node))", expected: Shape.boolean.expected,
                hint: BooleanText.meant(text).map { "did you mean '\($0)'?" }, at: decoder.place(of: node))
            return nil
        }
    }
}

extension ValueType where Value == ClosedRange<Int> {
    /// A status in `range`, or a range of such.
    static func statuses(_ range: ClosedRange<Int>) -> ValueType {
        let shape = Shape.statuses(range)
        return ValueType(shape: shape, blank: range, text: StatusText.write) { node, decoder in
            guard let scalar = node.scalar, !NodeText.isEmpty(scalar) else {
                decoder.wrongType(node, expected: shape.expected)
                return nil
            }
            do throws(MeasureError) {
                let value = try StatusText.read(scalar)
                if range.contains(value.lowerBound), range.contains(value.upperBound) { return value }
                let message = "\(Quoting.quote(scalar.string)) is out of range"
                decoder.problem(message, expected: shape.expected, at: decoder.place(of: node))
            } catch {
                decoder.problem(error.message, expected: shape.expected, hint: error.hint, at: decoder.place(of: node))
            }
            return nil
        }
    }
}

extension ValueType where Value == Duration {
    /// A duration in `range`, with a unit: `10s`.
    static func duration(_ range: ClosedRange<Duration>) -> ValueType {
        .measured(.duration(range), blank: range.lowerBound, range, write: DurationText.write, read: DurationText.read)
    }
}

/// Why a text is no measure.
struct MeasureError: Error, Equatable {
    /// What is wrong.
    let message: String
    /// What was probably meant.
    var hint: String?

    /// Says what to do.
    init(_ message: String, hint: String) {
        self.message = message
        self.hint = hint
    }

    /// Says what was probably meant.
    init(_ message: String, suggestion: String? = nil) {
        self.message = message
        hint = suggestion.map { "did you mean '\($0)'?" }
    }
}

extension ValueType where Value: Comparable {
    /// A value that is read from one word and lies in `range`.
    fileprivate static func measured(
        _ shape: Shape, blank: Value, _ range: ClosedRange<Value>, write: @escaping (Value) -> String,
        read: @escaping (Node.Scalar) throws(MeasureError) -> Value
    ) -> ValueType {
        ValueType(shape: shape, blank: blank, text: write) { node, decoder in
            guard let scalar = node.scalar, !NodeText.isEmpty(scalar) else {
                decoder.wrongType(node, expected: shape.expected)
                return nil
            }
            do throws(MeasureError) {
                let value = try read(scalar)
                if range.contains(value) { return value }
                let message = "\(Quoting.quote(scalar.string)) is out of range"
                decoder.problem(message, expected: shape.expected, at: decoder.place(of: node))
            } catch {
                decoder.problem(error.message, expected: shape.expected, hint: error.hint, at: decoder.place(of: node))
            }
            return nil
        }
    }
}
