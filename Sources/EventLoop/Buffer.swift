// A block of bytes with one owner. One of the few files that hold `unsafe`: the block is raw, every access is checked.

/// What stands at the beginning of each block of a pool.
@unsafe
@usableFromInline
struct BlockHeader {
    @usableFromInline let pool: UnsafeMutablePointer<PoolState>
    /// The next block in the free list, or the next buffer in a socket's send queue.
    @usableFromInline var next: UnsafeMutablePointer<BlockHeader>?
    /// Start and end of the bytes, kept here only while the buffer waits in a send queue.
    @usableFromInline var queuedStart: Int32 = 0
    @usableFromInline var queuedEnd: Int32 = 0
    @usableFromInline var queuedSent: Int32 = 0
    /// The whole block's size, header included.
    @usableFromInline let blockBytes: Int32
}

/// A block of bytes from a loop's pool: some room in front, the bytes, some room behind.
///
/// A buffer has one owner. Handing it over (to the loop for sending, say) is a move that the compiler checks; when its
/// last owner lets go of it, the block returns to its pool. A buffer never leaves its loop's thread.
@safe
@usableFromInline
package struct Buffer: ~Copyable {
    /// Room kept free in front of received bytes, for a head that grows while it is rewritten in place.
    @inlinable package static var headroom: Int { 1024 }
    /// Room kept free behind received bytes: slack for wide loads, and for the end of a chunk.
    @inlinable package static var tailroom: Int { 64 }

    @usableFromInline let block: UnsafeMutablePointer<BlockHeader>
    @usableFromInline var start: Int
    @usableFromInline var end: Int
    /// How many of the bytes the kernel has, while the loop sends the buffer. They stay: the buffer comes back whole.
    var sent = 0
    /// Where the block ends.
    @usableFromInline let limit: Int

    /// The first place behind the block's header.
    @inlinable static var origin: Int { 64 }

    init(block: UnsafeMutablePointer<BlockHeader>, headroom: Int) {
        unsafe self.block = block
        start = Self.origin + headroom
        end = start
        limit = Int(unsafe block.pointee.blockBytes)
    }

    /// Takes back a buffer that waited in a queue.
    init(queued block: UnsafeMutablePointer<BlockHeader>) {
        unsafe self.block = block
        start = Int(unsafe block.pointee.queuedStart)
        end = Int(unsafe block.pointee.queuedEnd)
        sent = Int(unsafe block.pointee.queuedSent)
        limit = Int(unsafe block.pointee.blockBytes)
    }

    deinit { unsafe PoolState.giveBack(block) }

    /// Turns the buffer into a block that a queue owns.
    consuming func queue() -> UnsafeMutablePointer<BlockHeader> {
        let block = unsafe self.block
        unsafe block.pointee.queuedStart = Int32(start)
        unsafe block.pointee.queuedEnd = Int32(end)
        unsafe block.pointee.queuedSent = Int32(sent)
        unsafe block.pointee.next = nil
        discard self
        return unsafe block
    }

    @inlinable var raw: UnsafeMutableRawPointer { unsafe UnsafeMutableRawPointer(block) }

    /// How many bytes there are.
    @inlinable package var count: Int { end - start }
    @inlinable package var isEmpty: Bool { end == start }
    /// How many bytes can be put in front.
    @inlinable package var roomInFront: Int { start - Self.origin }
    /// How many bytes can be put behind.
    @inlinable package var roomBehind: Int { limit - end }
    /// The whole block's size in bytes.
    @inlinable package var blockBytes: Int { limit }

    /// The bytes.
    @inlinable
    package var bytes: Span<UInt8> {
        @_lifetime(borrow self)
        get {
            let span = unsafe Span<UInt8>(
                _unsafeStart: (raw + start).assumingMemoryBound(to: UInt8.self), count: end - start)
            return unsafe _overrideLifetime(span, borrowing: self)
        }
    }

    /// The bytes, to be changed in place.
    @inlinable
    package var mutableBytes: MutableSpan<UInt8> {
        @_lifetime(&self)
        mutating get {
            let span = unsafe MutableSpan<UInt8>(
                _unsafeStart: (raw + start).assumingMemoryBound(to: UInt8.self), count: end - start)
            return unsafe _overrideLifetime(span, mutating: &self)
        }
    }

    /// The bytes from `first` on, to be changed in place.
    @inlinable
    @_lifetime(&self)
    package mutating func mutableBytes(from first: Int) -> MutableSpan<UInt8> {
        precondition(first >= 0 && first <= end - start, "behind the bytes")
        let span = unsafe MutableSpan<UInt8>(
            _unsafeStart: (raw + start + first).assumingMemoryBound(to: UInt8.self), count: end - start - first)
        return unsafe _overrideLifetime(span, mutating: &self)
    }

    /// Forgets the first `count` bytes.
    @inlinable
    package mutating func dropFirst(_ count: Int) {
        precondition(count >= 0 && count <= end - start, "more dropped than there is")
        start += count
    }

    /// Keeps only the bytes at `range`, counted from the first byte.
    @inlinable
    package mutating func keep(_ range: Range<Int>) {
        precondition(range.lowerBound >= 0 && range.upperBound <= end - start, "more kept than there is")
        end = start + range.upperBound
        start += range.lowerBound
    }

    /// Takes `count` more bytes behind, to be written through `mutableBytes(from:)`: until then they are whatever lay there.
    /// `false`, and nothing changed, when there is no room.
    package mutating func extend(by count: Int) -> Bool {
        if count < 0 || count > roomBehind { return false }
        end += count
        return true
    }

    /// Forgets all bytes and moves to the place that leaves `headroom` bytes in front.
    package mutating func reset(headroom: Int = Buffer.headroom) {
        precondition(headroom >= 0, "headroom that is not there")
        start = min(Self.origin + headroom, limit)
        end = start
    }

    /// Puts bytes in front; `false`, and nothing changed, when there is no room.
    @inlinable
    package mutating func prepend(_ bytes: Span<UInt8>) -> Bool {
        if bytes.count > roomInFront { return false }
        start -= bytes.count
        copy(bytes, to: start)
        return true
    }

    /// Puts bytes behind; `false`, and nothing changed, when there is no room.
    @inlinable
    package mutating func append(_ bytes: Span<UInt8>) -> Bool {
        if bytes.count > roomBehind { return false }
        copy(bytes, to: end)
        end += bytes.count
        return true
    }

    /// Puts a literal behind; `false`, and nothing changed, when there is no room.
    @inlinable
    package mutating func append(_ text: StaticString) -> Bool {
        let span = unsafe Span<UInt8>(_unsafeStart: text.utf8Start, count: text.utf8CodeUnitCount)
        return append(span)
    }

    @inlinable
    @inline(__always)
    func copy(_ bytes: Span<UInt8>, to place: Int) {
        unsafe bytes.withUnsafeBufferPointer { source in
            guard let base = source.baseAddress else { return }
            unsafe (raw + place).copyMemory(from: base, byteCount: source.count)
        }
    }
}
