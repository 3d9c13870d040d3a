// What may stand in the file, as data: for messages, for the manual and for the JSON Schema.

/// What may stand at a place of the file.
indirect enum Shape {
    /// A whole number.
    case integer(ClosedRange<Int>)
    /// A number of bytes, with or without a unit.
    case size(ClosedRange<Int>)
    /// A time with a unit.
    case duration(ClosedRange<Duration>)
    /// A whole number with a percent sign.
    case percent(ClosedRange<Int>)
    /// A number with one decimal place at most.
    case decimal(ClosedRange<Double>)
    /// `true` or `false`.
    case boolean
    /// A status of HTTP, or a range of them.
    case statuses(ClosedRange<Int>)
    /// A mapping from names of fields to their values.
    case fields
    /// A mapping from texts of one kind to texts of another: `names of parameters`, `their values`.
    case pairs(String, to: String)
    /// The same, with one value or a list of them for each.
    case lists(String, of: Shape)
    /// Text of a kind.
    case text(TextShape)
    /// One of these words.
    case choice([String])
    /// This word, or else what follows.
    case word(String, or: Shape)
    /// A list with at least so many elements.
    case list(of: Shape, minimum: Int)
    /// One, or a list of them.
    case oneOrMore(of: Shape)
    /// A mapping from names.
    case named(() -> SectionShape)
    /// A mapping from names of upstreams to whole numbers.
    case weights(ClosedRange<Int>)
    /// A mapping from names to sections, or the texts that stand for one of their keys.
    case matches(TextShape, () -> SectionShape)
    /// A section.
    case section(() -> SectionShape)
    /// A section, or the text that stands for its only required key.
    case shorthand(TextShape, () -> SectionShape)
}

/// A kind of text.
struct TextShape {
    /// What a message says is expected: `an address to listen on such as :8080`.
    let expected: String
    /// A regular expression (ECMA-262) that every such text matches, for editors; the decoder is the judge.
    let pattern: String?
}

/// A section as data.
struct SectionShape {
    let typeName: String
    let noun: String
    let keys: [KeyShape]
    /// Whether the manual has it once though it stands in many places.
    let isDescribedOnce: Bool
}

/// A key as data.
struct KeyShape {
    let name: String
    let isRequired: Bool
    let shape: Shape
    let defaultText: String?
}

extension Shape {
    /// What is expected, for a message: `a size between 1KiB and 1MiB`.
    var expected: String {
        switch self {
        case .integer(let range): "a whole number between \(range.lowerBound) and \(range.upperBound)"
        case .size(let range):
            "a size between \(SizeText.write(range.lowerBound)) and \(SizeText.write(range.upperBound))"
        case .duration(let range):
            "a duration between \(DurationText.write(range.lowerBound)) and \(DurationText.write(range.upperBound))"
        case .percent(let range): "a percentage between \(range.lowerBound)% and \(range.upperBound)%"
        case .decimal(let range):
            "a number between \(DecimalText.write(range.lowerBound)) and \(DecimalText.write(range.upperBound))"
        case .boolean: "'true' or 'false'"
        case .statuses(let range):
            "a status between \(range.lowerBound) and \(range.upperBound), or a range such as "
                + StatusText.write(range.lowerBound...range.lowerBound + 99)
        case .fields: "a mapping from names of header fields to their values"
        case .pairs(let names, let values): "a mapping from \(names) to \(values)"
        case .lists(let names, let values): "a mapping from \(names), each to \(values.expected)"
        case .text(let text): text.expected
        case .choice(let words): (words.count > 2 ? "one of " : "") + Quoting.list(words, joiner: "or")
        case .word(let word, let other): "'\(word)' or \(other.expected)"
        case .list(let element, _): "a list; each element is " + element.expected
        case .oneOrMore(let element): "\(element.expected), or a list"
        case .named(let section): "a mapping from names, each to \(section().noun)"
        case .weights(let range):
            "a mapping from names of 'upstreams', each to a whole number between \(range.lowerBound) and "
                + "\(range.upperBound)"
        case .matches(let text, let section):
            "a mapping from names, each to \(text.expected) or to \(section().noun)"
        case .section(let section): "a mapping with keys such as " + Quoting.list(section().keys.prefix(3).map(\.name))
        case .shorthand(let text, _): text.expected
        }
    }
}
