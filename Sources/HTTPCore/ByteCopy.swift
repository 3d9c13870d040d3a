// Moves of bytes within a span. Bounds are checked before bytes are touched.

extension MutableSpan where Element == UInt8 {
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
