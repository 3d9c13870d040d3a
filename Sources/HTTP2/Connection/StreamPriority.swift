// Priorities as RFC 9218 has them.

import MartletHTTPCore

/// How urgent a response is, and whether it is of use before it is whole (RFC 9218 section 4).
@usableFromInline
package struct StreamPriority: BitwiseCopyable, Equatable, Sendable {
    /// 0 to 7, 0 first; 3 if nothing is said.
    package var urgency: UInt8
    /// It is of use in pieces: it may take turns with others.
    package var incremental: Bool

    /// A priority.
    ///
    /// - Parameter urgency: 0 to 7.
    package init(urgency: UInt8, incremental: Bool) {
        self.urgency = min(urgency, 7)
        self.incremental = incremental
    }

    /// What is meant when nothing is said.
    package static var usual: StreamPriority { StreamPriority(urgency: 3, incremental: false) }

    /// What a Priority field or PRIORITY_UPDATE says: a dictionary (RFC 8941 section 3.2) of which `u` and `i` are known.
    /// What is unknown, or not as it should be, is read over; the last one counts.
    package init(field: Span<UInt8>) {
        self = .usual
        var start = 0
        while start < field.count {
            let end = Self.endOfMember(field, from: start)
            read(field, ByteScan.trimmed(field, from: start, to: end))
            start = end + 1
        }
    }

    /// The index of the comma behind a member, outside of strings, or of the end.
    private static func endOfMember(_ field: Span<UInt8>, from start: Int) -> Int {
        var index = start
        var isQuoted = false
        while index < field.count {
            switch field[index] {
            case UInt8(ascii: "\""): isQuoted.toggle()
            case UInt8(ascii: "\\") where isQuoted: index += 1
            case UInt8(ascii: ",") where !isQuoted: return index
            default: break
            }
            index += 1
        }
        return field.count
    }

    /// Reads one member: a key, and a value of at most two bytes; parameters behind it mean nothing.
    private mutating func read(_ field: Span<UInt8>, _ member: ByteRange) {
        var member = member
        for index in member.range where field[index] == UInt8(ascii: ";") {
            member = ByteScan.trimmed(field, from: Int(member.start), to: index)
            break
        }
        let bytes = field.extracting(member)
        if Self.equals(bytes, "i") || Self.equals(bytes, "i=?1") {
            incremental = true
        } else if Self.equals(bytes, "i=?0") {
            incremental = false
        } else if bytes.count == 3, Self.equals(bytes.extracting(0..<2), "u="), bytes[2] &- 0x30 < 8 {
            urgency = bytes[2] &- 0x30
        }
    }

    private static func equals(_ bytes: Span<UInt8>, _ text: StaticString) -> Bool {
        ByteScan.equals(bytes, text.bytes)
    }
}

/// The priorities of streams that have not begun: PRIORITY_UPDATE may come before HEADERS (RFC 9218 section 7.1). Only the
/// last four are kept.
struct EarlyPriorities {
    /// A stream's number in the upper half; 0 is free.
    private var entries = InlineArray<4, UInt64>(repeating: 0)
    private var next = 0
    /// None was kept, ever.
    private(set) var isEmpty = true

    /// Keeps the priority of a stream; a later one replaces it.
    mutating func keep(_ number: UInt32, _ priority: StreamPriority) {
        let entry = UInt64(number) << 32 | UInt64(priority.urgency) << 1 | (priority.incremental ? 1 : 0)
        for index in 0..<4 where entries[index] >> 32 == UInt64(number) {
            entries[index] = entry
            return
        }
        entries[next] = entry
        isEmpty = false
        next = (next + 1) & 3
    }

    /// The priority that was kept for a stream, which is forgotten; nil if there is none.
    mutating func take(_ number: UInt32) -> StreamPriority? {
        for index in 0..<4 where entries[index] >> 32 == UInt64(number) {
            let entry = entries[index]
            entries[index] = 0
            return StreamPriority(urgency: UInt8(truncatingIfNeeded: entry >> 1) & 7, incremental: entry & 1 == 1)
        }
        return nil
    }
}
