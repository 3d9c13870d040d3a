// Lines that are not in the table: they come as literals (RFC 7541 section 6.2), and some of them get an index by that.

import MartletHTTPCore

/// How a literal is written.
private enum LiteralKind: BitwiseCopyable {
    case indexed, plain, secret

    /// The bits in front of the name's index.
    @inline(__always)
    var pattern: UInt8 {
        switch self {
        case .indexed: 0x40
        case .plain: 0
        case .secret: 0x10
        }
    }

    /// The bits of the name's index.
    @inline(__always)
    var mask: UInt8 { self == .indexed ? 0x3F : 0x0F }
}

extension HPACKEncoder {
    /// Encodes a line that is not in the table. False if it is none.
    @inline(never)
    mutating func encodeNew(
        _ text: Span<UInt8>, _ spot: LineSpot, _ task: inout BlockTask, into out: inout HeadWriter
    ) -> Bool {
        guard let line = TextLine(text, spot) else { return false }
        let name = text.extracting(line.name)
        let value = text.extracting(line.value)
        if task.drops(line.known, name) { return true }
        let isOfHandshake = line.known == .other && BlockTask.isOfHandshake(name)
        if line.known == .contentLength { task.head.contentLength = ByteNumber.decimal(value) }
        let index = line.known == .other ? fixed.index(ofOther: name) : fixed.index(of: line.known)
        switch isOfHandshake ? .plain : FieldRule(line.known, value) {
        case .dropped: break
        case .secret: write(.secret, index, name, value, into: &out)
        case .plain: write(.plain, index, name, value, into: &out)
        case .repeated where isRepeated(line): encodeIndexed(text, line, index, isSteady: false, into: &out)
        case .repeated: write(.plain, index, name, value, into: &out)
        case .frequent: encodeIndexed(text, line, index, isSteady: false, into: &out)
        case .steady: encodeIndexed(text, line, index, isSteady: true, into: &out)
        }
        return true
    }

    /// Whether the line is the one that its field had the last time.
    private mutating func isRepeated(_ line: TextLine) -> Bool {
        let place = Int(line.known.rawValue) % recent.count
        if line.spot.hash != 0 && recent[place] == line.spot.hash { return true }
        recent[place] = line.spot.hash
        return false
    }

    /// Encodes a line of which an index is good, if it can have one.
    ///
    /// - Parameter index: of its name in the static table, 0 if it has none.
    private mutating func encodeIndexed(
        _ text: Span<UInt8>, _ line: TextLine, _ index: Int, isSteady: Bool, into out: inout HeadWriter
    ) {
        let name = text.extracting(line.name)
        let value = text.extracting(line.value)
        if index > 0, fixed.has(value, at: index) { return out.write(byte: 0x80 | UInt8(truncatingIfNeeded: index)) }
        let hash = LineHash.hash(text, from: line.spot.start, to: line.name.end, seed: Self.nameSeed)
        let age = isSteady || index == 0 ? find(name: name, hash) : -1
        let reference = index > 0 || age < 0 ? index : StaticTable.count + 1 + age
        let entry = line.entry
        guard line.isPlain, line.spot.hash != 0, !isSteady || age < 0, entry.size <= table.most / 2 else {
            return write(.plain, reference, name, value, into: &out)
        }
        write(.indexed, reference, name, value, into: &out)
        table.insert(entry, name: name, value: value)
        lines.insert(line.spot.hash, newestOf: table)
        if isSteady || index == 0 { names.insert(hash, newestOf: table) }
    }

    /// Encodes `:authority`, which is in the text's `range`.
    @inline(__always)
    mutating func encodeAuthority(_ text: Span<UInt8>, _ range: ByteRange, into out: inout HeadWriter) {
        let hash = LineHash.hash(text, from: Int(range.start), to: range.end, seed: Self.authoritySeed)
        let age = find(authority: text.extracting(range), hash)
        if age >= 0 { return write(age: age, into: &out) }
        encodeNewAuthority(text.extracting(range), hash, into: &out)
    }

    @inline(never)
    private mutating func encodeNewAuthority(_ value: Span<UInt8>, _ hash: UInt64, into out: inout HeadWriter) {
        let name = StaticString(":authority").bytes
        let entry = TableEntry(
            nameCount: UInt16(name.count), valueCount: UInt16(truncatingIfNeeded: value.count), pseudo: .authority)
        guard value.count <= FieldRule.longestValue, entry.size <= table.most / 2 else {
            return write(.plain, 1, name, value, into: &out)
        }
        write(.indexed, 1, name, value, into: &out)
        table.insert(entry, name: name, value: value)
        lines.insert(hash, newestOf: table)
    }

    /// Writes a literal.
    ///
    /// - Parameter index: of the name, 0 if it has none.
    @inline(__always)
    private func write(
        _ kind: LiteralKind, _ index: Int, _ name: Span<UInt8>, _ value: Span<UInt8>, into out: inout HeadWriter
    ) {
        out.write(integer: index, mask: kind.mask, pattern: kind.pattern)
        if index == 0 { out.write(name: name, huffman) }
        write(string: value, into: &out)
    }

    /// Writes a string literal.
    @inline(__always)
    func write(string text: Span<UInt8>, into out: inout HeadWriter) {
        if compresses { return out.write(string: text, huffman) }
        out.write(integer: text.count, mask: 0x7F, pattern: 0)
        out.write(text)
    }

    /// The age of the newest line with this name, -1 if there is none.
    private func find(name: Span<UInt8>, _ hash: UInt64) -> Int {
        if names.isEmpty { return -1 }
        for way in 0..<LineIndex.ways {
            let age = names.age(hash, way: way, in: table)
            guard age >= 0 else { continue }
            let entry = table.entry(at: age)
            let start = Int(entry.start)
            let stored = table.bytes.extracting(start..<start + Int(entry.nameCount))
            if ByteScan.equals(stored, name) { return age }
        }
        return -1
    }

    /// The age of this authority, -1 if it is not there.
    @inline(__always)
    private func find(authority: Span<UInt8>, _ hash: UInt64) -> Int {
        if lines.isEmpty { return -1 }
        for way in 0..<LineIndex.ways {
            let age = lines.age(hash, way: way, in: table)
            guard age >= 0 else { continue }
            let entry = table.entry(at: age)
            guard entry.pseudo == .authority else { continue }
            let start = Int(entry.start) &+ Int(entry.nameCount) &+ 2
            let stored = table.bytes.extracting(start..<start &+ Int(entry.valueCount))
            if ByteScan.equals(stored, authority) { return age }
        }
        return -1
    }
}
