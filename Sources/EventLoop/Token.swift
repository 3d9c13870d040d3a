// Names for what lives in a loop.

/// Names a socket of a loop: an index into its table, and the generation that tells a socket from an earlier one that
/// had the same index. An event for a socket that was closed meanwhile is recognised by its generation and dropped.
@usableFromInline
package struct Token: Hashable, Sendable, BitwiseCopyable {
    @usableFromInline package var index: UInt32
    @usableFromInline package var generation: UInt32

    @inlinable
    package init(index: UInt32, generation: UInt32) {
        self.index = index
        self.generation = generation
    }

    /// Names nothing.
    @inlinable package static var none: Token { Token(index: .max, generation: 0) }

    @inlinable
    package init(bits: UInt64) {
        self.init(index: UInt32(truncatingIfNeeded: bits), generation: UInt32(truncatingIfNeeded: bits >> 32))
    }

    @inlinable package var bits: UInt64 { UInt64(generation) << 32 | UInt64(index) }
}
