// Reads characters, escapes and classes of expressions.
import MartletHTTPCore

extension ExpressionParser {
    /// The character at hand.
    mutating func scalar() throws(PatternError) -> UInt32 {
        var iterator = bytes[position...].makeIterator()
        var decoder = UTF8()
        guard case .scalarValue(let scalar) = decoder.decode(&iterator) else { throw error("a character in UTF-8") }
        position += UTF8.width(scalar)
        return scalar.value
    }

    /// What `\` and what follows it stand for.
    mutating func escape() throws(PatternError) -> ScalarSet {
        let start = position
        position += 1
        guard let byte = next else { throw error("a character behind `\\`", at: start) }
        position += 1
        switch byte {
        case 0x64: return .digits
        case 0x44: return ScalarSet.digits.inverted
        case 0x77: return .words
        case 0x57: return ScalarSet.words.inverted
        case 0x73: return .spaces
        case 0x53: return ScalarSet.spaces.inverted
        case 0x78: return ScalarSet(try hexadecimal(from: start))
        case 0x31...0x39: throw error("no back references: they cannot be matched in linear time", at: start)
        case 0x70, 0x50: throw error("no classes of Unicode; write a class such as `[a-z]`", at: start)
        default: break
        }
        if let control = Self.controls[byte] { return ScalarSet(control) }
        if byte < 0x80, byte >= 0x20, ByteKind(byte) == .other { return ScalarSet(UInt32(byte)) }
        throw error("an escape such as `\\d`, `\\w`, `\\s`, `\\b` or `\\.`", at: start)
    }

    private static let controls: [UInt8: UInt32] = [
        0x61: 0x07, 0x66: 0x0C, 0x6E: 0x0A, 0x72: 0x0D, 0x74: 0x09, 0x76: 0x0B,
    ]

    /// The scalar of `\xHH` or `\x{H…}`, of which `\x` has been read.
    private mutating func hexadecimal(from start: Int) throws(PatternError) -> UInt32 {
        let isBraced = skip("{")
        var value: UInt32 = 0
        let first = position
        while let digit = next.flatMap({ Character(.init($0)).hexDigitValue }), position < first + (isBraced ? 6 : 2) {
            value = value << 4 | UInt32(digit)
            position += 1
        }
        let isWhole = isBraced ? position > first && skip("}") : position == first + 2
        if !isWhole || Unicode.Scalar(value) == nil {
            throw error("a character's number, as in `\\x2F` or `\\x{20AC}`", at: start)
        }
        return value
    }

    /// A class in brackets.
    mutating func bracket() throws(PatternError) -> ScalarSet {
        let start = position
        position += 1
        let isInverted = skip("^")
        var set = ScalarSet()
        var isFirst = true
        while isFirst || next != 0x5D {
            isFirst = false
            guard next != nil else { throw error("a `]` for this class", at: start) }
            if skip("[:") { set.insert(try named()) } else { set.insert(try member()) }
        }
        position += 1
        if flags.isCaseless { set = set.caseless }
        return isInverted ? set.inverted : set
    }

    /// A class by its name, behind "[:".
    private mutating func named() throws(PatternError) -> ScalarSet {
        let start = position - 2
        let isInverted = skip("^")
        let first = position
        while let byte = next, byte >= 0x61, byte <= 0x7A { position += 1 }
        let name = String(decoding: bytes[first..<position], as: UTF8.self)
        guard skip(":]"), let set = ScalarSet.named[name] else {
            throw error("a class such as `[:alpha:]`; write `\\[` for the bracket itself", at: start)
        }
        return isInverted ? set.inverted : set
    }

    /// A character, a range of them, or the class of an escape.
    private mutating func member() throws(PatternError) -> ScalarSet {
        let start = position
        let low = try oneOrClass()
        let isRange = next == 0x2D && position + 1 < bytes.count && bytes[position + 1] != 0x5D
        if !isRange { return low }
        guard let first = low.single else { throw error("a character before `-`", at: start) }
        position += 1
        guard let last = try oneOrClass().single, last >= first else {
            throw error("a range whose end is not before its beginning", at: start)
        }
        return ScalarSet(first...last)
    }

    private mutating func oneOrClass() throws(PatternError) -> ScalarSet {
        next == 0x5C ? try escape() : ScalarSet(try scalar())
    }
}
