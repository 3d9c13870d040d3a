// The sets of bytes at which a scan stops. One type per set: a test of one byte and the same test of 16 at a time.

/// A set of bytes that ends a run.
@usableFromInline
package protocol ByteClass {
    /// Whether `byte` is in the set.
    static func contains(_ byte: UInt8) -> Bool
    /// Which of the 16 bytes are in the set.
    static func matches(_ block: SIMD16<UInt8>) -> SIMDMask<SIMD16<Int8>>
}

extension SIMD16<UInt8> {
    /// The same byte 16 times. Spelled out where a comparison with the byte alone would compile, too: the standard
    /// library does that one by one instead of in one instruction.
    @inlinable @inline(__always)
    static func all(_ byte: UInt8) -> SIMD16<UInt8> { SIMD16(repeating: byte) }
}

/// What may not stand in a field value or reason phrase: controls other than HTAB, and DEL (RFC 9110 section 5.5).
@usableFromInline
package enum ValueStop: ByteClass {
    @inlinable @inline(__always)
    package static func contains(_ byte: UInt8) -> Bool {
        (byte < 0x20 && byte != 0x09) || byte == 0x7F
    }

    @inlinable @inline(__always)
    package static func matches(_ block: SIMD16<UInt8>) -> SIMDMask<SIMD16<Int8>> {
        ((block .< .all(0x20)) .& (block .!= .all(0x09))) .| (block .== .all(0x7F))
    }
}

/// What ends the query of a request target: anything but visible US-ASCII, and the "#" of a fragment, which is never
/// sent (RFC 9112 section 3.2).
@usableFromInline
package enum QueryStop: ByteClass {
    @inlinable @inline(__always)
    package static func contains(_ byte: UInt8) -> Bool {
        byte <= 0x20 || byte >= 0x7F || byte == 0x23
    }

    @inlinable @inline(__always)
    package static func matches(_ block: SIMD16<UInt8>) -> SIMDMask<SIMD16<Int8>> {
        // One subtraction brings 0x21...0x7E to 0...0x5D.
        ((block &- .all(0x21)) .>= .all(0x5E)) .| (block .== .all(0x23))
    }
}

/// What ends the path of a request target: what ends its query, and the "?" before that.
@usableFromInline
package enum PathStop: ByteClass {
    @inlinable @inline(__always)
    package static func contains(_ byte: UInt8) -> Bool {
        QueryStop.contains(byte) || byte == 0x3F
    }

    @inlinable @inline(__always)
    package static func matches(_ block: SIMD16<UInt8>) -> SIMDMask<SIMD16<Int8>> {
        QueryStop.matches(block) .| (block .== .all(0x3F))
    }
}

/// Anything but letters, digits and "-": of the bytes allowed in a field name, the ones in use. A scan that stops goes
/// on with `ByteScan.isToken`.
@usableFromInline
package enum PlainNameStop: ByteClass {
    @inlinable @inline(__always)
    package static func contains(_ byte: UInt8) -> Bool {
        !((byte | 0x20) &- 0x61 < 26 || byte &- 0x30 < 10 || byte == 0x2D)
    }

    @inlinable @inline(__always)
    package static func matches(_ block: SIMD16<UInt8>) -> SIMDMask<SIMD16<Int8>> {
        .!((((block | .all(0x20)) &- .all(0x61)) .< .all(26)) .| ((block &- .all(0x30)) .< .all(10))
            .| (block .== .all(0x2D)))
    }
}

/// Anything but small letters, digits and "-": the same for HTTP/2, where names are in lower case (RFC 9113 section 8.2).
@usableFromInline
package enum LowerNameStop: ByteClass {
    @inlinable @inline(__always)
    package static func contains(_ byte: UInt8) -> Bool {
        !(byte &- 0x61 < 26 || byte &- 0x30 < 10 || byte == 0x2D)
    }

    @inlinable @inline(__always)
    package static func matches(_ block: SIMD16<UInt8>) -> SIMDMask<SIMD16<Int8>> {
        .!(((block &- .all(0x61)) .< .all(26)) .| ((block &- .all(0x30)) .< .all(10)) .| (block .== .all(0x2D)))
    }
}

/// Anything but letters, digits, "-" and ".": what ends a plain host name.
@usableFromInline
package enum PlainHostStop: ByteClass {
    @inlinable @inline(__always)
    package static func contains(_ byte: UInt8) -> Bool {
        !((byte | 0x20) &- 0x61 < 26 || byte &- 0x30 < 10 || byte &- 0x2D < 2)
    }

    @inlinable @inline(__always)
    package static func matches(_ block: SIMD16<UInt8>) -> SIMDMask<SIMD16<Int8>> {
        .!((((block | .all(0x20)) &- .all(0x61)) .< .all(26)) .| ((block &- .all(0x30)) .< .all(10))
            .| ((block &- .all(0x2D)) .< .all(2)))
    }
}

/// CR and LF, the two that a line may end with.
@usableFromInline
package enum LineStop: ByteClass {
    @inlinable @inline(__always)
    package static func contains(_ byte: UInt8) -> Bool { byte == 0x0D || byte == 0x0A }

    @inlinable @inline(__always)
    package static func matches(_ block: SIMD16<UInt8>) -> SIMDMask<SIMD16<Int8>> {
        (block .== .all(0x0D)) .| (block .== .all(0x0A))
    }
}
