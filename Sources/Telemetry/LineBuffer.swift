// Text in memory taken once. Lines are cut, never a trap, when there is no more room. One of the few files that hold
// `unsafe`: the memory is raw, every access is checked.

/// A fixed piece of memory that log lines are written into. It is never copied, so that a write costs no uniqueness check.
@safe
package struct LineBuffer: ~Copyable {
    private var base: UnsafeMutableRawPointer
    private var capacity: Int
    /// Bytes written.
    package private(set) var count = 0

    package init(capacity: Int) {
        self.capacity = capacity
        unsafe base = .allocate(byteCount: max(capacity, 1), alignment: 16)
        unsafe base.initializeMemory(as: UInt8.self, repeating: 0, count: capacity)
    }

    deinit { unsafe base.deallocate() }

    package var room: Int { capacity - count }
    package var bytes: Span<UInt8> {
        @_lifetime(borrow self)
        get {
            let span = unsafe Span<UInt8>(_unsafeStart: base.assumingMemoryBound(to: UInt8.self), count: count)
            return unsafe _overrideLifetime(span, borrowing: self)
        }
    }

    /// The bytes as an array of their own.
    package func copy() -> [UInt8] { unsafe Array(UnsafeRawBufferPointer(start: base, count: count)) }

    /// Writes all of it into another one.
    package func write(into other: inout LineBuffer) { other.write(bytes) }

    package mutating func removeAll() { count = 0 }

    /// Takes the last byte away.
    package mutating func removeLast() { if count > 0 { count -= 1 } }

    /// Sees to it that there is room for so many bytes more, by moving to a larger piece of memory if need be: for texts, not
    /// for lines.
    package mutating func reserve(_ bytes: Int) {
        if bytes <= room { return }
        let larger = max(capacity * 2, count + bytes)
        let new = UnsafeMutableRawPointer.allocate(byteCount: larger, alignment: 16)
        unsafe new.copyMemory(from: base, byteCount: count)
        unsafe base.deallocate()
        unsafe base = new
        capacity = larger
    }

    package mutating func write(byte: UInt8) {
        if count == capacity { return }
        put(byte, at: count)
        count += 1
    }

    /// Writes bytes as they are, as many as there is room for.
    package mutating func write(_ bytes: Span<UInt8>) {
        let fitting = min(bytes.count, room)
        unsafe bytes.withUnsafeBytes { source in
            guard let first = source.baseAddress else { return }
            unsafe (base + count).copyMemory(from: first, byteCount: fitting)
        }
        count += fitting
    }

    package mutating func write(_ text: StaticString) {
        unsafe write(Span<UInt8>(_unsafeStart: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    package mutating func write(_ text: String) { write(text.utf8.span) }

    package mutating func write(decimal number: UInt64) {
        if room < 20 { return }
        var digits = 1
        var power = number / 10
        while power > 0 {
            digits += 1
            power /= 10
        }
        var rest = number
        for index in stride(from: count + digits - 1, through: count, by: -1) {
            put(0x30 + UInt8(truncatingIfNeeded: rest % 10), at: index)
            rest /= 10
        }
        count += digits
    }

    /// Writes a number with leading zeros.
    package mutating func write(_ number: Int, width: Int) {
        if room < width { return }
        var rest = number
        for index in stride(from: count + width - 1, through: count, by: -1) {
            put(0x30 + UInt8(truncatingIfNeeded: rest % 10), at: index)
            rest /= 10
        }
        count += width
    }

    package mutating func write(hex number: UInt64) {
        for shift in stride(from: 60, through: 0, by: -4) {
            write(byte: Self.hexDigit(UInt8(truncatingIfNeeded: number >> UInt64(shift)) & 15))
        }
    }

    private mutating func put(_ byte: UInt8, at index: Int) {
        precondition(index >= 0 && index < capacity, "outside of the buffer")
        unsafe base.storeBytes(of: byte, toByteOffset: index, as: UInt8.self)
    }

    static func hexDigit(_ value: UInt8) -> UInt8 { value < 10 ? 0x30 + value : 0x57 + value }
}
