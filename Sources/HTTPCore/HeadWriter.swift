// Where a head is written before it is sent: a block of bytes of fixed size that belongs to its writer. What is written
// is put together from parsed parts; heads of HTTP/1 in `Sources/HTTP1/HeadWriter+Heads.swift`.

/// An owned block of bytes that is written from front to back. What does not fit is left out and remembered.
@usableFromInline
package struct HeadWriter: ~Copyable {
    @usableFromInline var storage: ByteStore
    @usableFromInline var used = 0
    @usableFromInline var hasOverflowed = false

    /// A writer for up to `capacity` bytes, for which the memory is taken at once.
    package init(capacity: Int) {
        storage = ByteStore(count: capacity)
    }

    /// How many bytes have been written.
    @inlinable @inline(__always)
    package var count: Int { used }

    /// How many bytes fit.
    @inlinable @inline(__always)
    package var capacity: Int { storage.count }

    /// Something did not fit. From there on nothing is written until `removeAll`.
    @inlinable @inline(__always)
    package var overflowed: Bool { hasOverflowed }

    /// What has been written.
    @inlinable @inline(__always)
    package var bytes: Span<UInt8> {
        @_lifetime(borrow self)
        get { storage.span(first: used) }
    }

    /// Starts again with nothing written.
    @inlinable @inline(__always)
    package mutating func removeAll() {
        used = 0
        hasOverflowed = false
    }

    /// Writes `text`.
    @inlinable @inline(__always)
    package mutating func write(_ text: StaticString) {
        append(text.bytes, from: 0, count: text.utf8CodeUnitCount)
    }

    /// Writes `bytes`.
    @inlinable @inline(__always)
    package mutating func write(_ bytes: Span<UInt8>) {
        append(bytes, from: 0, count: bytes.count)
    }

    /// Writes the bytes of `slice`, which must lie inside `bytes`.
    @inlinable @inline(__always)
    package mutating func write(_ bytes: Span<UInt8>, _ slice: ByteRange) {
        append(bytes, from: Int(slice.start), count: Int(slice.count))
    }

    /// Writes one byte.
    @inlinable @inline(__always)
    package mutating func write(byte: UInt8) {
        guard reserve(1) else { return }
        storage[used] = byte
        used &+= 1
    }

    /// Writes `number` in decimal digits.
    package mutating func write(decimal number: UInt64) {
        let digits = ByteNumber.decimalDigits(number)
        guard reserve(digits) else { return }
        var rest = number
        for index in stride(from: used + digits - 1, through: used, by: -1) {
            storage[index] = UInt8(truncatingIfNeeded: 0x30 + rest % 10)
            rest /= 10
        }
        used += digits
    }

    /// Writes the lowest `digits` (1...16) hexadecimal digits of `number` in lower case.
    package mutating func write(hex number: UInt64, digits: Int) {
        guard reserve(digits) else { return }
        for index in 0..<digits {
            storage[used &+ index] = ByteNumber.hexDigit(
                of: UInt8(truncatingIfNeeded: number &>> UInt64(4 &* (digits &- 1 &- index))))
        }
        used &+= digits
    }

    /// Writes `number` in sixteen hexadecimal digits, in lower case.
    package mutating func write(hex number: UInt64) {
        guard reserve(16) else { return }
        storage.store(ByteNumber.hexDigits(of: UInt32(truncatingIfNeeded: number >> 32)), at: used)
        storage.store(ByteNumber.hexDigits(of: UInt32(truncatingIfNeeded: number)), at: used &+ 8)
        used &+= 16
    }

    /// Takes back what has been written behind the first `count` bytes, which are no more than there are.
    package mutating func removeLast(to count: Int) {
        precondition(count >= 0 && count <= used)
        used = count
    }

    /// Stores one byte at `offset`, which is within the capacity and may be behind what has been written: `extend` then
    /// takes it in.
    @inlinable @inline(__always)
    package mutating func store(byte: UInt8, at offset: Int) {
        storage[offset] = byte
    }

    /// The same for four bytes, the high one first.
    @inlinable @inline(__always)
    package mutating func store(bigEndian word: UInt32, at offset: Int) {
        storage.store(bigEndian: word, at: offset)
    }

    /// Takes what was stored behind the end, up to `count` bytes in all, for written.
    @inlinable @inline(__always)
    package mutating func extend(to count: Int) {
        precondition(count >= used && count <= capacity)
        used = count
    }

    /// Whether `count` more bytes fit; if not, that is remembered as if they had been written.
    @inlinable @inline(__always)
    package mutating func reserve(_ count: Int) -> Bool {
        if count <= capacity &- used, !hasOverflowed { return true }
        hasOverflowed = true
        return false
    }

    /// Copies `count` bytes from `start` on.
    @inlinable @inline(__always)
    mutating func append(_ bytes: Span<UInt8>, from start: Int, count: Int) {
        guard reserve(count) else { return }
        storage.copy(bytes, from: start, count: count, to: used)
        used &+= count
    }
}
