// From the bytes that a terminal sends to keys (ECMA-48; xterm and its kin). Pure.

enum Key: Equatable, Sendable {
    case character(Character)
    /// With Ctrl, in lower case.
    case control(Character)
    case up, down, left, right, pageUp, pageDown, home, tab, backTab
    /// Something that nothing is done with.
    case other
}

/// Reads keys. An escape sequence may come in pieces.
struct KeyReader: Sendable {
    private enum Place: Equatable {
        case outside
        /// Behind ESC; then behind `[` or `O`, with what has come of the parameters.
        case escaped
        case sequence([UInt8])
    }

    /// The most bytes of parameters: what has more is no key.
    private static let limit = 16
    private var place = Place.outside

    mutating func read(_ bytes: [UInt8]) -> [Key] { bytes.compactMap { read($0) } }

    private mutating func read(_ byte: UInt8) -> Key? {
        switch place {
        case .outside:
            if byte == 0x1B {
                place = .escaped
                return nil
            }
            return Self.plain(byte)
        case .escaped:
            if byte == UInt8(ascii: "[") || byte == UInt8(ascii: "O") {
                place = .sequence([])
                return nil
            }
            if byte == 0x1B { return nil }
            // ESC alone means nothing: what comes behind it is a key as without it.
            place = .outside
            return Self.plain(byte)
        case .sequence(let parameters):
            if (0x40...0x7E).contains(byte) || parameters.count == Self.limit {
                place = .outside
                return Self.key(byte, parameters)
            }
            place = byte == 0x1B ? .escaped : .sequence(parameters + [byte])
            return nil
        }
    }

    private static func plain(_ byte: UInt8) -> Key {
        switch byte {
        case 0x09: .tab
        case 0x01...0x1A: .control(Character(Unicode.Scalar(byte + 0x60)))
        case 0x1C: .control("\\")
        case 0x20...0x7E: .character(Character(Unicode.Scalar(byte)))
        default: .other
        }
    }

    private static func key(_ last: UInt8, _ parameters: [UInt8]) -> Key {
        switch last {
        case UInt8(ascii: "A"): .up
        case UInt8(ascii: "B"): .down
        case UInt8(ascii: "C"): .right
        case UInt8(ascii: "D"): .left
        case UInt8(ascii: "H"): .home
        case UInt8(ascii: "Z"): .backTab
        case UInt8(ascii: "~"):
            switch parameters.prefix(while: { $0 != UInt8(ascii: ";") }) {
            case [UInt8(ascii: "5")]: .pageUp
            case [UInt8(ascii: "6")]: .pageDown
            case [UInt8(ascii: "1")], [UInt8(ascii: "7")]: .home
            default: .other
            }
        default: .other
        }
    }
}
