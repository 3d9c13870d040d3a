// Tables of plain values. The only file of this target that holds `unsafe`: the memory is raw, every access is checked.

/// A fixed number of plain values with one owner, so that a change costs no uniqueness check and no reference counting. A
/// table of none has no memory.
@safe
@usableFromInline
struct RawTable<Element: BitwiseCopyable>: ~Copyable {
    @usableFromInline let base: UnsafeMutablePointer<Element>?
    /// How many values there are.
    @usableFromInline let count: Int

    /// A table of `count` values that are all `element`.
    init(count: Int, filledWith element: Element) {
        self.count = count
        guard count > 0 else {
            unsafe base = nil
            return
        }
        let memory = UnsafeMutablePointer<Element>.allocate(capacity: count)
        unsafe memory.initialize(repeating: element, count: count)
        unsafe base = memory
    }

    @inlinable
    deinit { unsafe base?.deallocate() }

    /// The value at `index`, which must be below `count`.
    @inlinable
    subscript(index: Int) -> Element {
        @inline(__always) unsafeAddress { unsafe UnsafePointer(place(index)) }
        @inline(__always) unsafeMutableAddress { unsafe place(index) }
    }

    @inlinable
    @inline(__always)
    func place(_ index: Int) -> UnsafeMutablePointer<Element> {
        precondition(index >= 0 && index < count, "outside of the table")
        return unsafe base.unsafelyUnwrapped + index
    }
}
