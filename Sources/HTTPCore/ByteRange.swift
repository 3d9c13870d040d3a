// A slice of the bytes a head was parsed from. What refers to the arena by position lives here; the arena itself does not.

/// A slice of a head's arena, by position, so that heads hold no pointers and cost no reference counting.
@usableFromInline
package struct ByteRange: BitwiseCopyable, Equatable, Sendable {
    /// Index of the first byte.
    @usableFromInline package var start: UInt32
    /// Number of bytes.
    @usableFromInline package var count: UInt32

    /// The empty range at index 0.
    @inlinable @inline(__always)
    package init() {
        start = 0
        count = 0
    }

    /// `count` bytes from `start` on.
    @inlinable @inline(__always)
    package init(start: UInt32, count: UInt32) {
        self.start = start
        self.count = count
    }

    /// The bytes from `start` up to, not including, `end`. Both are indices below 4 GiB, `start` not above `end`.
    @inlinable @inline(__always)
    package init(from start: Int, to end: Int) {
        self.start = UInt32(truncatingIfNeeded: start)
        self.count = UInt32(truncatingIfNeeded: end &- start)
    }

    /// Index behind the last byte.
    @inlinable @inline(__always)
    package var end: Int { Int(start) &+ Int(count) }

    /// Whether there is no byte in it.
    @inlinable @inline(__always)
    package var isEmpty: Bool { count == 0 }

    /// The same as a range of indices.
    @inlinable @inline(__always)
    package var range: Range<Int> { Int(start)..<end }
}

extension Span where Element == UInt8 {
    /// The bytes of `slice`. Traps when the slice does not lie inside, as indexing would.
    @inlinable @inline(__always)
    @_lifetime(copy self)
    package func extracting(_ slice: ByteRange) -> Span<UInt8> {
        extracting(slice.range)
    }
}
