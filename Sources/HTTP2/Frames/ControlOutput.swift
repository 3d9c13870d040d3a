// The frames that a machine sends of itself, in the order in which they have to leave.

import MartletHTTPCore

/// Whole frames of a few bytes each, waiting to be sent. Memory is taken when there is something, and given back by
/// `trim`.
@usableFromInline
struct ControlOutput: ~Copyable {
    @usableFromInline var storage = ByteStore(count: 0)
    /// Bytes that wait, those that are held back as well.
    @usableFromInline var used = 0
    /// How many of them may leave; `Int.max` while nothing is held back.
    @usableFromInline var open = Int.max

    /// Bytes that wait and may leave.
    @inlinable @inline(__always)
    var count: Int { min(used, open) }

    /// What waits and may leave.
    @inlinable @inline(__always)
    var bytes: Span<UInt8> {
        @_lifetime(borrow self)
        get { storage.span(first: count) }
    }

    /// Everything that may leave was sent.
    @inlinable @inline(__always)
    mutating func removeAll() {
        if open == .max { used = 0 } else { removeOpen() }
    }

    @usableFromInline
    mutating func removeOpen() {
        let held = used &- count
        storage.move(from: count, to: 0, count: held)
        used = held
        open = 0
    }

    // MARK: Holding back

    /// What is written from now on does not leave before `release`.
    mutating func hold() { open = used }

    /// Holds nothing back any more. What `write` writes leaves before all that was held back.
    mutating func release(behind write: (inout ControlOutput) -> Void) {
        let (start, held) = (count, used &- count)
        var rest = ByteStore(count: held)
        rest.copy(storage.span(first: used), from: start, count: held, to: 0)
        used = start
        open = .max
        write(&self)
        reserve(held)
        storage.copy(rest.span(first: held), from: 0, count: held, to: used)
        used &+= held
    }

    // MARK: Frames

    /// Gives the memory back if nothing waits.
    mutating func trim() {
        if used == 0, storage.count > 0 { storage = ByteStore(count: 0) }
    }

    /// The client's connection preface.
    mutating func preface() {
        reserve(HTTP2Preface.size)
        storage.copy(HTTP2Preface.text.bytes, from: 0, count: HTTP2Preface.size, to: used)
        used += HTTP2Preface.size
    }

    /// SETTINGS with `count` settings, each of which has to follow by `setting`.
    mutating func settings(count: Int) {
        begin(FrameHeader(.settings, stream: 0, length: count * 6))
    }

    /// One setting (RFC 9113 section 6.5.1).
    mutating func setting(_ setting: SettingNumber, _ value: UInt32) {
        reserve(6)
        number(UInt32(setting.rawValue) << 16, bytes: 2)
        number(value, bytes: 4)
    }

    /// SETTINGS that acknowledges.
    mutating func settingsAck() {
        begin(FrameHeader(.settings, .ack, stream: 0, length: 0))
    }

    /// PING, or the answer to one, with the same eight bytes, the first of them lowest.
    mutating func ping(_ payload: UInt64, isAck: Bool) {
        begin(FrameHeader(.ping, isAck ? .ack : [], stream: 0, length: 8))
        storage.store(payload, at: used)
        used &+= 8
    }

    /// GOAWAY without debug data.
    mutating func goAway(last: UInt32, _ code: HTTP2ErrorCode) {
        begin(FrameHeader(.goAway, stream: 0, length: 8))
        number(last, bytes: 4)
        number(code.rawValue, bytes: 4)
    }

    /// RST_STREAM.
    mutating func reset(_ stream: UInt32, _ code: HTTP2ErrorCode) {
        begin(FrameHeader(.resetStream, stream: stream, length: 4))
        number(code.rawValue, bytes: 4)
    }

    /// WINDOW_UPDATE.
    mutating func windowUpdate(_ stream: UInt32, _ increment: UInt32) {
        begin(FrameHeader(.windowUpdate, stream: stream, length: 4))
        number(increment, bytes: 4)
    }

    /// Writes a frame header, and makes room for the payload.
    private mutating func begin(_ header: FrameHeader) {
        reserve(FrameHeader.size &+ Int(header.length))
        storage.store(header.front, at: used)
        storage[used &+ 8] = header.back
        used &+= FrameHeader.size
    }

    /// Writes the highest `bytes` bytes of `number`, for which there is room.
    private mutating func number(_ number: UInt32, bytes: Int) {
        storage.store(UInt64(number.byteSwapped), at: used)
        used &+= bytes
    }

    /// Makes room for `count` bytes, and for the rest of a word behind them: numbers are stored as whole words.
    private mutating func reserve(_ count: Int) {
        let needed = used &+ count &+ 8
        if needed <= storage.count { return }
        var larger = ByteStore(count: max(needed, storage.count * 2, 120))
        larger.copy(storage.span(first: used), from: 0, count: used, to: 0)
        storage = larger
    }
}
