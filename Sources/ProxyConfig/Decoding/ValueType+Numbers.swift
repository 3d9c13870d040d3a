// Types of values that count: whole numbers, sizes, durations.
import Yams

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
