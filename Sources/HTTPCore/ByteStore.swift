// A block of bytes with one owner. One of the few files that hold `unsafe`: the block is raw, every access is checked.

/// A fixed number of bytes that is never copied, so that a write costs no uniqueness check and no reference counting. A
/// block of none takes no memory.
@safe
@usableFromInline
package struct ByteStore: ~Copyable {
    @usableFromInline let base: UnsafeMutableRawPointer
    /// How many bytes there are.
    @usableFromInline package let count: Int

    /// A block of `count` zeros.
    package init(count: Int) {
        self.count = count
        if count == 0 {
            // An address that is aligned and never used.
            unsafe base = UnsafeMutableRawPointer(bitPattern: 16).unsafelyUnwrapped
        } else {
            unsafe base = .allocate(byteCount: count, alignment: 16)
            unsafe base.initializeMemory(as: UInt8.self, repeating: 0, count: count)
        }
    }

    deinit { if count > 0 { unsafe base.deallocate() } }

    /// The byte at `index`, which must be below `count`.
    @inlinable
    package subscript(index: Int) -> UInt8 {
        @inline(__always) get {
            precondition(index >= 0 && index < count, "outside of the block")
            return unsafe base.load(fromByteOffset: index, as: UInt8.self)
        }
        @inline(__always) set {
            precondition(index >= 0 && index < count, "outside of the block")
            unsafe base.storeBytes(of: newValue, toByteOffset: index, as: UInt8.self)
        }
    }

    /// The first `length` bytes, which must be no more than there are.
    @inlinable
    @_lifetime(borrow self)
    package func span(first length: Int) -> Span<UInt8> {
        precondition(length >= 0 && length <= count, "outside of the block")
        let span = unsafe Span<UInt8>(_unsafeStart: base.assumingMemoryBound(to: UInt8.self), count: length)
        return unsafe _overrideLifetime(span, borrowing: self)
    }

    /// Stores eight bytes from `offset` on, the low one first. Traps when they do not all lie inside.
    @inlinable @inline(__always)
    package mutating func store(_ word: UInt64, at offset: Int) {
        precondition(offset >= 0 && offset <= count &- 8, "outside of the block")
        unsafe base.storeBytes(of: word.littleEndian, toByteOffset: offset, as: UInt64.self)
    }

    /// Stores four bytes from `offset` on, the high one first. Traps when they do not all lie inside.
    @inlinable @inline(__always)
    package mutating func store(bigEndian word: UInt32, at offset: Int) {
        precondition(offset >= 0 && offset <= count &- 4, "outside of the block")
        unsafe base.storeBytes(of: word.bigEndian, toByteOffset: offset, as: UInt32.self)
    }

    /// Stores two bytes from `offset` on, the low one first. Traps when they do not all lie inside.
    @inlinable @inline(__always)
    package mutating func store(pair word: UInt16, at offset: Int) {
        precondition(offset >= 0 && offset <= count &- 2, "outside of the block")
        unsafe base.storeBytes(of: word.littleEndian, toByteOffset: offset, as: UInt16.self)
    }

    /// Moves `length` bytes from `start` to `offset`; the two may overlap. Traps when they do not lie inside.
    package mutating func move(from start: Int, to offset: Int, count length: Int) {
        precondition(length >= 0 && start >= 0 && offset >= 0, "outside of the block")
        precondition(length <= count &- max(start, offset), "outside of the block")
        unsafe (base + offset).copyMemory(from: base + start, byteCount: length)
    }

    /// How many bytes behind a copy `copyRounded` may read and write.
    @inlinable @inline(__always)
    package static var slack: Int { 32 }

    /// The same as `copy`, but what stands up to `slack` bytes behind the copy in the block is lost, and as many have to
    /// be there in both: so there is no branch that depends on the length of what is short.
    @inlinable @inline(__always)
    package mutating func copyRounded(_ source: Span<UInt8>, from start: Int, count length: Int, to offset: Int) {
        precondition(
            length >= 0 && start >= 0 && length <= source.count &- Self.slack &- start, "outside of the source")
        precondition(offset >= 0 && length <= count &- Self.slack &- offset, "outside of the block")
        unsafe source.withUnsafeBytes { bytes in
            guard let first = bytes.baseAddress else { return }
            var done = 0
            repeat {
                let low = unsafe first.loadUnaligned(fromByteOffset: start &+ done, as: SIMD16<UInt8>.self)
                let high = unsafe first.loadUnaligned(fromByteOffset: start &+ done &+ 16, as: SIMD16<UInt8>.self)
                unsafe base.storeBytes(of: low, toByteOffset: offset &+ done, as: SIMD16<UInt8>.self)
                unsafe base.storeBytes(of: high, toByteOffset: offset &+ done &+ 16, as: SIMD16<UInt8>.self)
                done &+= 32
            } while done < length
        }
    }

    /// Copies `length` bytes of `source` from `start` on to `offset`. Traps when source or block are too short.
    ///
    /// Most copies are of a few bytes, for which a call of memcpy would cost more than the copy: they are made of two
    /// loads and stores that may overlap.
    @inlinable @inline(__always)
    package mutating func copy(_ source: Span<UInt8>, from start: Int, count length: Int, to offset: Int) {
        precondition(length >= 0 && start >= 0 && length <= source.count &- start, "outside of the source")
        precondition(offset >= 0 && length <= count &- offset, "outside of the block")
        unsafe source.withUnsafeBytes { bytes in
            guard let first = bytes.baseAddress else { return }
            unsafe Self.copy(first + start, length, to: base + offset)
        }
    }

    @unsafe @inlinable @inline(__always)
    static func copy(_ source: UnsafeRawPointer, _ length: Int, to target: UnsafeMutableRawPointer) {
        if length >= 16 {
            unsafe copyLong(source, length, to: target)
        } else if length >= 8 {
            unsafe copyEnds(of: UInt64.self, source, length &- 8, to: target)
        } else if length >= 4 {
            unsafe copyEnds(of: UInt32.self, source, length &- 4, to: target)
        } else if length >= 2 {
            unsafe copyEnds(of: UInt16.self, source, length &- 2, to: target)
        } else if length == 1 {
            unsafe copyEnds(of: UInt8.self, source, 0, to: target)
        }
    }

    /// Copies a word from the front and one from `last` on.
    @unsafe @inlinable @inline(__always)
    static func copyEnds<Word: BitwiseCopyable>(
        of type: Word.Type, _ source: UnsafeRawPointer, _ last: Int, to target: UnsafeMutableRawPointer
    ) {
        let front = unsafe source.loadUnaligned(as: type)
        let back = unsafe source.loadUnaligned(fromByteOffset: last, as: type)
        unsafe target.storeBytes(of: front, as: type)
        unsafe target.storeBytes(of: back, toByteOffset: last, as: type)
    }

    @unsafe @inlinable @inline(__always)
    static func copyLong(_ source: UnsafeRawPointer, _ length: Int, to target: UnsafeMutableRawPointer) {
        if length > 256 { return unsafe target.copyMemory(from: source, byteCount: length) }
        var done = 0
        while done &+ 16 < length {
            let block = unsafe source.loadUnaligned(fromByteOffset: done, as: SIMD16<UInt8>.self)
            unsafe target.storeBytes(of: block, toByteOffset: done, as: SIMD16<UInt8>.self)
            done &+= 16
        }
        let block = unsafe source.loadUnaligned(fromByteOffset: length &- 16, as: SIMD16<UInt8>.self)
        unsafe target.storeBytes(of: block, toByteOffset: length &- 16, as: SIMD16<UInt8>.self)
    }
}
