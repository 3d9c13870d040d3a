// The fields that got an index on the way (RFC 7541 section 2.3.2): first in, first out, bounded by their size.

import MartletHTTPCore

/// A dynamic table. Lines stand one behind another in a block of bytes that is tidied up when its end is reached; what is
/// known of them stands in a ring. Both take memory when the first field comes, grow up to the bound, and can be trimmed.
struct DynamicTable: ~Copyable {
    private var lines = ByteStore(count: 0)
    /// As many as a power of two, or none.
    private var entries = RecordBlock<TableEntry>()
    /// The number of the next field, modulo 2^32, which is its place in the ring. There is none with the number 0 at first.
    private(set) var inserted: UInt32 = 1
    /// How many fields there are.
    private(set) var count = 0
    /// What they count (RFC 7541 section 4.1).
    private(set) var size = 0
    /// The most they may count.
    private(set) var most: Int
    /// What `most` never goes beyond, and so the most bytes that lines take.
    let bound: Int
    /// Where the next line goes.
    private var end = 0
    /// What is to be taken from an entry's `start` for its place in `lines`: entries stay as they are when lines move.
    private var moved: UInt32 = 0

    /// The largest bound: counts of bytes have to fit in 16 bits.
    static let largestBound = 65_536
    private static let firstBytes = 512
    private static let firstEntries = 16

    /// An empty table that never counts more than `bound` bytes (0...65,536), and now not more than `most`.
    init(bound: Int, most: Int) {
        precondition(bound >= 0 && bound <= Self.largestBound && most <= bound)
        self.bound = bound
        self.most = most
    }

    /// The bytes that entries are in, with some slack behind.
    @inline(__always)
    var bytes: Span<UInt8> {
        @_lifetime(borrow self)
        get { lines.span(first: lines.count) }
    }

    /// The entry at `index`, 0 being the newest; below `count`.
    @inline(__always)
    func entry(at index: Int) -> TableEntry {
        precondition(index >= 0 && index < count)
        return entry(numbered: inserted &- 1 &- UInt32(truncatingIfNeeded: index))
    }

    /// The entry that was put in as the one with this number; it is still there.
    @inline(__always)
    private func entry(numbered number: UInt32) -> TableEntry {
        var entry = entries[place(of: number)]
        entry.start = entry.start &- moved
        return entry
    }

    @inline(__always)
    private func place(of number: UInt32) -> Int { Int(number) & (entries.count &- 1) }

    /// Puts a field in and others out as needed. One that is larger than the table empties it (RFC 7541 section 4.4).
    ///
    /// - Parameter entry: as it is to be found again; where it starts is decided here.
    mutating func insert(_ entry: TableEntry, name: Span<UInt8>, value: Span<UInt8>) {
        guard entry.size <= most else { return removeAll() }
        evict(downTo: most &- entry.size)
        if count == entries.count { growEntries() }
        let start = makeRoom(for: entry.length)
        put(name: name, value: value, at: start)
        var entry = entry
        entry.start = UInt32(truncatingIfNeeded: start) &+ moved
        entries[place(of: inserted)] = entry
        inserted &+= 1
        count &+= 1
        size &+= entry.size
        end = start &+ entry.length
    }

    private mutating func put(name: Span<UInt8>, value: Span<UInt8>, at start: Int) {
        lines.copy(name, from: 0, count: name.count, to: start)
        let colon = start &+ name.count
        lines.store(pair: 0x203A, at: colon)
        lines.copy(value, from: 0, count: value.count, to: colon &+ 2)
        lines.store(pair: 0x0A0D, at: colon &+ 2 &+ value.count)
    }

    /// Sets how much the fields may count, at most `bound`, and puts out what is too much.
    mutating func resize(to most: Int) {
        precondition(most <= bound)
        self.most = most
        evict(downTo: most)
    }

    /// Forgets all fields and keeps the memory.
    mutating func removeAll() { evict(downTo: 0) }

    private mutating func evict(downTo most: Int) {
        while size > most {
            size &-= entry(at: count &- 1).size
            count &-= 1
        }
        if count == 0 { end = 0 }
    }

    /// Gives back memory that is not needed now.
    mutating func trim() {
        if count == 0 {
            lines = ByteStore(count: 0)
            entries = RecordBlock()
        } else {
            relocate(to: ByteStore(count: end &- firstByte &+ ByteStore.slack))
            var places = Self.firstEntries
            while places < count { places *= 2 }
            if places < entries.count { relocate(to: RecordBlock(repeating: entry(at: 0), count: places)) }
        }
    }
}

extension DynamicTable {
    /// Where the oldest line begins.
    private var firstByte: Int { count == 0 ? end : Int(entry(at: count &- 1).start) }

    /// Makes sure that `length` bytes and some slack fit behind the last line, and tells where that ends.
    @inline(__always)
    private mutating func makeRoom(for length: Int) -> Int {
        if end &+ length &+ ByteStore.slack > lines.count { tidyUp(for: length) }
        return end
    }

    @inline(never)
    private mutating func tidyUp(for length: Int) {
        let first = firstByte
        let needed = end - first + length + ByteStore.slack
        if needed <= lines.count {
            lines.move(from: first, to: 0, count: end - first)
            noteMove(by: first)
        } else {
            // Lines take less than they count: more than the bound, and the slack, is never needed.
            let most = bound + ByteStore.slack
            relocate(to: ByteStore(count: max(needed, min(max(2 * lines.count, Self.firstBytes), most))))
        }
    }

    /// Moves all lines to the front of another block.
    private mutating func relocate(to other: consuming ByteStore) {
        let first = firstByte
        other.copy(lines.span(first: end), from: first, count: end - first, to: 0)
        lines = other
        noteMove(by: first)
    }

    private mutating func noteMove(by distance: Int) {
        moved &+= UInt32(truncatingIfNeeded: distance)
        end -= distance
    }

    private mutating func growEntries() {
        let blank = TableEntry(nameCount: 0, valueCount: 0)
        relocate(to: RecordBlock(repeating: blank, count: max(2 * entries.count, Self.firstEntries)))
    }

    /// Moves all entries to another ring.
    private mutating func relocate(to other: consuming RecordBlock<TableEntry>) {
        for age in 0..<count {
            let number = inserted &- 1 &- UInt32(truncatingIfNeeded: age)
            other[Int(number) & (other.count - 1)] = entries[place(of: number)]
        }
        entries = other
    }
}
