// The fields of a message as they are decoded: names and values in an arena, in order.

import MartletHTTPCore

/// A decoded list of fields (RFC 9113 section 8). Its memory is fixed: one is made for each loop, and used again and again.
///
/// In the arena each line is "name: value" with CR LF, as HTTP/1 has it, so that runs of lines can be copied as they are.
package struct FieldSection: ~Copyable {
    /// What a field counts beyond its name and value, in the table and in a section (RFC 7541 section 4.1, RFC 9113
    /// section 6.5.2).
    package static let overhead = 32

    /// The arena, then room for a line of the largest table that does not fit, then slack.
    var store: ByteStore
    private var lines: RecordBlock<SectionLine>
    /// How many bytes of the arena may be used.
    private let room: Int
    /// The largest entry of a table that is certain to fit in `store`, whatever the arena has.
    let spare: Int
    /// How many bytes of the arena are used.
    var used = 0
    /// How many lines there are.
    package private(set) var count = 0
    /// What all fields count: name, value and 32 for each (RFC 9113 section 6.5.2), those that did not fit as well.
    package private(set) var listBytes = 0
    /// A bound was passed: the lines from there on were decoded, so that the table is right, but not kept.
    package private(set) var isTooLarge = false
    /// Which pseudo-field the first line that was not kept is.
    private(set) var firstLost = PseudoField.none

    /// A section with room for `bytes` of names and values with four more for each line, and for `fields` lines.
    ///
    /// - Parameter tableBytes: the largest bound of a decoder that is used with it.
    package init(bytes: Int, fields: Int, tableBytes: Int = 4096) {
        room = bytes
        spare = max(tableBytes, HPACKDecoder.initialTableBytes)
        store = ByteStore(count: bytes + spare + 2 * ByteStore.slack)
        let blank = SectionLine(name: ByteRange(), value: ByteRange(), known: .other, pseudo: .none, marks: [])
        lines = RecordBlock(repeating: blank, count: fields)
    }

    /// Forgets all lines.
    package mutating func removeAll() {
        used = 0
        count = 0
        listBytes = 0
        isTooLarge = false
        firstLost = .none
    }

    /// The line at `index`, which must be below `count`.
    @inline(__always)
    package subscript(index: Int) -> SectionLine {
        precondition(index >= 0 && index < count)
        return lines[index]
    }

    /// The bytes that the lines refer to.
    @inline(__always)
    package var arena: Span<UInt8> {
        @_lifetime(borrow self)
        get { store.span(first: used) }
    }

    /// The arena and all behind it, for scans that end at a line's end.
    @inline(__always)
    var wide: Span<UInt8> {
        @_lifetime(borrow self)
        get { store.span(first: store.count) }
    }

    /// Behind the last byte in which a line may end.
    @inline(__always)
    var writable: Int { store.count &- ByteStore.slack }

    /// Adds the line that is `entry` in `bytes`, which have some slack behind.
    @inline(__always)
    mutating func append(_ entry: TableEntry, in bytes: Span<UInt8>) {
        if fits(entry.length) {
            store.copyRounded(bytes, from: Int(entry.start), count: entry.length, to: used)
        }
        commit(DecodedLine(entry))
    }

    /// Adds the line that stands behind the arena already.
    @inline(__always)
    mutating func commit(_ line: DecodedLine) {
        listBytes &+= line.size
        guard fits(line.length) else { return lose(line.pseudo) }
        let value = used &+ line.nameCount &+ 2
        lines[count] = SectionLine(
            name: ByteRange(from: used, to: used &+ line.nameCount),
            value: ByteRange(from: value, to: value &+ line.valueCount),
            known: line.known, pseudo: line.pseudo, marks: line.marks)
        count &+= 1
        used &+= line.length
    }

    @inline(__always)
    private func fits(_ length: Int) -> Bool {
        length <= room &- used && count < lines.count && !isTooLarge
    }

    @inline(never)
    private mutating func lose(_ pseudo: PseudoField) {
        if !isTooLarge { firstLost = pseudo }
        isTooLarge = true
    }
}

/// A line that has been decoded, and may be too large for everything.
struct DecodedLine: BitwiseCopyable {
    var nameCount: Int
    var valueCount: Int
    var known = KnownField.other
    var pseudo = PseudoField.none
    var marks: LineMarks = []

    @inline(__always)
    init(nameCount: Int) {
        self.nameCount = nameCount
        valueCount = 0
    }

    @inline(__always)
    init(_ entry: TableEntry) {
        nameCount = Int(entry.nameCount)
        valueCount = Int(entry.valueCount)
        known = entry.known
        pseudo = entry.pseudo
        marks = entry.marks
    }

    /// What it counts in the table and in a section.
    @inline(__always)
    var size: Int { nameCount &+ valueCount &+ FieldSection.overhead }

    /// How many bytes it has in memory.
    @inline(__always)
    var length: Int { nameCount &+ valueCount &+ 4 }

    /// The same for a table, in which it fits.
    @inline(__always)
    var entry: TableEntry {
        TableEntry(
            nameCount: UInt16(truncatingIfNeeded: nameCount), valueCount: UInt16(truncatingIfNeeded: valueCount),
            known: known, pseudo: pseudo, marks: marks)
    }
}
