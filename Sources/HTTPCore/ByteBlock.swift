// Loads of several bytes at a time, and the search for a lane in a comparison's result. One of the few files that
// hold `unsafe`: each operation is bounds-checked, or converts between types of the same size without pointers.

extension Span where Element == UInt8 {
    /// The 16 bytes from `offset` on. Traps when they do not all lie inside.
    @safe @inlinable @inline(__always)
    package func block(at offset: Int) -> SIMD16<UInt8> {
        // Checked by RawSpan; unsafe only because it could load any type, and this one has no invalid bit patterns.
        unsafe bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: SIMD16<UInt8>.self)
    }

    /// The 8 bytes from `offset` on as a number whose low byte comes first. Traps when they do not all lie inside.
    @safe @inlinable @inline(__always)
    package func word(at offset: Int) -> UInt64 {
        UInt64(littleEndian: unsafe bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }
}

/// The result of a comparison of 16 bytes: all bits of a byte that matched are set, none of one that did not.
@usableFromInline
package struct BlockMatch: BitwiseCopyable {
    /// The matches among bytes 0 to 7, byte 0 lowest.
    @usableFromInline var low: UInt64
    /// The matches among bytes 8 to 15, byte 8 lowest.
    @usableFromInline var high: UInt64

    /// The result `mask` of a lane-wise comparison.
    @safe @inlinable @inline(__always)
    package init(_ mask: SIMDMask<SIMD16<Int8>>) {
        let words = unsafe unsafeBitCast(mask, to: SIMD2<UInt64>.self)
        low = UInt64(littleEndian: words[0])
        high = UInt64(littleEndian: words[1])
    }

    /// What matched in both. In words, as the compiler takes masks apart lane by lane where several are combined.
    @inlinable @inline(__always)
    package static func & (left: BlockMatch, right: BlockMatch) -> BlockMatch {
        BlockMatch(low: left.low & right.low, high: left.high & right.high)
    }

    /// What matched in either.
    @inlinable @inline(__always)
    package static func | (left: BlockMatch, right: BlockMatch) -> BlockMatch {
        BlockMatch(low: left.low | right.low, high: left.high | right.high)
    }

    @inlinable @inline(__always)
    init(low: UInt64, high: UInt64) {
        self.low = low
        self.high = high
    }

    /// The index of the first byte that matched, 16 if none did.
    @inlinable @inline(__always)
    package var first: Int {
        if low != 0 { return low.trailingZeroBitCount &>> 3 }
        return 8 &+ high.trailingZeroBitCount &>> 3
    }

    /// Whether no byte matched.
    @inlinable @inline(__always)
    package var isEmpty: Bool { low | high == 0 }

    /// Forgets what matched among the first `count` bytes (0...16).
    @inlinable @inline(__always)
    package mutating func drop(first count: Int) {
        low &= ~0 << UInt64(truncatingIfNeeded: count &* 8)
        high &= ~0 << UInt64(truncatingIfNeeded: max(0, count &- 8) &* 8)
    }
}
