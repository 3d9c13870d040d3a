// Where a WebSocket is between two frames. Pure.

/// Follows the frames of one direction of a WebSocket (RFC 6455 section 5.2), as far as it takes to know where they end: only
/// there can a frame be put in. What is in them is not looked at.
struct FrameBoundary: BitwiseCopyable {
    /// What the next byte is.
    private enum Phase: UInt8 {
        /// The first of a frame.
        case start
        /// The second, which has the short length.
        case length
        /// One of a longer length.
        case longLength
        /// The masking key, or payload.
        case payload
    }

    private var phase = Phase.start
    private var isMasked = false
    /// Bytes of a longer length that are still to come.
    private var lengthBytes: UInt8 = 0
    /// Bytes of the frame that are still to come; while a longer length is read, the length so far.
    private var remaining: UInt64 = 0
    /// A Close frame has begun: no other frame comes behind it (section 5.5.1).
    private var hasClosed = false

    private static var closeOpcode: UInt8 { 8 }
    private static var keyBytes: UInt64 { 4 }

    init() {}

    /// Whether a frame may be put in here.
    var isOpen: Bool { phase == .start && !hasClosed }

    /// Goes on by the bytes that pass.
    mutating func pass(_ bytes: Span<UInt8>) {
        var index = 0
        while index < bytes.count {
            if phase == .payload {
                index += passPayload(atMost: bytes.count - index)
            } else {
                passHead(bytes[index])
                index += 1
            }
        }
    }

    private mutating func passPayload(atMost limit: Int) -> Int {
        let count = min(remaining, UInt64(limit))
        remaining -= count
        if remaining == 0 { phase = .start }
        return Int(count)
    }

    private mutating func passHead(_ byte: UInt8) {
        switch phase {
        case .start:
            if byte & 0x0F == Self.closeOpcode { hasClosed = true }
            phase = .length
        case .length:
            isMasked = byte & 0x80 != 0
            passLength(byte & 0x7F)
        case .longLength:
            remaining = remaining << 8 | UInt64(byte)
            lengthBytes -= 1
            if lengthBytes == 0 { beginPayload(remaining) }
        case .payload: return
        }
    }

    private mutating func passLength(_ length: UInt8) {
        if length < 126 { return beginPayload(UInt64(length)) }
        lengthBytes = length == 126 ? 2 : 8
        remaining = 0
        phase = .longLength
    }

    private mutating func beginPayload(_ length: UInt64) {
        // Of the longest lengths, which are not allowed, nobody gets to the end.
        remaining = min(length, .max - Self.keyBytes) + (isMasked ? Self.keyBytes : 0)
        phase = remaining == 0 ? .start : .payload
    }
}
