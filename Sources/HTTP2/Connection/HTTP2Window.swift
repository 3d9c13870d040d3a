// Flow control (RFC 9113 section 5.2): what the peer may still send, and when it is told that it may send more.

/// What all windows have in common.
enum HTTP2Window {
    /// The largest window, in bytes (RFC 9113 section 6.9.1).
    static var most: Int { 0x7FFF_FFFF }
    /// The window of a connection, and of streams before SETTINGS, in bytes (section 6.9.2).
    static var initial: Int { 65_535 }
}

/// A window for what is received. It opens again when content has been consumed, half of it at a time, and grows when it
/// is what holds the peer back. What may come, what has come and is not consumed, and what is consumed but not yet
/// announced always add up to its size.
@usableFromInline
struct ReceiveWindow: BitwiseCopyable {
    /// What the peer may still send, in bytes. Below zero while the peer does not know yet that the window is smaller than
    /// the protocol's initial one.
    private(set) var available: Int32
    /// The whole window.
    private(set) var size: Int32
    /// What has been consumed and not been announced.
    private var credit: Int32 = 0
    /// When the peer was last told, in milliseconds modulo 2^32.
    private var updated: UInt32

    /// A window of `size` bytes of which the peer believes that `available` may be sent.
    init(size: Int, available: Int, now: UInt64) {
        self.size = Int32(truncatingIfNeeded: size)
        self.available = Int32(truncatingIfNeeded: available)
        updated = UInt32(truncatingIfNeeded: now)
    }

    /// The peer has sent `count` bytes; false if it may not. `count` is below 2^24.
    @inline(__always)
    mutating func take(_ count: Int) -> Bool {
        let left = Int(available) &- count
        if left < 0, count > 0 { return false }
        available = Int32(truncatingIfNeeded: left)
        return true
    }

    /// `count` bytes that were taken have been consumed. The increment that the peer has to be told, 0 for none yet.
    ///
    /// A peer that is held back by the window sends the half of it in half a round trip; if it has taken no longer than a
    /// whole one, the window is doubled.
    ///
    /// - Parameters:
    ///   - expected: how many bytes are still to come, -1 if unknown. A peer that may send all of them already need not be
    ///     told anything.
    ///   - now: the time in milliseconds.
    ///   - roundTrip: between the peer and here, in milliseconds.
    ///   - most: how far the window may grow, in bytes.
    @inline(__always)
    mutating func give(_ count: Int, expected: Int64 = -1, now: UInt64, roundTrip: UInt32, most: Int) -> UInt32 {
        credit &+= Int32(truncatingIfNeeded: count)
        if credit < max(size / 2, 1) || expected >= 0 && expected <= Int64(available) { return 0 }
        return update(now: now, roundTrip: roundTrip, most: most)
    }

    private mutating func update(now: UInt64, roundTrip: UInt32, most: Int) -> UInt32 {
        let now = UInt32(truncatingIfNeeded: now)
        var increment = Int(credit)
        if now &- updated <= roundTrip, Int(size) < most {
            let larger = min(Int(size) * 2, most)
            increment += larger - Int(size)
            size = Int32(truncatingIfNeeded: larger)
        }
        updated = now
        credit = 0
        available = Int32(truncatingIfNeeded: Int(available) + increment)
        return UInt32(truncatingIfNeeded: increment)
    }

    /// The peer knows now that the window is smaller by `count` bytes than it believed.
    mutating func shrink(_ count: Int) { available = Int32(truncatingIfNeeded: Int(available) - count) }
}
