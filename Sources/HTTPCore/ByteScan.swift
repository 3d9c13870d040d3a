// Searching and comparing runs of bytes, 16 at a time where that pays. Nothing here knows what the bytes mean.

/// Scans over spans of bytes.
@usableFromInline
package enum ByteScan {
    /// The index of the first byte at or behind `start` that is in `set`; `bytes.count` if there is none.
    ///
    /// - Parameter start: 0 or more; from `bytes.count` on the answer is `bytes.count`.
    @inlinable @inline(__always)
    package static func first<Set: ByteClass>(_ set: Set.Type, in bytes: Span<UInt8>, from start: Int) -> Int {
        var index = start
        while index &+ 16 <= bytes.count {
            let match = BlockMatch(set.matches(bytes.block(at: index)))
            if !match.isEmpty { return index &+ match.first }
            index &+= 16
        }
        return index < bytes.count ? firstInTail(set, in: bytes, from: index) : bytes.count
    }

    /// The same for the last 1 to 15 bytes: looks at the last 16 and forgets those before `start`.
    @inlinable @inline(never)
    package static func firstInTail<Set: ByteClass>(_ set: Set.Type, in bytes: Span<UInt8>, from start: Int) -> Int {
        let count = bytes.count
        if count >= 16 {
            var match = BlockMatch(set.matches(bytes.block(at: count &- 16)))
            match.drop(first: 16 &- (count &- start))
            return match.isEmpty ? count : count &- 16 &+ match.first
        }
        var index = start
        while index < count, !set.contains(bytes[index]) { index &+= 1 }
        return index
    }

    /// Whether `byte` may stand in a token (RFC 9110 section 5.6.2).
    @inlinable @inline(__always)
    package static func isToken(_ byte: UInt8) -> Bool {
        // One bit per byte of US-ASCII: "!#$%&'*+-." and digits below 64; letters and "^_`|~" above.
        let bits: UInt64 = byte < 64 ? 0x03FF_6CFA_0000_0000 : 0x57FF_FFFF_C7FF_FFFE
        return byte < 128 && bits &>> UInt64(byte & 63) & 1 != 0
    }

    /// Whether `bytes` is a token: not empty, nothing but token characters.
    package static func isToken(_ bytes: Span<UInt8>) -> Bool {
        for index in bytes.indices where !isToken(bytes[index]) { return false }
        return !bytes.isEmpty
    }

    /// Whether `bytes` are `text`, letters A to Z being the same in either case.
    ///
    /// - Parameter text: in lower case, nothing but US-ASCII.
    @inlinable
    package static func equals(_ bytes: Span<UInt8>, lowercase text: StaticString) -> Bool {
        equalsIgnoringCase(bytes, text.bytes)
    }

    /// Whether `a` and `b` are the same bytes, letters A to Z being the same in either case.
    @inlinable
    package static func equalsIgnoringCase(_ a: Span<UInt8>, _ b: Span<UInt8>) -> Bool {
        guard a.count == b.count else { return false }
        for index in a.indices where lowercased(a[index]) != lowercased(b[index]) { return false }
        return true
    }

    /// Whether `a` and `b` are the same bytes.
    @inlinable
    package static func equals(_ a: Span<UInt8>, _ b: Span<UInt8>) -> Bool {
        guard a.count == b.count else { return false }
        guard a.count >= 8 else {
            for index in a.indices where a[index] != b[index] { return false }
            return true
        }
        // Eight at a time; the last eight may overlap those before.
        let last = a.count &- 8
        var index = 0
        while index < last {
            if a.word(at: index) != b.word(at: index) { return false }
            index &+= 8
        }
        return a.word(at: last) == b.word(at: last)
    }

    /// `byte` with A to Z made a to z, all others as they are.
    @inlinable @inline(__always)
    package static func lowercased(_ byte: UInt8) -> UInt8 {
        byte &- 0x41 < 26 ? byte | 0x20 : byte
    }

    /// `slice` without the spaces and tabs at either end (OWS, RFC 9110 section 5.6.3).
    @inlinable @inline(__always)
    package static func trimmed(_ bytes: Span<UInt8>, from start: Int, to end: Int) -> ByteRange {
        var start = start
        var end = end
        while start < end, isBlank(bytes[start]) { start &+= 1 }
        while start < end, isBlank(bytes[end &- 1]) { end &-= 1 }
        return ByteRange(from: start, to: end)
    }

    /// Whether `byte` is a space or a tab.
    @inlinable @inline(__always)
    package static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
}

extension StaticString {
    /// The text's UTF-8 bytes, which last as long as the program.
    @safe @inlinable @inline(__always)
    package var bytes: Span<UInt8> {
        @_lifetime(immortal)
        get {
            let start = unsafe UnsafeBufferPointer(start: utf8Start, count: utf8CodeUnitCount)
            return unsafe _overrideLifetime(Span(_unsafeElements: start), copying: ())
        }
    }
}
