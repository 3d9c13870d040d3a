// How streams begin and end (RFC 9113 section 5.1).

import MartletHTTPCore

extension HTTP2Connection {
    /// Takes a place for a stream that has no number yet; there is room.
    mutating func makeStream() -> Int {
        let place = streams.insert()
        ending.isQuiet = false
        let believed = isAcknowledged ? limits.streamWindow : max(limits.streamWindow, HTTP2Window.initial)
        streams[place].receiveWindow = ReceiveWindow(size: limits.streamWindow, available: believed, now: clock)
        streams[place].sendWindow = Int32(truncatingIfNeeded: peer.initialWindow)
        if !hasPriorities { streams[place].flags.insert(.incremental) }
        streamCount += 1
        return place
    }

    /// What a stream is, as far as the peer's frames are concerned.
    func state(of number: UInt32) -> StreamState {
        let place = streams.find(number)
        if place >= 0 { return streams[place].state }
        if number & 1 == 0 || number > closed.highest { return .idle }
        switch closed.end(of: number) {
        case .skipped?: return .skipped
        case .ended?: return .ended
        case .resetByPeer?: return .resetByPeer
        case .resetHere?: return .resetHere
        case nil: return .forgotten
        }
    }

    /// The peer has said all.
    mutating func endRemote(_ place: Int) {
        streams[place].flags.insert(.remoteEnded)
        if streams[place].flags.contains(.localEnded) { finish(place) }
    }

    /// We have said all.
    mutating func endLocal(_ place: Int) {
        streams[place].flags.insert(.localEnded)
        streams[place].readiness = .nothing
        relist(place)
        if streams[place].flags.contains(.remoteEnded) { finish(place) }
    }

    /// Both have said all. The place stays until the content has been consumed.
    private mutating func finish(_ place: Int) {
        closed.end(streams[place].number, .ended)
        streams.leave(place)
        streamCount -= 1
        resets.forgive(quarters: 1)
        if streams[place].unconsumed == 0 {
            streams.remove(place)
        } else {
            streams[place].flags.insert(.over)
        }
    }

    /// Takes a stream out that has not ended as it should. What of its content was not consumed is credited: nobody will
    /// do it later.
    mutating func abort(_ place: Int, _ end: StreamEnd) {
        if content.isUnderWay, content.handle == streams[place].handle { content.discard() }
        order.remove(place, in: &streams)
        if !streams[place].flags.contains(.over) {
            streamCount -= 1
            if streams[place].number != 0 {
                closed.end(streams[place].number, end)
                streams.leave(place)
            }
        }
        let unconsumed = Int(streams[place].unconsumed)
        streams.remove(place)
        if unconsumed > 0, ending.fault == nil { creditConnection(unconsumed) }
    }

    /// The peer broke a rule that concerns one stream, which may be gone already (section 5.4.2).
    mutating func breakStream(_ number: UInt32, _ fault: HTTP2Fault) -> HTTP2Event {
        let place = streams.find(number)
        if place < 0, state(of: number) == .idle { return fail(fault) }
        if place < 0 { return refuse(number, fault) ? .handled : fail(.tooManyResets) }
        control.reset(number, fault.code)
        guard countReset() else { return fail(.tooManyResets) }
        let handle = streams[place].handle
        abort(place, .resetHere)
        return .reset(place: handle, code: fault.code, fault: fault)
    }

    /// Resets the stream whose field block was handed out to be decoded, unless it has gone in the meantime.
    mutating func resetBrokenStream() -> HTTP2Event {
        attention.remove(.brokenStream)
        if streams.find(brokenStream.number) < 0 { return .handled }
        return breakStream(brokenStream.number, brokenStream.fault)
    }

    /// RST_STREAM (section 6.4).
    mutating func receiveReset(_ header: FrameHeader, _ payload: Span<UInt8>) -> HTTP2Event {
        if header.stream == 0 { return fail(.resetOnConnection) }
        guard payload.count == 4 else { return fail(.resetSize) }
        switch StreamRules.verdict(.reset, in: state(of: header.stream)) {
        case .ignore: return countIdle() ? .handled : fail(.tooManyIdleFrames)
        case .fail(let fault), .reset(let fault): return fail(fault)
        case .take: break
        }
        guard countReset() else { return fail(.tooManyResets) }
        let code = HTTP2ErrorCode(rawValue: payload.number32(at: 0))
        let place = streams.find(header.stream)
        let handle = streams[place].handle
        abort(place, .resetByPeer)
        if role == .client, code == .refusedStream { return .unprocessed(place: handle) }
        return .reset(place: handle, code: code, fault: nil)
    }
}
