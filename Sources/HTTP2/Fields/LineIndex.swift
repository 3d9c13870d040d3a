// Entries of a table by a hash of their bytes, for an encoder that asks for every line whether it is there.

import MartletHTTPCore

/// A hash of a run of bytes: fast, and good enough, as what is found is compared.
enum LineHash {
    private static var factor: UInt64 { 0x9E37_79B9_7F4A_7C15 }

    /// The hash of `bytes[start..<end]`, of which the beginning, the middle and the end count if it is longer than 32 bytes:
    /// lines differ there, or else are told apart when they are compared.
    ///
    /// - Parameter seed: another for each kind of thing that is hashed.
    @inline(__always)
    static func hash(_ bytes: Span<UInt8>, from start: Int, to end: Int, seed: UInt64) -> UInt64 {
        let count = end &- start
        var hash = (UInt64(truncatingIfNeeded: count) &+ seed) &* factor
        if count >= 16 {
            let middle = start &+ count &>> 1
            hash = mix(hash, bytes.word(at: start))
            hash = mix(hash, bytes.word(at: middle &- 8))
            hash = mix(hash, bytes.word(at: middle))
            return mix(hash, bytes.word(at: end &- 8))
        }
        var index = start
        if count >= 8 {
            hash = mix(hash, bytes.word(at: index))
            index &+= 8
        }
        return index < end ? mix(hash, tail(bytes, from: index, to: end)) : hash
    }

    @inline(__always)
    private static func mix(_ hash: UInt64, _ word: UInt64) -> UInt64 {
        let product = (hash ^ word) &* factor
        return product ^ product &>> 32
    }

    /// The 1 to 7 bytes from `start` on.
    @inline(__always)
    private static func tail(_ bytes: Span<UInt8>, from start: Int, to end: Int) -> UInt64 {
        if start &+ 8 <= bytes.count {
            let mask: UInt64 = 1 &<< UInt64(truncatingIfNeeded: (end &- start) &* 8) &- 1
            return bytes.word(at: start) & mask
        }
        var word: UInt64 = 0
        for index in start..<end { word = word &<< 8 | UInt64(bytes[index]) }
        return word
    }
}

/// Where in a dynamic table entries are, by hash: buckets of four, in which the oldest makes room. What is forgotten here
/// is still in the table, but not used any more. It takes memory when the first entry comes.
struct LineIndex: ~Copyable {
    /// For each entry 16 bits of its hash, and the low 16 bits of its number in the table. Which of them are out of date,
    /// the table's numbers tell.
    private var slots = RecordBlock<UInt32>()
    private let places: Int

    /// How many entries a bucket has.
    static let ways = 4

    /// An index with `places` places, a power of two and at least four.
    init(places: Int) { self.places = places }

    @inline(__always)
    var isEmpty: Bool { slots.count == 0 }

    /// The first place of the bucket for `hash`.
    @inline(__always)
    private func bucket(_ hash: UInt64) -> Int {
        Int(truncatingIfNeeded: hash &>> 32) &* Self.ways & (places &- 1)
    }

    /// The age of the entry that is the `way`th (0...3) in the bucket of `hash`: -1 if that has another hash, or is no
    /// longer in `table`.
    @inline(__always)
    func age(_ hash: UInt64, way: Int, in table: borrowing DynamicTable) -> Int {
        let slot = slots[bucket(hash) &+ way]
        guard slot &>> 16 == UInt32(truncatingIfNeeded: hash &>> 48) else { return -1 }
        let age = Self.age(slot, in: table)
        return age < table.count ? age : -1
    }

    @inline(__always)
    private static func age(_ slot: UInt32, in table: borrowing DynamicTable) -> Int {
        Int(UInt16(truncatingIfNeeded: table.inserted &- 1 &- slot))
    }

    /// Notes that the newest entry of `table` has this hash.
    mutating func insert(_ hash: UInt64, newestOf table: borrowing DynamicTable) {
        if slots.count == 0 { slots = RecordBlock(repeating: 0, count: places) }
        let first = bucket(hash)
        var oldest = first
        for place in first..<first + Self.ways
        where Self.age(slots[place], in: table) > Self.age(slots[oldest], in: table) {
            oldest = place
        }
        let number = (table.inserted &- 1) & 0xFFFF
        slots[oldest] = UInt32(truncatingIfNeeded: hash &>> 48) << 16 | number
    }

    /// Gives the memory back and forgets everything.
    mutating func removeAll() { slots = RecordBlock() }
}
