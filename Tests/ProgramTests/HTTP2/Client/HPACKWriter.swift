// Writes header blocks (RFC 7541), right and wrong ones.
import MartletTestSupport

/// Without a table of its own, unless a test keeps one: what is written does not depend on what was before.
enum HPACKWriter {
    /// How a literal begins (RFC 7541 section 6.2).
    enum Literal: UInt8 {
        case plain = 0x00
        case neverIndexed = 0x10
        case indexed = 0x40
    }

    /// All fields as literals that go into no table, without Huffman.
    static func block(_ fields: [HTTPField]) -> [UInt8] { fields.flatMap { literal($0.name, $0.value) } }

    /// A literal with a name of its own.
    static func literal(_ name: String, _ value: String, _ kind: Literal = .plain) -> [UInt8] {
        [kind.rawValue] + string(name) + string(value)
    }

    /// An entry of the tables.
    static func indexed(_ index: Int) -> [UInt8] { integer(index, bits: 7, 0x80) }

    /// A literal with the name of an entry of the tables.
    static func literal(nameOf index: Int, _ value: String, _ kind: Literal = .plain) -> [UInt8] {
        integer(index, bits: kind == .indexed ? 6 : 4, kind.rawValue) + string(value)
    }

    /// What the size of the table shall be (RFC 7541 section 6.3).
    static func tableSize(_ bytes: Int) -> [UInt8] { integer(bytes, bits: 5, 0x20) }

    /// A number behind the first bits of a byte (RFC 7541 section 5.1).
    static func integer(_ value: Int, bits: Int, _ first: UInt8) -> [UInt8] {
        let most = 1 << bits - 1
        if value < most { return [first | UInt8(value)] }
        var bytes = [first | UInt8(most)]
        var rest = value - most
        while rest >= 0x80 {
            bytes.append(UInt8(rest & 0x7f) | 0x80)
            rest >>= 7
        }
        return bytes + [UInt8(rest)]
    }

    private static func string(_ text: String) -> [UInt8] { integer(text.utf8.count, bits: 7, 0) + Array(text.utf8) }
}
