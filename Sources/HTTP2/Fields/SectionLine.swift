// One line of a field section, as positions in the section's arena.

import MartletHTTPCore

/// The fields of HTTP/2 that stand in place of a start line (RFC 9113 section 8.3).
package enum PseudoField: UInt8, BitwiseCopyable, Equatable, Sendable {
    /// A field like others.
    case none
    case method
    case scheme
    case authority
    case path
    /// Of an extended CONNECT (RFC 8441 section 4).
    case `protocol`
    case status
    /// Any other name that begins with ":".
    case unknown

    /// What `name` says.
    init(name: Span<UInt8>) {
        self = name.isEmpty || name[0] != 0x3A ? .none : Self.named(name)
    }

    /// The same for a name that begins with ":". Nearly all come by index, so this is not for speed.
    private static func named(_ name: Span<UInt8>) -> PseudoField {
        switch name.count {
        case 5 where ByteScan.equals(name, StaticString(":path").bytes): .path
        case 7 where ByteScan.equals(name, StaticString(":method").bytes): .method
        case 7 where ByteScan.equals(name, StaticString(":scheme").bytes): .scheme
        case 7 where ByteScan.equals(name, StaticString(":status").bytes): .status
        case 9 where ByteScan.equals(name, StaticString(":protocol").bytes): .protocol
        case 10 where ByteScan.equals(name, StaticString(":authority").bytes): .authority
        default: .unknown
        }
    }
}

/// What is wrong with a line, or to be known of it. It is found out once, when the line's bytes come, and kept in the table.
struct LineMarks: OptionSet, BitwiseCopyable, Sendable {
    let rawValue: UInt8

    /// The name has capital letters, which are not allowed (RFC 9113 section 8.2.1).
    static let upperCase = LineMarks(rawValue: 1)
    /// The name is empty, or no token.
    static let badName = LineMarks(rawValue: 2)
    /// A control byte in the value, or a blank at one of its ends (RFC 9113 section 8.2.1).
    static let badValue = LineMarks(rawValue: 4)
    /// The name passes for one of a field that says who the client is (`ForwardingAlias`).
    static let alias = LineMarks(rawValue: 8)
}

/// One line of a field section.
package struct SectionLine: BitwiseCopyable, Equatable, Sendable {
    /// The name, as it was sent.
    package var name: ByteRange
    /// The value; may be empty.
    package var value: ByteRange
    /// The name by number; `other` for pseudo-fields.
    package var known: KnownField
    /// Which pseudo-field it is, if it is one.
    package var pseudo: PseudoField
    /// What is known of its bytes.
    var marks: LineMarks

    /// Whether nothing is wrong with it, and it says nothing that has to be looked at: most fields are like that.
    @inline(__always)
    var isPlain: Bool { marks.isEmpty && !known.concernsTheHop }

    /// The same in a head.
    @inline(__always)
    var field: FieldLine { FieldLine(name: name, value: value, known: known) }
}

/// A line in one of the two tables: where it stands, and what a `SectionLine` has of it. In memory, a line is
/// "name: value" with CR LF, so that those which pass to HTTP/1 can be copied as they are.
struct TableEntry: BitwiseCopyable, Sendable {
    /// Where the name begins.
    var start: UInt32 = 0
    var nameCount: UInt16
    var valueCount: UInt16
    var known = KnownField.other
    var pseudo = PseudoField.none
    var marks: LineMarks = []

    /// What it counts in the table (RFC 7541 section 4.1).
    @inline(__always)
    var size: Int { Int(nameCount) &+ Int(valueCount) &+ FieldSection.overhead }

    /// How many bytes the line has in memory.
    @inline(__always)
    var length: Int { Int(nameCount) &+ Int(valueCount) &+ 4 }
}
