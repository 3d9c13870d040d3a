// Reading JSON (RFC 8259) of a kind that comes from programs: bounded in depth, each name once.

/// Why a text is no JSON.
package struct JSONFault: Error, Equatable, Sendable {
    /// What is wrong.
    package let message: String
    /// Where, in bytes from the beginning.
    package let offset: Int
}

extension JSONText {
    /// The value that `bytes` spell. Numbers that are no whole ones stay as they are written.
    package init(reading bytes: [UInt8]) throws(JSONFault) {
        var reader = JSONReader(bytes: bytes)
        self = try reader.whole()
    }

    /// The value of a member of an object.
    package subscript(name: String) -> JSONText? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.0 == name }?.1
    }
}

/// Reads one value.
struct JSONReader {
    /// How deep values may stand in each other.
    static let deepest = 32

    private let bytes: [UInt8]
    private var place = 0
    private var depth = 0

    init(bytes: [UInt8]) { self.bytes = bytes }

    mutating func whole() throws(JSONFault) -> JSONText {
        let value = try value()
        skipSpace()
        if place < bytes.count { throw fault("there is more behind the value") }
        return value
    }

    private mutating func value() throws(JSONFault) -> JSONText {
        skipSpace()
        guard let byte = peek() else { throw fault("a value is missing") }
        switch byte {
        case UInt8(ascii: "{"): return try nested { reader throws(JSONFault) in try reader.object() }
        case UInt8(ascii: "["): return try nested { reader throws(JSONFault) in try reader.array() }
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .boolean(true))
        case UInt8(ascii: "f"): return try word("false", .boolean(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: return try number()
        }
    }

    private mutating func nested(
        _ read: (inout JSONReader) throws(JSONFault) -> JSONText
    ) throws(JSONFault) -> JSONText {
        if depth == Self.deepest { throw fault("values stand too deep in each other") }
        depth += 1
        place += 1
        let value = try read(&self)
        depth -= 1
        return value
    }

    private mutating func object() throws(JSONFault) -> JSONText {
        var members: [(String, JSONText)] = []
        var names: Set<String> = []
        if skip("}") { return .object([]) }
        repeat {
            skipSpace()
            guard peek() == UInt8(ascii: "\"") else { throw fault("the name of a member is missing") }
            let name = try string()
            if !names.insert(name).inserted { throw fault("a name is there twice") }
            guard skip(":") else { throw fault("':' is missing behind a name") }
            members.append((name, try value()))
        } while skip(",")
        guard skip("}") else { throw fault("'}' or ',' is missing") }
        return .object(members)
    }

    private mutating func array() throws(JSONFault) -> JSONText {
        var elements: [JSONText] = []
        if skip("]") { return .array([]) }
        repeat { elements.append(try value()) } while skip(",")
        guard skip("]") else { throw fault("']' or ',' is missing") }
        return .array(elements)
    }

    private mutating func word(_ word: StaticString, _ value: JSONText) throws(JSONFault) -> JSONText {
        let text = Array("\(word)".utf8)
        guard bytes[place...].starts(with: text) else { throw fault("this is no value") }
        place += text.count
        return value
    }

    private mutating func number() throws(JSONFault) -> JSONText {
        let start = place
        _ = take("-")
        if !take("0") { try digits() }
        var isWhole = true
        if take(".") {
            isWhole = false
            try digits()
        }
        if take("e") || take("E") {
            isWhole = false
            if !take("+") { _ = take("-") }
            try digits()
        }
        let text = String(decoding: bytes[start..<place], as: UTF8.self)
        if isWhole, let whole = Int(text) { return .integer(whole) }
        return .bare(text)
    }

    private mutating func digits() throws(JSONFault) {
        let start = place
        while let byte = peek(), (0x30...0x39).contains(byte) { place += 1 }
        if place == start { throw fault("this is no value") }
    }

    private mutating func string() throws(JSONFault) -> String {
        place += 1
        var text: [UInt8] = []
        while let byte = peek() {
            place += 1
            switch byte {
            case UInt8(ascii: "\""):
                guard let result = String(validating: text, as: UTF8.self) else { throw fault("a text is not UTF-8") }
                return result
            case UInt8(ascii: "\\"): text += try escape().utf8
            case 0..<0x20: throw fault("a control character stands in a text")
            default: text.append(byte)
            }
        }
        throw fault("a text has no end")
    }

    private static let escapes: [UInt8: String] = [
        UInt8(ascii: "\""): "\"", UInt8(ascii: "\\"): "\\", UInt8(ascii: "/"): "/", UInt8(ascii: "b"): "\u{8}",
        UInt8(ascii: "f"): "\u{C}", UInt8(ascii: "n"): "\n", UInt8(ascii: "r"): "\r", UInt8(ascii: "t"): "\t",
    ]

    private mutating func escape() throws(JSONFault) -> String {
        guard let byte = peek() else { throw fault("a text has no end") }
        place += 1
        if let known = Self.escapes[byte] { return known }
        guard byte == UInt8(ascii: "u") else { throw fault("there is no such escape") }
        var scalar = try hex()
        if (0xD800..<0xDC00).contains(scalar) {
            guard take("\\"), take("u") else { throw fault("half of a surrogate pair") }
            let low = try hex()
            guard (0xDC00..<0xE000).contains(low) else { throw fault("half of a surrogate pair") }
            scalar = 0x10000 + (scalar - 0xD800) << 10 + (low - 0xDC00)
        }
        guard let result = Unicode.Scalar(scalar) else { throw fault("half of a surrogate pair") }
        return String(Character(result))
    }

    private mutating func hex() throws(JSONFault) -> UInt32 {
        let end = place + 4
        guard end <= bytes.count,
            bytes[place..<end].allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x66).contains($0 | 0x20) }),
            let value = UInt32(String(decoding: bytes[place..<end], as: UTF8.self), radix: 16)
        else { throw fault("four hexadecimal digits are missing") }
        place = end
        return value
    }

    private func peek() -> UInt8? { place < bytes.count ? bytes[place] : nil }

    private mutating func skipSpace() {
        while let byte = peek(), byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D { place += 1 }
    }

    /// Takes a character at this very place.
    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard peek() == UInt8(ascii: character) else { return false }
        place += 1
        return true
    }

    /// The same behind white space.
    private mutating func skip(_ character: Unicode.Scalar) -> Bool {
        skipSpace()
        return take(character)
    }

    private func fault(_ message: String) -> JSONFault { JSONFault(message: message, offset: place) }
}
