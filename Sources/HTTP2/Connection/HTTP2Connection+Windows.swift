// WINDOW_UPDATE (RFC 9113 section 6.9), and priorities (RFC 9218): what decides on who may send.

import MartletHTTPCore

extension HTTP2Connection {
    /// WINDOW_UPDATE. Each brings us no further than what we send in the window.
    mutating func receiveWindowUpdate(_ header: FrameHeader, _ payload: Span<UInt8>) -> HTTP2Event {
        guard payload.count == 4 else { return fail(.windowUpdateSize) }
        guard countIdle() else { return fail(.tooManyIdleFrames) }
        let increment = Int(payload.number31(at: 0))
        if header.stream == 0 { return openConnection(increment) }
        let place = streams.find(header.stream)
        if place >= 0 { return openStream(place, increment) }
        switch StreamRules.verdict(.windowUpdate, in: state(of: header.stream)) {
        case .take, .ignore: return .handled
        case .reset(let fault), .fail(let fault): return fail(fault)
        }
    }

    private mutating func openConnection(_ increment: Int) -> HTTP2Event {
        if increment == 0 { return fail(.zeroIncrement) }
        let before = sendWindow
        guard before + increment <= HTTP2Window.most else { return fail(.connectionWindowOverflow) }
        sendWindow = before + increment
        return before <= 0 && order.hasContent ? .windowOpened : .handled
    }

    private mutating func openStream(_ place: Int, _ increment: Int) -> HTTP2Event {
        if increment == 0 { return breakStream(streams[place].number, .zeroStreamIncrement) }
        let before = Int(streams[place].sendWindow)
        guard before + increment <= HTTP2Window.most else {
            return breakStream(streams[place].number, .streamWindowOverflow)
        }
        streams[place].sendWindow = Int32(truncatingIfNeeded: before + increment)
        guard before <= 0, streams[place].readiness == .content else { return .handled }
        relist(place)
        return sendWindow > 0 && streams[place].listed != .none ? .windowOpened : .handled
    }

    /// PRIORITY, which is checked and means nothing (section 5.3.2).
    mutating func receivePriority(_ header: FrameHeader, _ payload: Span<UInt8>) -> HTTP2Event {
        if header.stream == 0 { return fail(.priorityOnConnection) }
        guard payload.count == 5 else { return breakStream(header.stream, .prioritySize) }
        if payload.number31(at: 0) == header.stream { return breakStream(header.stream, .selfDependency) }
        return countIdle() ? .handled : fail(.tooManyIdleFrames)
    }

    /// PRIORITY_UPDATE (RFC 9218 section 7.1).
    mutating func receivePriorityUpdate(_ header: FrameHeader, _ payload: Span<UInt8>) -> HTTP2Event {
        if role == .client { return fail(.priorityUpdateFromServer) }
        if header.stream != 0 { return fail(.priorityUpdateOnStream) }
        guard payload.count >= 4 else { return fail(.priorityUpdateSize) }
        let number = payload.number31(at: 0)
        if number & 1 == 0 { return fail(.priorityUpdateTarget) }
        guard countIdle() else { return fail(.tooManyIdleFrames) }
        hasPriorities = true
        let priority = StreamPriority(field: payload.extracting(4..<payload.count))
        let place = streams.find(number)
        if place >= 0 {
            prioritize(place, priority, isUpdate: true)
        } else if number > closed.highest {
            early.keep(number, priority)
        }
        return .handled
    }

    /// What the client's Priority field says of a stream, in a server. PRIORITY_UPDATE counts more, whenever it came.
    package mutating func setPriority(_ place: Int32, _ priority: StreamPriority) {
        hasPriorities = true
        let index = streams.place(of: place)
        if index < 0 || streams[index].flags.contains(.isReprioritized) { return }
        prioritize(index, priority, isUpdate: false)
    }

    mutating func prioritize(_ place: Int, _ priority: StreamPriority, isUpdate: Bool) {
        if isUpdate { streams[place].flags.insert(.isReprioritized) }
        order.remove(place, in: &streams)
        streams[place].urgency = priority.urgency
        if priority.incremental {
            streams[place].flags.insert(.incremental)
        } else {
            streams[place].flags.remove(.incremental)
        }
        relist(place)
    }
}
