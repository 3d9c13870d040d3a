// The address of a peer as 128 bits. What it means and how it compares lives here; reading and writing text stand
// beside it.

/// An IPv4 or IPv6 address. IPv4 is held as the IPv6 address that maps it (`::ffff:a.b.c.d`, RFC 4291 section
/// 2.5.5.2), so that a client is the same whether it came in over an IPv4 or a dual-stack listener.
@frozen
package struct IPAddress: Sendable, BitwiseCopyable {
    /// The upper 64 bits; the first byte on the wire is the most significant.
    package let hi: UInt64
    /// The lower 64 bits.
    package let lo: UInt64

    /// The address of these 128 bits.
    @inlinable
    package init(hi: UInt64, lo: UInt64) {
        self.hi = hi
        self.lo = lo
    }

    /// The IPv4 address of these 32 bits; `0x7F00_0001` is 127.0.0.1.
    @inlinable
    package init(v4: UInt32) {
        hi = 0
        lo = 0xFFFF_0000_0000 | UInt64(v4)
    }

    /// Whether it is an IPv4 address.
    @inlinable
    package var isIPv4: Bool { hi == 0 && lo >> 32 == 0xFFFF }

    /// Whether it is one by which a machine reaches itself (RFC 1122 section 3.2.1.3, RFC 4291 section 2.5.3).
    package var isLoopback: Bool { isIPv4 ? lo >> 24 & 0xFF == 127 : hi == 0 && lo == 1 }

    /// The 32 bits of an IPv4 address; meaningless for IPv6.
    @inlinable
    package var v4: UInt32 { UInt32(truncatingIfNeeded: lo) }

    /// All bits as one number, for comparing ranges.
    @inlinable
    package var bits: UInt128 { UInt128(hi) << 64 | UInt128(lo) }

    /// The address of these bits.
    @inlinable
    package init(bits: UInt128) {
        hi = UInt64(truncatingIfNeeded: bits >> 64)
        lo = UInt64(truncatingIfNeeded: bits)
    }

    /// The group of 16 bits at `index`, 0...7 from the left.
    @inlinable
    package func group(_ index: Int) -> UInt16 {
        UInt16(truncatingIfNeeded: (index < 4 ? hi : lo) >> UInt64(48 - 16 * (index & 3)))
    }
}

extension IPAddress: Hashable {
    /// Whether both are the same address.
    @inlinable
    package static func == (left: IPAddress, right: IPAddress) -> Bool { left.hi == right.hi && left.lo == right.lo }

    /// Feeds all 128 bits.
    @inlinable
    package func hash(into hasher: inout Hasher) {
        hasher.combine(hi)
        hasher.combine(lo)
    }
}
