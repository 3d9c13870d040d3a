// A message as HTTP/1 text, on its way into frames: where its head, its content and its trailers stand in the bytes.
import MartletHTTPCore

/// What comes next of a message that is being sent.
package enum OutgoingPart: Equatable, BitwiseCopyable, Sendable {
    /// A head.
    case head
    /// Bytes of content at this range.
    case content(ByteRange)
    /// A trailer section at this range, with the blank line behind it; the message ends with it.
    case trailers(ByteRange)
    /// More bytes are needed. What stands from `position` on is to be offered again with more behind it.
    case needsMore
    /// The message has ended.
    case end
}

/// Finds the parts of a message that was composed for HTTP/1.1 (RFC 9112 sections 6 and 7). What it reads was written by
/// this proxy: it is not checked as something from outside would be, but nothing that stands in it can make it trap.
package struct OutgoingMessage: BitwiseCopyable, Sendable {
    enum Phase: UInt8, BitwiseCopyable, Sendable {
        case head
        /// Content, `remaining` bytes.
        case length
        /// Content to the end of the stream.
        case untilEnd
        /// In a line with a chunk's size.
        case size
        /// Content, `remaining` bytes of a chunk.
        case data
        /// CR LF behind a chunk's data, `remaining` bytes of it.
        case dataEnd
        case trailers
        case complete
    }

    private var phase = Phase.head
    private var remaining: UInt64 = 0

    /// A message of which nothing has been sent.
    package init() {}

    /// Whether a head comes next, the first one or one behind an interim response.
    package var expectsHead: Bool { phase == .head }
    /// Whether the whole message has been sent, its last trailers as well.
    package var isComplete: Bool { phase == .complete }

    /// Whether content comes next for certain, which the peer's windows must allow.
    package var needsWindow: Bool {
        switch phase {
        case .length, .untilEnd, .data: true
        case .head, .size, .dataEnd, .trailers, .complete: false
        }
    }

    /// The final head has been sent.
    /// - Parameter framing: of the content behind it. `untilClose` is until whoever sends it says so.
    package mutating func headSent(_ framing: ContentFraming) {
        switch framing {
        case .none, .length(0): phase = .complete
        case .length(let length):
            phase = .length
            remaining = length
        case .chunked:
            phase = .size
            remaining = 0
        case .untilClose: phase = .untilEnd
        }
    }

    /// The end was said by whoever sends it.
    package mutating func end() { phase = .complete }

    /// The next part in `bytes` from `position` on, which moves over framing but not over what the part says.
    package mutating func next(in bytes: Span<UInt8>, from position: inout Int) -> OutgoingPart {
        while true {
            switch phase {
            case .head: return position < bytes.count ? .head : .needsMore
            case .complete: return .end
            case .untilEnd:
                return position < bytes.count ? .content(ByteRange(from: position, to: bytes.count)) : .needsMore
            case .length, .data:
                if position == bytes.count { return .needsMore }
                let count = Int(min(remaining, UInt64(bytes.count - position)))
                return .content(ByteRange(from: position, to: position + count))
            case .size:
                if !readSize(bytes, &position) { return .needsMore }
            case .dataEnd:
                let count = min(Int(remaining), bytes.count - position)
                position += count
                remaining -= UInt64(count)
                if remaining > 0 { return .needsMore }
                phase = .size
            case .trailers: return trailers(bytes, &position)
            }
        }
    }

    /// `count` bytes of content have been sent, and what follows them in `bytes` stands at `position`. When that is nothing
    /// but the end of the message, it is moved over, and the message is complete.
    package mutating func contentSent(_ count: Int, in bytes: Span<UInt8>, at position: inout Int) {
        if phase == .untilEnd { return }
        remaining -= min(remaining, UInt64(count))
        if remaining > 0 { return }
        if phase == .length {
            phase = .complete
        } else {
            phase = .dataEnd
            remaining = 2
            endWithLastChunk(bytes, &position)
        }
    }

    /// The trailer section has been sent.
    package mutating func trailersSent() { phase = .complete }

    /// Reads on in a size line; whether it has ended.
    private mutating func readSize(_ bytes: Span<UInt8>, _ position: inout Int) -> Bool {
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            if byte == 0x0A {
                phase = remaining == 0 ? .trailers : .data
                return true
            }
            if let digit = Self.value(ofHex: byte) { remaining = remaining << 4 | UInt64(digit) }
        }
        return false
    }

    private static func value(ofHex byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x37
        case 0x61...0x66: byte - 0x57
        default: nil
        }
    }

    /// When nothing follows but the last chunk, without trailers, the message ends with the content before it.
    private mutating func endWithLastChunk(_ bytes: Span<UInt8>, _ position: inout Int) {
        let last: StaticString = "\r\n0\r\n\r\n"
        if bytes.count - position != last.utf8CodeUnitCount { return }
        if !ByteScan.equals(bytes.extracting(position..<bytes.count), last.bytes) { return }
        position = bytes.count
        phase = .complete
    }

    /// A trailer section that is all there.
    private mutating func trailers(_ bytes: Span<UInt8>, _ position: inout Int) -> OutgoingPart {
        let rest = bytes.count - position
        if rest < 2 { return .needsMore }
        if bytes[position] == 0x0D && bytes[position + 1] == 0x0A {
            position += 2
            phase = .complete
            return .end
        }
        var index = position
        while index + 3 < bytes.count {
            if bytes[index] == 0x0D && bytes[index + 1] == 0x0A && bytes[index + 2] == 0x0D && bytes[index + 3] == 0x0A
            {
                return .trailers(ByteRange(from: position, to: index + 4))
            }
            index += 1
        }
        return .needsMore
    }
}
