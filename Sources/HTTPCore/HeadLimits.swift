// How much of a head is read before it is refused.

/// Limits on a message's head.
@usableFromInline
package struct HeadLimits: Sendable, Equatable, BitwiseCopyable {
    /// The most bytes of a head: start line, fields and the blank line. Default 32 KiB. Beyond: 431.
    package var headBytes: Int
    /// The most field lines. Default 100. Beyond: 431.
    package var fields: Int
    /// The most bytes of a request target. Default 8 KiB. Beyond: 414.
    package var targetBytes: Int

    /// The defaults, or what is given.
    package init(headBytes: Int = 32 << 10, fields: Int = 100, targetBytes: Int = 8 << 10) {
        self.headBytes = headBytes
        self.fields = fields
        self.targetBytes = targetBytes
    }
}
