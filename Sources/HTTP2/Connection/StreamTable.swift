// The streams of a connection: records at places that stay, found by number.

/// Records of streams, with memory that grows with their number. A place that is free again is used again, under another
/// handle. Streams are found by number in a table with open addressing. Numbers grow in steps of two: multiplied by the
/// golden ratio they fall far from each other, so that a stream is found, and taken out, where it is looked for first.
@usableFromInline
struct StreamTable: ~Copyable {
    /// No place.
    static var none: UInt16 { .max }
    /// The most places there can be. Handles have 12 bits for the place and 19 for how often it was used.
    @usableFromInline static var most: Int { 4096 }

    @usableFromInline var records = RawTable(count: 0, filledWith: StreamRecord(handle: 0))
    /// Twice as many as places, a power of two. Each holds a place, or `none`.
    private var slots = RawTable(count: 0, filledWith: StreamTable.none)
    /// 32 less the bits of a slot's index.
    private var shift: UInt32 = 0
    private var firstFree = StreamTable.none
    /// Places that are taken.
    private(set) var taken = 0
    /// How often places were taken, and how often before the memory was last given back: where handles begin again.
    private var uses: Int32 = 0
    private var earlierUses: Int32 = 0

    /// Places there are; a free one among them has `taken` not set.
    @inlinable
    var places: Int { records.count }

    /// Whether another stream finds a place.
    var hasRoom: Bool { taken < Self.most }

    /// The record at a place.
    @inlinable
    subscript(place: Int) -> StreamRecord {
        @inline(__always) _read { yield records[place] }
        @inline(__always) _modify { yield &records[place] }
    }

    /// The place of a handle, -1 if its stream is gone.
    @inlinable @inline(__always)
    func place(of handle: Int32) -> Int {
        let place = Int(handle) & (Self.most &- 1)
        if place < records.count, records[place].handle == handle { return place }
        return -1
    }

    /// Takes a place, and tells which; there has to be room.
    mutating func insert() -> Int {
        if firstFree == Self.none { grow() }
        let place = Int(firstFree)
        firstFree = records[place].before
        records[place] = StreamRecord(handle: records[place].handle)
        records[place].flags = .taken
        taken += 1
        uses &+= 1
        return place
    }

    /// Gives a place back. Its handle means nothing from now on; its tag can be read until the place is taken again.
    mutating func remove(_ place: Int) {
        records[place].flags = []
        records[place].handle = (records[place].handle &+ Int32(Self.most)) & .max
        records[place].before = firstFree
        firstFree = UInt16(truncatingIfNeeded: place)
        taken -= 1
    }

    /// The place of the stream with this number, -1 if it is not there.
    @inline(__always)
    func find(_ number: UInt32) -> Int {
        if taken == 0 { return -1 }
        var slot = home(of: number)
        while slots[slot] != Self.none {
            let place = Int(slots[slot])
            if records[place].number == number { return place }
            slot = (slot &+ 1) & (slots.count &- 1)
        }
        return -1
    }

    /// Lets a stream be found by the number that its record has.
    mutating func enter(_ place: Int) {
        var slot = home(of: records[place].number)
        while slots[slot] != Self.none { slot = (slot &+ 1) & (slots.count &- 1) }
        slots[slot] = UInt16(truncatingIfNeeded: place)
    }

    /// The stream cannot be found any more. Those that stand behind it because it was there move up.
    mutating func leave(_ place: Int) {
        let mask = slots.count &- 1
        var hole = home(of: records[place].number)
        while Int(slots[hole]) != place { hole = (hole &+ 1) & mask }
        var slot = (hole &+ 1) & mask
        while slots[slot] != Self.none {
            let home = home(of: records[Int(slots[slot])].number)
            if (slot &- home) & mask >= (slot &- hole) & mask {
                slots[hole] = slots[slot]
                hole = slot
            }
            slot = (slot &+ 1) & mask
        }
        slots[hole] = Self.none
    }

    /// Gives the memory back if there is no stream.
    mutating func trim() {
        guard taken == 0, places > 0 else { return }
        records = RawTable(count: 0, filledWith: StreamRecord(handle: 0))
        slots = RawTable(count: 0, filledWith: Self.none)
        firstFree = Self.none
        earlierUses = uses
    }

    @inline(__always)
    private func home(of number: UInt32) -> Int {
        Int((number &>> 1 &* 0x9E37_79B1) &>> shift)
    }

    /// Twice as many places.
    private mutating func grow() {
        let old = places
        precondition(old < Self.most, "more streams than there can be")
        var larger = RawTable(count: max(old * 2, 8), filledWith: StreamRecord(handle: 0))
        for place in 0..<old { larger[place] = records[place] }
        for place in stride(from: larger.count - 1, through: old, by: -1) {
            larger[place].handle = (earlierUses &* Int32(Self.most) &+ Int32(place)) & .max
            larger[place].before = firstFree
            firstFree = UInt16(place)
        }
        records = larger
        slots = RawTable(count: records.count * 2, filledWith: Self.none)
        shift = UInt32(32 - slots.count.trailingZeroBitCount)
        for place in 0..<old where records[place].isFindable { enter(place) }
    }
}

extension StreamRecord {
    /// It is in use, has a number, and is not over.
    fileprivate var isFindable: Bool { flags.contains(.taken) && !flags.contains(.over) && number != 0 }
}
