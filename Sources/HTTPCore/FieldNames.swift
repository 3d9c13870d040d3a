// Sets of field names, of the known ones and of any others, such that a line that is in none costs next to nothing.

/// Some names of a `FieldNameTable`. Plain numbers: copying it counts no references.
@usableFromInline
package struct FieldNameSet: BitwiseCopyable, Sendable, Equatable {
    /// Those that have a number.
    @usableFromInline package var known = KnownFieldSet()
    /// Those of `known` whose lines pass after all, in another form; all of them unless it is set.
    @usableFromInline package var passing = KnownFieldSet()
    /// Bit `n` is set if one of the others has `n` bytes; bit 63 stands for 63 and more.
    @usableFromInline var lengths: UInt64 = 0
    /// The others' places in the table.
    @usableFromInline var first: UInt32 = 0
    @usableFromInline var count: UInt32 = 0
    /// "_" and "-" are the same.
    @usableFromInline var folds = false

    /// The empty set.
    @inlinable
    package init() {}

    /// Whether there is no name in it.
    @inlinable @inline(__always)
    package var isEmpty: Bool { known.isEmpty && lengths == 0 }
}

/// Names of fields in lower case, side by side.
@usableFromInline
package struct FieldNameTable: Sendable {
    @usableFromInline var bytes: [UInt8] = []
    @usableFromInline var names: [ByteRange] = []

    /// A table without names.
    package init() {}

    /// Puts `names` in, whose case does not matter.
    ///
    /// - Parameter aliases: names that a server may take for one of these, as it makes "_" of "-" (CGI, RFC 3875 section
    ///   4.1.18), are in the set as well.
    package mutating func insert(_ list: [String], aliases: Bool = false) -> FieldNameSet {
        var set = FieldNameSet()
        set.first = UInt32(names.count)
        set.folds = aliases
        for name in list {
            let lower = name.utf8.map(ByteScan.lowercased)
            let known = KnownField(token: lower.span)
            if known != .other {
                set.known.insert(known)
                set.passing.insert(known)
            }
            if known != .other && !(aliases && lower.contains(0x2D)) { continue }
            names.append(ByteRange(from: bytes.count, to: bytes.count + lower.count))
            bytes += aliases ? lower.map(Self.folded) : lower
            set.lengths |= 1 << UInt64(min(lower.count, 63))
        }
        set.count = UInt32(names.count) - set.first
        return set
    }

    /// Whether the name of `line` is in `set`.
    @inlinable @inline(__always)
    package func contains(_ line: FieldLine, _ set: FieldNameSet, in arena: Span<UInt8>) -> Bool {
        if line.known != .other { return set.known.contains(line.known) }
        if set.lengths &>> UInt64(min(line.name.count, 63)) & 1 == 0 { return false }
        return containsOther(arena.extracting(line.name), set)
    }

    /// The same for a name without a number.
    @usableFromInline @inline(never)
    func containsOther(_ name: Span<UInt8>, _ set: FieldNameSet) -> Bool {
        let bytes = bytes.span
        let names = names.span
        for index in Int(set.first)..<Int(set.first + set.count)
        where Self.equals(name, bytes.extracting(names[index]), folds: set.folds) {
            return true
        }
        return false
    }

    private static func equals(_ name: Span<UInt8>, _ known: Span<UInt8>, folds: Bool) -> Bool {
        guard name.count == known.count else { return false }
        for index in name.indices {
            let byte = ByteScan.lowercased(name[index])
            if (folds ? folded(byte) : byte) != known[index] { return false }
        }
        return true
    }

    private static func folded(_ byte: UInt8) -> UInt8 { byte == 0x5F ? 0x2D : byte }
}
