// Copies of bytes, short ones mostly, for which a call to memcpy would cost more than the copy. Bounds are checked before bytes are touched.

extension MutableSpan where Element == UInt8 {
    /// Copies `count` bytes of `source` from `start` on to index `offset`. Up to 15 bytes behind them are overwritten
    /// with arbitrary bytes if they lie inside. Traps when source or target are too short.
    @safe @inlinable @inline(__always)
    @_lifetime(self: copy self)
    package mutating func copy(_ source: Span<UInt8>, from start: Int, count: Int, to offset: Int) {
        precondition(count >= 0 && start >= 0 && count <= source.count &- start && count <= self.count &- offset)
        // Unsafe only because it could store what is no valid element; any byte is one.
        var target = unsafe mutableBytes
        var done = 0
        while done < count, start &+ done &+ 16 <= source.count, offset &+ done &+ 16 <= target.byteCount {
            let block = source.block(at: start &+ done)
            target.storeBytes(of: block, toByteOffset: offset &+ done, as: SIMD16<UInt8>.self)
            done &+= 16
        }
        while done < count {
            target.storeBytes(of: source[start &+ done], toByteOffset: offset &+ done, as: UInt8.self)
            done &+= 1
        }
    }

    /// Moves `count` bytes from index `start` down to index `target`, which is not above it; the two may overlap.
    /// Traps when they do not lie inside.
    @safe
    @_lifetime(self: copy self)
    package mutating func moveDown(from start: Int, to target: Int, count: Int) {
        precondition(target >= 0 && target <= start && count >= 0 && count <= self.count &- start)
        guard count > 0, start != target else { return }
        unsafe withUnsafeMutableBytes { buffer in
            guard let base = buffer.baseAddress else { return }
            unsafe (base + target).copyMemory(from: base + start, byteCount: count)
        }
    }
}
