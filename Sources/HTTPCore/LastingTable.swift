// Tables of constants that are computed once. One of the few files that hold `unsafe`: the memory is never given back, so
// that a span of it is good for ever.

/// Plain values that are made once and last as long as the program. It is a pointer and a count: to copy it costs nothing.
@safe
@usableFromInline
package struct LastingTable<Element: BitwiseCopyable & Sendable>: BitwiseCopyable, @unchecked Sendable {
    @usableFromInline let base: UnsafePointer<Element>
    @usableFromInline let count: Int

    /// A table of `elements`.
    package init(_ elements: [Element]) {
        let copy = UnsafeMutablePointer<Element>.allocate(capacity: max(elements.count, 1))
        for (index, element) in elements.enumerated() { unsafe (copy + index).initialize(to: element) }
        unsafe base = UnsafePointer(copy)
        count = elements.count
    }

    /// The elements.
    @inlinable @inline(__always)
    package var span: Span<Element> {
        @_lifetime(immortal)
        get {
            let span = unsafe Span(_unsafeStart: base, count: count)
            return unsafe _overrideLifetime(span, copying: ())
        }
    }
}
