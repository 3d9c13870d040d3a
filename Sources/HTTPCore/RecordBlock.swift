// A block of plain records with one owner. One of the few files that hold `unsafe`: the block is raw, every access is
// checked.

/// A fixed number of plain records that is never copied, so that a change costs no uniqueness check and no reference
/// counting. A block of none takes no memory.
@safe
@usableFromInline
package struct RecordBlock<Record: BitwiseCopyable>: ~Copyable {
    /// `nil` if there is none.
    @usableFromInline let base: UnsafeMutablePointer<Record>?
    /// How many records there are.
    @usableFromInline package let count: Int

    /// A block of no record.
    package init() {
        unsafe base = nil
        count = 0
    }

    /// A block of `count` times the same record.
    package init(repeating record: Record, count: Int) {
        self.count = count
        if count == 0 {
            unsafe base = nil
        } else {
            let records = UnsafeMutablePointer<Record>.allocate(capacity: count)
            unsafe records.initialize(repeating: record, count: count)
            unsafe base = records
        }
    }

    deinit { unsafe base?.deallocate() }

    /// The record at `index`, which must be below `count`.
    @inlinable
    package subscript(index: Int) -> Record {
        @inline(__always) get {
            precondition(index >= 0 && index < count, "outside of the block")
            return unsafe base.unsafelyUnwrapped[index]
        }
        @inline(__always) set {
            precondition(index >= 0 && index < count, "outside of the block")
            unsafe base.unsafelyUnwrapped[index] = newValue
        }
    }
}
