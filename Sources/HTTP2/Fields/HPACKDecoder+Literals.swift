// Fields that come with their value, and often with their name (RFC 7541 section 6.2). They are decoded to where they
// would stand in the section, from where they are copied to the table, also if there is no room for them in the section.

import MartletHTTPCore

extension HPACKDecoder {
    /// Takes the field at `position`, whose first byte is `byte`.
    mutating func takeLiteral(
        _ byte: UInt8, _ block: Span<UInt8>, _ position: inout Int, into section: inout FieldSection
    ) throws(HPACKFault) {
        let isIndexed = byte & 0x40 != 0
        if !isIndexed, byte & 0x20 != 0 { throw .lateSizeUpdate }
        let index = try HPACKInteger.decode(block, &position, mask: isIndexed ? 0x3F : 0x0F)
        var line =
            index == 0
            ? try takeName(block, &position, into: &section) : try copyName(index, into: &section)
        try takeValue(block, &position, into: &section, &line)
        if isIndexed { insert(line, from: section) }
        section.commit(line)
    }

    /// A name with an index.
    @inline(__always)
    private func copyName(_ index: Int, into section: inout FieldSection) throws(HPACKFault) -> DecodedLine {
        if index <= StaticTable.count { return Self.copyName(fixed.entry(at: index), in: fixed.bytes, into: &section) }
        let place = index &- StaticTable.count &- 1
        guard place < table.count else { throw .badIndex }
        return Self.copyName(table.entry(at: place), in: table.bytes, into: &section)
    }

    @inline(__always)
    private static func copyName(
        _ entry: TableEntry, in bytes: Span<UInt8>, into section: inout FieldSection
    ) -> DecodedLine {
        // With the colon and the space behind it.
        section.store.copyRounded(bytes, from: Int(entry.start), count: Int(entry.nameCount) &+ 2, to: section.used)
        var line = DecodedLine(entry)
        line.valueCount = 0
        line.marks.remove(.badValue)
        return line
    }

    /// A name in full.
    private func takeName(
        _ block: Span<UInt8>, _ position: inout Int, into section: inout FieldSection
    ) throws(HPACKFault) -> DecodedLine {
        let start = section.used
        var line = DecodedLine(nameCount: try takeString(block, &position, to: start, in: &section))
        let end = start &+ line.nameCount
        // What does not even fit in the spare room is lost, and no table will have it. Nobody asks what it was.
        guard end &+ 2 <= section.writable else { return line }
        section.store.store(pair: 0x203A, at: end)
        let bytes = section.wide
        if ByteScan.first(LowerNameStop.self, in: bytes, from: start) == end, end > start {
            line.known = KnownField.lookup(bytes, from: start, count: line.nameCount)
        } else {
            NameRule.judge(bytes.extracting(start..<end), &line)
        }
        return line
    }

    /// The value, and the end of the line.
    @inline(__always)
    private func takeValue(
        _ block: Span<UInt8>, _ position: inout Int, into section: inout FieldSection, _ line: inout DecodedLine
    ) throws(HPACKFault) {
        let start = section.used &+ line.nameCount &+ 2
        line.valueCount = try takeString(block, &position, to: start, in: &section)
        let end = start &+ line.valueCount
        guard end &+ 2 <= section.writable else { return }
        section.store.store(pair: 0x0A0D, at: end)
        let bytes = section.wide
        // A scan ends at the CR behind the value.
        if ByteScan.first(ValueStop.self, in: bytes, from: start) != end { line.marks.insert(.badValue) }
        guard end > start else { return }
        if ByteScan.isBlank(bytes[start]) || ByteScan.isBlank(bytes[end &- 1]) { line.marks.insert(.badValue) }
    }

    /// The string at `position`: stores its bytes at `place` if they fit, and tells how many there are.
    @inline(__always)
    private func takeString(
        _ block: Span<UInt8>, _ position: inout Int, to place: Int, in section: inout FieldSection
    ) throws(HPACKFault) -> Int {
        guard position < block.count else { throw .truncated }
        let isCoded = block[position] >= 0x80
        let count = try HPACKInteger.decode(block, &position, mask: 0x7F)
        guard count <= block.count &- position else { throw .truncated }
        let start = position
        position &+= count
        if isCoded { return try takeCoded(block, start..<position, to: place, in: &section) }
        if place &+ count <= section.writable {
            section.store.copy(block, from: start, count: count, to: place)
        }
        return count
    }

    /// The same for the coded bytes of `range`.
    @inline(__always)
    private func takeCoded(
        _ block: Span<UInt8>, _ range: Range<Int>, to place: Int, in section: inout FieldSection
    ) throws(HPACKFault) -> Int {
        if place &+ HuffmanDecoder.room(for: range.count) > section.writable {
            let count = try huffman.measure(block, range)
            if place &+ count > section.writable { return count }
        }
        return try huffman.decode(block, range, to: place, in: &section.store)
    }

    /// Puts the line that stands behind the arena into the table.
    @inline(never)
    private mutating func insert(_ line: DecodedLine, from section: borrowing FieldSection) {
        // Such a line may have been lost, and empties the table (RFC 7541 section 4.4).
        guard line.size <= table.most else { return table.removeAll() }
        let value = section.used &+ line.nameCount &+ 2
        table.insert(
            line.entry, name: section.wide.extracting(section.used..<section.used &+ line.nameCount),
            value: section.wide.extracting(value..<value &+ line.valueCount))
    }
}

/// Names that are not just small letters, digits and "-".
enum NameRule {
    /// Notes in `line` what `name` is.
    @inline(never)
    static func judge(_ name: Span<UInt8>, _ line: inout DecodedLine) {
        line.pseudo = PseudoField(name: name)
        if line.pseudo != .none { return }
        guard ByteScan.isToken(name) else {
            line.marks = .badName
            return
        }
        line.known = KnownField(token: name)
        for index in name.indices where name[index] &- 0x41 < 26 { line.marks = .upperCase }
        if ForwardingAlias.matches(name) { line.marks.insert(.alias) }
    }
}
