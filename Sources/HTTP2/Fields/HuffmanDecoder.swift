// Coded strings become bytes (RFC 7541 section 5.2), twelve bits at a time: a look in a table gives one symbol or two.

import MartletHTTPCore

/// The tables that decode strings. A value of pointers, made once.
struct HuffmanDecoder: BitwiseCopyable, Sendable {
    /// How many bits are looked up at once. Codes that are longer belong to bytes that are rare.
    private static let width = 12

    /// For each sequence of `width` bits the symbols it begins with: how many bits they have in the low byte, where a shift
    /// takes it from as it is, then the first and the second, and in the high byte how many there are. 0 if not even one
    /// ends within.
    private let pairs: LastingTable<UInt32>
    /// The codes of each length, short ones first.
    private let classes: LastingTable<CodeClass>
    /// The symbols in the order of their codes.
    private let symbols: LastingTable<UInt16>

    static let shared = HuffmanDecoder()

    private init() {
        pairs = LastingTable(Self.makePairs())
        classes = LastingTable(CodeClass.all)
        symbols = LastingTable(HuffmanCode.symbols.map { UInt16($0) })
    }

    /// How much room decoding `count` bytes may need: the shortest code has five bits, and symbols are stored in pairs.
    @inline(__always)
    static func room(for count: Int) -> Int { count &* 8 / 5 &+ 2 }

    /// Decodes the bytes of `range` to `place`, and tells how many there are. There must be `room(for:)` them.
    func decode(
        _ block: Span<UInt8>, _ range: Range<Int>, to place: Int, in store: inout ByteStore
    ) throws(HPACKFault) -> Int {
        var run = HuffmanRun(tables: self, range, place: place, keeps: true)
        try run.decode(block, to: &store)
        return run.place &- place
    }

    /// How many bytes the bytes of `range` decode to.
    func measure(_ block: Span<UInt8>, _ range: Range<Int>) throws(HPACKFault) -> Int {
        var none = ByteStore(count: 0)
        var run = HuffmanRun(tables: self, range, place: 0, keeps: false)
        try run.decode(block, to: &none)
        return run.place
    }

    /// The entry for the next bits of `bits`, the first of which is the highest.
    @inline(__always)
    fileprivate func pair(at bits: UInt64) -> UInt32 {
        pairs.span[Int(truncatingIfNeeded: bits &>> UInt64(64 &- Self.width))]
    }

    /// The symbol whose code the 32 bits of `code` begin with, and how many bits that has.
    @inline(never)
    fileprivate func symbol(of code: UInt32) -> (symbol: Int, length: Int) {
        var index = 0
        while UInt64(code) >= classes.span[index].limit { index += 1 }
        let found = classes.span[index]
        let place = found.offset + Int(code >> UInt32(32 - found.length) - found.first)
        return (Int(symbols.span[place]), found.length)
    }

    /// All entries of `pairs`.
    private static func makePairs() -> [UInt32] {
        // For each prefix the symbol it begins with.
        var first = [Int](repeating: -1, count: 1 << width)
        for symbol in HuffmanCode.symbols.prefix(while: { HuffmanCode.lengths[$0] <= width }) {
            let code = HuffmanCode.codes[symbol]
            let start = Int(code.bits) << (width - code.length)
            for prefix in start..<start + (1 << (width - code.length)) { first[prefix] = symbol }
        }
        return first.indices.map { prefix in
            let symbol = first[prefix]
            if symbol < 0 { return 0 }
            let length = HuffmanCode.lengths[symbol]
            let second = first[prefix << length & (1 << width - 1)]
            guard second >= 0, length + HuffmanCode.lengths[second] <= width else {
                return UInt32(length | symbol << 8 | 1 << 24)
            }
            return UInt32(length + HuffmanCode.lengths[second] | symbol << 8 | second << 16 | 2 << 24)
        }
    }
}

/// The codes of one length.
private struct CodeClass: BitwiseCopyable, Sendable {
    var length: Int
    /// The first of them.
    var first: UInt32
    /// What is behind the last of them, as the first of 32 bits that are ones then: at most 2^32.
    var limit: UInt64
    /// Where the symbol of the first stands among all symbols.
    var offset: Int

    /// All lengths that occur.
    static var all: [CodeClass] {
        (1...HuffmanCode.longest).compactMap { length in
            let places = HuffmanCode.symbols.indices.filter { HuffmanCode.lengths[HuffmanCode.symbols[$0]] == length }
            guard let offset = places.first else { return nil }
            let first = HuffmanCode.codes[HuffmanCode.symbols[offset]].bits
            let limit = (UInt64(first) + UInt64(places.count)) << UInt64(32 - length)
            return CodeClass(length: length, first: first, limit: limit, offset: offset)
        }
    }
}

/// One string on its way.
private struct HuffmanRun: BitwiseCopyable {
    let tables: HuffmanDecoder
    /// Whether the symbols are stored, or only counted.
    let keeps: Bool
    /// Where the next symbol goes.
    var place: Int
    /// The next bits, the first of them the highest.
    var bits: UInt64 = 0
    /// How many of `bits` are known. Those behind are what follows, or zeros.
    var count = 0
    /// The next byte to be taken in.
    var position: Int
    let end: Int

    @inline(__always)
    init(tables: HuffmanDecoder, _ range: Range<Int>, place: Int, keeps: Bool) {
        self.tables = tables
        self.keeps = keeps
        self.place = place
        position = range.lowerBound
        end = range.upperBound
    }

    /// The whole string.
    @inline(__always)
    mutating func decode(_ block: Span<UInt8>, to store: inout ByteStore) throws(HPACKFault) {
        refill(block)
        // Four looks need 48 bits at the most, and the longest code fewer.
        while count >= 48 {
            if takePair(&store) {
                if takePair(&store), takePair(&store) { _ = takePair(&store) }
            } else {
                try takeLong(bits, &store)
            }
            refill(block)
        }
        try finish(&store)
    }

    /// The last bits: behind them, ones are as good as any padding.
    @inline(__always)
    private mutating func finish(_ store: inout ByteStore) throws(HPACKFault) {
        while count > 0 {
            let padded = bits | ~0 &>> UInt64(truncatingIfNeeded: count)
            if count < 8, padded == ~0 { return }
            let pair = tables.pair(at: padded)
            if pair == 0 {
                try takeLong(padded, &store)
            } else {
                // What takes in bits of the padding takes in a zero before: so the padding is wrong.
                guard Int(pair & 0xFF) <= count else { throw .badPadding }
                take(pair, &store)
            }
        }
    }

    /// Takes what the next bits begin with. False if it is a long code.
    @inline(__always)
    private mutating func takePair(_ store: inout ByteStore) -> Bool {
        let pair = tables.pair(at: bits)
        if pair == 0 { return false }
        take(pair, &store)
        return true
    }

    @inline(__always)
    private mutating func take(_ pair: UInt32, _ store: inout ByteStore) {
        if keeps { store.store(pair: UInt16(truncatingIfNeeded: pair &>> 8), at: place) }
        place &+= Int(pair &>> 24)
        drop(Int(pair & 0xFF))
    }

    /// Takes the symbol with a long code that `bits`, at least 30 of them, begin with.
    @inline(__always)
    private mutating func takeLong(_ bits: UInt64, _ store: inout ByteStore) throws(HPACKFault) {
        let (symbol, length) = tables.symbol(of: UInt32(truncatingIfNeeded: bits >> 32))
        guard length <= count else { throw .badPadding }
        guard symbol != HuffmanCode.endOfString else { throw .endOfStringCode }
        if keeps { store[place] = UInt8(truncatingIfNeeded: symbol) }
        place += 1
        drop(length)
    }

    @inline(__always)
    private mutating func drop(_ length: Int) {
        bits &<<= UInt64(truncatingIfNeeded: length)
        count &-= length
    }

    /// Takes in bytes until there are 56 bits, or no more bytes.
    @inline(__always)
    private mutating func refill(_ block: Span<UInt8>) {
        if position &+ 8 <= end {
            // The bits of the byte that is not taken as a whole come again next time, and are the same then.
            bits |= block.word(at: position).byteSwapped &>> UInt64(truncatingIfNeeded: count)
            let taken = (63 &- count) &>> 3
            position &+= taken
            count &+= taken &* 8
        } else {
            while count <= 56, position < end {
                bits |= UInt64(block[position]) &<< UInt64(truncatingIfNeeded: 56 &- count)
                position &+= 1
                count &+= 8
            }
        }
    }
}
