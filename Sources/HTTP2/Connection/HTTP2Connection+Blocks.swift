// Field blocks: HEADERS and CONTINUATION (RFC 9113 sections 6.2 and 6.10), and the streams that begin with them.

import MartletHTTPCore

extension HTTP2Connection {
    /// HEADERS.
    ///
    /// - Parameter start: where the payload stands in the received bytes.
    mutating func receiveHeaders(_ header: FrameHeader, _ payload: Span<UInt8>, at start: Int) -> HTTP2Event {
        if header.stream == 0 { return fail(.headersOnConnection) }
        var (first, end) = (0, payload.count)
        if header.flags.contains(.padded) {
            guard end > 0 else { return fail(.payloadTooShort) }
            let padding = Int(payload[0])
            guard padding < end else { return fail(.paddingTooLong) }
            (first, end) = (1, end - padding)
        }
        var isSelfDependent = false
        if header.flags.contains(.priority) {
            guard payload.count - first >= 5 else { return fail(.payloadTooShort) }
            guard end - first >= 5 else { return fail(.paddingTooLong) }
            isSelfDependent = payload.number31(at: first) == header.stream
            first += 5
        }
        guard end - first <= limits.blockBytes else { return fail(.blockTooLarge) }
        if !header.flags.contains(.endHeaders) {
            block.begin(header, isSelfDependent: isSelfDependent, now: clock)
            return gather(payload.extracting(first..<end))
        }
        let location = BlockLocation.received(ByteRange(from: start + first, to: start + end))
        let blockEnd = BlockEnd(
            number: header.stream, endStream: header.flags.contains(.endStream), isSelfDependent: isSelfDependent,
            location: location)
        return receiveBlock(blockEnd)
    }

    /// CONTINUATION.
    mutating func receiveContinuation(_ header: FrameHeader, _ payload: Span<UInt8>) -> HTTP2Event {
        guard block.isOpen else { return fail(.unexpectedContinuation) }
        block.countFrame()
        guard block.frames <= limits.continuations else { return fail(.tooManyContinuations) }
        let event = gather(payload)
        guard header.flags.contains(.endHeaders), event == .handled else { return event }
        let blockEnd = BlockEnd(
            number: block.stream, endStream: block.endStream, isSelfDependent: block.isSelfDependent,
            location: .gathered)
        block.end()
        attention.insert(.gatheredBlock)
        return receiveBlock(blockEnd)
    }

    private mutating func gather(_ fragment: Span<UInt8>) -> HTTP2Event {
        block.append(fragment, most: limits.blockBytes) ? .handled : fail(.blockTooLarge)
    }

    /// A field block is whole.
    @inline(__always)
    private mutating func receiveBlock(_ end: BlockEnd) -> HTTP2Event {
        // Most blocks begin a stream.
        if role == .server, end.number > closed.highest, end.number & 1 == 1 { return begin(end) }
        let place = streams.find(end.number)
        if place < 0 { return receiveStrayBlock(end) }
        if let fault = fault(of: end, place) {
            // The block has to be decoded first.
            brokenStream = (end.number, fault)
            attention.insert(.brokenStream)
            return .discardedHeaders(block: end.location, refusal: nil)
        }
        return take(end, place)
    }

    @inline(__always)
    private mutating func take(_ end: BlockEnd, _ place: Int) -> HTTP2Event {
        let isNew = !streams[place].flags.contains(.hasHead)
        streams[place].flags.insert(role == .server ? [.hasHead, .hasFinalHead] : .hasHead)
        let handle = streams[place].handle
        idleFrames.forgive(quarters: 8)
        if end.endStream { endRemote(place) }
        return .headers(place: handle, isNew: isNew, endStream: end.endStream, block: end.location)
    }

    /// What is wrong with a block for a stream that lives.
    private func fault(of end: BlockEnd, _ place: Int) -> HTTP2Fault? {
        let flags = streams[place].flags
        if flags.contains(.remoteEnded) { return .frameAfterEnd }
        if end.isSelfDependent { return .selfDependency }
        if !flags.contains(.hasFinalHead) { return nil }
        if !end.endStream { return .trailersWithoutEnd }
        return streams[place].expected > 0 ? .contentTooShort : nil
    }

    /// A block for a stream that does not live.
    private mutating func receiveStrayBlock(_ end: BlockEnd) -> HTTP2Event {
        let number = end.number
        switch StreamRules.verdict(.headers, in: state(of: number)) {
        case .take: return fail(role == .server ? .evenStream : .frameOnIdleStream)
        case .fail(let fault): return fail(fault)
        case .ignore:
            guard countIdle() else { return fail(.tooManyIdleFrames) }
        case .reset(let fault):
            guard refuse(number, fault) else { return fail(.tooManyResets) }
        }
        return .discardedHeaders(block: end.location, refusal: nil)
    }

    /// A client begins a stream (section 5.1.1).
    private mutating func begin(_ end: BlockEnd) -> HTTP2Event {
        let number = end.number
        closed.begin(number)
        var refusal: HTTP2Fault?
        if number > ending.last {
            // It was sent before our GOAWAY was read, and is not answered (section 6.8).
            closed.end(number, .resetHere)
            guard countIdle() else { return fail(.tooManyIdleFrames) }
        } else if end.isSelfDependent {
            refusal = .selfDependency
        } else if streamCount >= limits.maxStreams || !streams.hasRoom {
            refusal = .tooManyStreams
        } else {
            let place = makeStream()
            streams[place].number = number
            streams.enter(place)
            if !early.isEmpty, let priority = early.take(number) { prioritize(place, priority, isUpdate: true) }
            return take(end, place)
        }
        if let refusal, !refuse(number, refusal) { return fail(.tooManyResets) }
        return .discardedHeaders(block: end.location, refusal: refusal)
    }

    /// Resets a stream that does not live. False if that happens too often. A client that does not know yet how many
    /// streams it may have is not blamed for too many; a server, which could go on with it, is.
    mutating func refuse(_ number: UInt32, _ fault: HTTP2Fault) -> Bool {
        control.reset(number, fault.code)
        ending.isQuiet = false
        closed.end(number, .resetHere)
        if role == .client || fault == .tooManyStreams && !isAcknowledged { return countIdle() }
        return countReset()
    }
}

/// A field block that is whole.
private struct BlockEnd: BitwiseCopyable {
    var number: UInt32
    var endStream: Bool
    /// The stream depends on itself (RFC 7540 section 5.3.1).
    var isSelfDependent: Bool
    var location: BlockLocation
}
