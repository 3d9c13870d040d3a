// DATA (RFC 9113 section 6.1), and what is credited for it.

import MartletHTTPCore

/// A payload that is handed on, or read over, as it comes.
struct ContentProgress: BitwiseCopyable {
    /// The stream that content is for.
    var handle: Int32 = -1
    /// Bytes of content that are still to come.
    var left = 0
    /// Bytes behind them that mean nothing: padding, or content that nobody wants.
    var skip = 0
    /// The stream ends with the content, which is still to be told.
    var ends = false

    @inline(__always)
    var isUnderWay: Bool { left | skip != 0 || ends }

    /// Nobody wants the content any more.
    mutating func discard() {
        skip += left
        left = 0
        ends = false
    }
}

extension HTTP2Connection {
    /// DATA, of which no more than the header has to be there.
    mutating func receiveData(_ header: FrameHeader, _ bytes: Span<UInt8>, _ position: inout Int) -> HTTP2Event {
        if header.stream == 0 { return fail(.dataOnConnection) }
        let length = Int(header.length)
        var start = position &+ FrameHeader.size
        var padding = 0
        if header.flags.contains(.padded) {
            guard length > 0 else { return fail(.payloadTooShort) }
            guard start < bytes.count else { return .needsMore }
            // The byte that says how long the padding is counts as padding.
            padding = Int(bytes[start]) &+ 1
            guard padding <= length else { return fail(.paddingTooLong) }
            start &+= 1
        }
        guard receiveWindow.take(length) else { return fail(.connectionWindowExceeded) }
        position = start
        let ends = header.flags.contains(.endStream)
        let size = length &- padding
        if !ends, size < padding || size == 0 {
            guard countIdle() else { return fail(.tooManyIdleFrames) }
        }
        let place = streams.find(header.stream)
        if place < 0 { return refuseStray(header, read: min(padding, 1)) }
        if let fault = take(header, size, place) {
            readOver(length, read: min(padding, 1))
            return breakStream(header.stream, fault)
        }
        content = ContentProgress(handle: streams[place].handle, left: size, skip: max(padding &- 1, 0), ends: ends)
        if padding > 0 { credit(padding, place) }
        return receivePiece(bytes, &position)
    }

    /// Counts a DATA frame for its stream, unless something is wrong with it.
    ///
    /// - Parameter size: bytes of content.
    @inline(__always)
    private mutating func take(_ header: FrameHeader, _ size: Int, _ place: Int) -> HTTP2Fault? {
        let flags = streams[place].flags
        if flags.contains(.remoteEnded) { return .frameAfterEnd }
        if !flags.contains(.hasFinalHead) { return .dataBeforeHead }
        let expected = streams[place].expected
        if expected >= 0 {
            if Int64(size) > expected { return .contentTooLong }
            if header.flags.contains(.endStream), Int64(size) < expected { return .contentTooShort }
            streams[place].expected = expected &- Int64(size)
        }
        if !streams[place].receiveWindow.take(Int(header.length)) { return .streamWindowExceeded }
        streams[place].unconsumed &+= Int32(truncatingIfNeeded: size)
        idleFrames.forgive(quarters: UInt32(truncatingIfNeeded: size &>> 10))
        return nil
    }

    /// A DATA frame for a stream that does not live.
    private mutating func refuseStray(_ header: FrameHeader, read: Int) -> HTTP2Event {
        let length = Int(header.length)
        readOver(length, read: read)
        switch StreamRules.verdict(.data, in: state(of: header.stream)) {
        case .take, .ignore: return length >= 256 || countIdle() ? .handled : fail(.tooManyIdleFrames)
        case .reset(let fault): return breakStream(header.stream, fault)
        case .fail(let fault): return fail(fault)
        }
    }

    /// A DATA frame of `length` bytes means nothing, is read over from its byte `read` on, and credited at once.
    private mutating func readOver(_ length: Int, read: Int) {
        content = ContentProgress(skip: length - read)
        creditConnection(length)
    }

    /// Hands on what has come of a payload.
    mutating func receivePiece(_ bytes: Span<UInt8>, _ position: inout Int) -> HTTP2Event {
        let available = bytes.count &- position
        if content.left > 0 || content.ends {
            let count = min(content.left, available)
            if count == 0, content.left > 0 { return .needsMore }
            content.left &-= count
            let range = ByteRange(from: position, to: position &+ count)
            position &+= count
            let handle = content.handle
            let ends = content.ends && content.left == 0
            if ends {
                content.ends = false
                endRemote(streams.place(of: handle))
            }
            return .data(place: handle, range: range, endStream: ends)
        }
        let count = min(content.skip, available)
        content.skip &-= count
        position &+= count
        return content.skip == 0 ? .handled : .needsMore
    }

    /// Content of a stream was passed on or dropped: the peer may send as much again. Does nothing for a stream that is
    /// gone, whose content was credited when it went.
    ///
    /// - Parameters:
    ///   - count: in bytes, no more than came and was not consumed; traps otherwise.
    ///   - now: the time in milliseconds.
    package mutating func consumed(_ place: Int32, _ count: Int, now: UInt64) {
        let index = streams.place(of: place)
        if index < 0 || ending.fault != nil { return }
        clock = now
        precondition(count >= 0 && count <= Int(streams[index].unconsumed), "more consumed than came")
        streams[index].unconsumed &-= Int32(truncatingIfNeeded: count)
        credit(count, index)
        if streams[index].unconsumed == 0, streams[index].flags.contains(.over) { streams.remove(index) }
    }

    /// Opens both windows again; a stream's only while its peer has more to send than it may.
    mutating func credit(_ count: Int, _ place: Int) {
        creditConnection(count)
        if streams[place].flags.contains(.remoteEnded) { return }
        let increment = streams[place].receiveWindow.give(
            count, expected: streams[place].expected, now: clock, roundTrip: roundTrip, most: limits.maxStreamWindow)
        if increment > 0 { control.windowUpdate(streams[place].number, increment) }
    }

    /// Opens the connection's window again.
    mutating func creditConnection(_ count: Int) {
        let increment = receiveWindow.give(
            count, now: clock, roundTrip: roundTrip, most: limits.maxConnectionWindow)
        if increment > 0 { control.windowUpdate(0, increment) }
    }
}
