// A growable table of plain values. One of the few files that hold `unsafe`: the storage is raw, every access is checked.

/// A growable table of plain values that is never copied, so that a change costs no uniqueness check and no
/// reference counting. Loops keep their bookkeeping in such tables.
@safe
@usableFromInline
package struct Table<Element: BitwiseCopyable>: ~Copyable {
    @usableFromInline var base: UnsafeMutablePointer<Element>
    @usableFromInline var capacity: Int
    /// How many elements the table has.
    @usableFromInline package internal(set) var count: Int

    package init(reserving capacity: Int = 16) {
        self.capacity = max(capacity, 1)
        count = 0
        unsafe base = UnsafeMutablePointer<Element>.allocate(capacity: self.capacity)
    }

    deinit { unsafe base.deallocate() }

    /// The element at `index`, which must be in the table.
    @inlinable
    package subscript(index: Int) -> Element {
        @inline(__always) unsafeAddress {
            precondition(index >= 0 && index < count, "index outside of the table")
            return unsafe UnsafePointer(base + index)
        }
        @inline(__always) unsafeMutableAddress {
            precondition(index >= 0 && index < count, "index outside of the table")
            return unsafe base + index
        }
    }

    /// Adds an element at the end; takes amortised constant time.
    package mutating func append(_ element: Element) {
        if count == capacity { grow(to: capacity * 2) }
        unsafe (base + count).initialize(to: element)
        count += 1
    }

    /// Grows to at least `size` elements, new ones being `element`.
    package mutating func extend(to size: Int, with element: Element) {
        while count < size { append(element) }
    }

    /// Removes and returns the last element.
    package mutating func popLast() -> Element? {
        if count == 0 { return nil }
        count -= 1
        return unsafe base[count]
    }

    /// Removes the first `count` elements; the others move up.
    package mutating func removeFirst(_ count: Int) {
        precondition(count >= 0 && count <= self.count, "more removed than there is")
        unsafe base.update(from: base + count, count: self.count - count)
        self.count -= count
    }

    /// Forgets all elements and keeps the memory.
    package mutating func removeAll() { count = 0 }

    private mutating func grow(to size: Int) {
        let larger = UnsafeMutablePointer<Element>.allocate(capacity: size)
        unsafe larger.update(from: base, count: count)
        unsafe base.deallocate()
        unsafe base = larger
        capacity = size
    }
}
