// Frames as they come: from bytes to what handles them.

import MartletHTTPCore

extension HTTP2Connection {
    /// Reads the next frame, or the next piece of a DATA frame, and tells what it means.
    ///
    /// - Parameters:
    ///   - bytes: what has come and was not dealt with. Room for one frame of `limits.maxFrame` is enough.
    ///   - position: where to read; moves behind what is dealt with.
    ///   - now: the time in milliseconds.
    package mutating func next(in bytes: Span<UInt8>, from position: inout Int, now: UInt64) -> HTTP2Event {
        clock = now
        if !attention.isEmpty, let event = attend(bytes, &position) { return event }
        if content.isUnderWay { return receivePiece(bytes, &position) }
        guard bytes.count &- position >= FrameHeader.size else { return .needsMore }
        let header = FrameHeader(reading: bytes, at: position)
        if Int(header.length) > limits.maxFrame { return fail(.frameTooLarge) }
        if control.used > limits.outputBytes { return fail(.outputTooLarge) }
        if block.isOpen, !isContinuation(header) { return fail(.continuationExpected) }
        if header.type == FrameType.data.rawValue { return receiveData(header, bytes, &position) }
        return receiveFrame(header, bytes, &position)
    }

    /// Whether a frame continues the block that is incomplete (RFC 9113 section 6.10).
    private func isContinuation(_ header: FrameHeader) -> Bool {
        header.type == FrameType.continuation.rawValue && header.stream == block.stream
    }

    /// What comes before the next frame; nil if that is next.
    private mutating func attend(_ bytes: Span<UInt8>, _ position: inout Int) -> HTTP2Event? {
        if let fault = ending.fault {
            position = bytes.count
            return .failed(fault)
        }
        if attention.contains(.gatheredBlock) { releaseBlock() }
        if attention.contains(.overdrawn) { return fail(.tooManyResets) }
        if attention.contains(.brokenStream) { return resetBrokenStream() }
        if attention.contains(.sweep) { return sweep() }
        if attention.contains(.preface), let event = receivePreface(bytes, &position) { return event }
        return attention.contains(.firstSettings) ? checkFirst(bytes, position) : nil
    }

    /// Reads the client's preface (RFC 9113 section 3.4); nil when it is whole.
    private mutating func receivePreface(_ bytes: Span<UInt8>, _ position: inout Int) -> HTTP2Event? {
        let text = HTTP2Preface.text.bytes
        while prefaceBytes < HTTP2Preface.size {
            guard position < bytes.count else { return .needsMore }
            guard bytes[position] == text[prefaceBytes] else { return fail(.badPreface) }
            position += 1
            prefaceBytes += 1
        }
        attention.remove(.preface)
        return nil
    }

    /// The first frame is SETTINGS, and no acknowledgement (section 3.4).
    private mutating func checkFirst(_ bytes: Span<UInt8>, _ position: Int) -> HTTP2Event? {
        guard bytes.count - position >= FrameHeader.size else { return .needsMore }
        let header = FrameHeader(reading: bytes, at: position)
        let isSettings = header.type == FrameType.settings.rawValue && !header.flags.contains(.ack)
        return isSettings ? nil : fail(.settingsMissing)
    }

    /// A frame other than DATA, which is dealt with when it is whole.
    private mutating func receiveFrame(
        _ header: FrameHeader, _ bytes: Span<UInt8>, _ position: inout Int
    ) -> HTTP2Event {
        let start = position &+ FrameHeader.size
        guard let type = FrameType(rawValue: header.type) else {
            position = start
            return readOver(header, bytes, &position)
        }
        let end = start &+ Int(header.length)
        guard end <= bytes.count else {
            return isMisshapen(type, header) ? fail(.settingsSize) : .needsMore
        }
        position = end
        let payload = bytes.extracting(start..<end)
        switch type {
        case .data, .pushPromise: return fail(.pushPromise)
        case .headers: return receiveHeaders(header, payload, at: start)
        case .priority: return receivePriority(header, payload)
        case .resetStream: return receiveReset(header, payload)
        case .settings: return receiveSettings(header, payload)
        case .ping: return receivePing(header, payload)
        case .goAway: return receiveGoAway(header, payload)
        case .windowUpdate: return receiveWindowUpdate(header, payload)
        case .continuation: return receiveContinuation(header, payload)
        case .priorityUpdate: return receivePriorityUpdate(header, payload)
        }
    }

    /// SETTINGS whose size is wrong, which is told before the rest comes: a peer may have counted wrong, and be done.
    private func isMisshapen(_ type: FrameType, _ header: FrameHeader) -> Bool {
        type == .settings && header.stream == 0 && !header.flags.contains(.ack) && header.length % 6 != 0
    }

    /// A frame of an unknown type (section 5.5).
    private mutating func readOver(
        _ header: FrameHeader, _ bytes: Span<UInt8>, _ position: inout Int
    ) -> HTTP2Event {
        guard countIdle() else { return fail(.tooManyIdleFrames) }
        content.skip = Int(header.length)
        return receivePiece(bytes, &position)
    }

    /// PING (section 6.7).
    private mutating func receivePing(_ header: FrameHeader, _ payload: Span<UInt8>) -> HTTP2Event {
        if header.stream != 0 { return fail(.pingOnStream) }
        guard payload.count == 8 else { return fail(.pingSize) }
        guard countIdle() else { return fail(.tooManyIdleFrames) }
        if !header.flags.contains(.ack) {
            control.ping(payload.word(at: 0), isAck: true)
        } else {
            receivePong(payload.word(at: 0))
        }
        return .handled
    }

    // MARK: Bounds

    /// A frame came that brings nothing forward. False if there are too many.
    mutating func countIdle() -> Bool { idleFrames.add(now: clock) }

    /// A stream was reset because of the peer. False if there are too many. Only a client can do that without end: a
    /// server has no more streams to reset than we open.
    mutating func countReset() -> Bool { role == .client || resets.add(now: clock) }
}
