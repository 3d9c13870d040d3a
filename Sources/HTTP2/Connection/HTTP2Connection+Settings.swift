// SETTINGS, ours and the peer's (RFC 9113 section 6.5).

import MartletHTTPCore

extension HTTP2Connection {
    /// Writes our SETTINGS.
    mutating func writeSettings() {
        let isServer = role == .server
        control.settings(count: isServer && !limits.enablesConnect ? 6 : 7 - (isServer ? 0 : 1))
        control.setting(.headerTableSize, UInt32(limits.headerTableBytes))
        control.setting(.initialWindowSize, UInt32(limits.streamWindow))
        control.setting(.maxFrameSize, UInt32(limits.maxFrame))
        control.setting(.maxHeaderListSize, UInt32(limits.headerListBytes))
        control.setting(.noRFC7540Priorities, 1)
        if isServer {
            control.setting(.maxConcurrentStreams, UInt32(limits.maxStreams))
            if limits.enablesConnect { control.setting(.enableConnectProtocol, 1) }
        } else {
            control.setting(.enablePush, 0)
        }
    }

    /// SETTINGS, or their acknowledgement.
    mutating func receiveSettings(_ header: FrameHeader, _ payload: Span<UInt8>) -> HTTP2Event {
        if header.stream != 0 { return fail(.settingsOnStream) }
        if header.flags.contains(.ack) { return payload.isEmpty ? acknowledged() : fail(.settingsAckSize) }
        guard payload.count.isMultiple(of: 6) else { return fail(.settingsSize) }
        guard countIdle() else { return fail(.tooManyIdleFrames) }
        var settings = peer
        settings.smallestHeaderTableBytes = .max
        // What is not said of the number of streams means that there is no bound.
        if !settings.isKnown { settings.maxStreams = .max }
        for offset in stride(from: 0, to: payload.count, by: 6) {
            let number = payload.number16(at: offset)
            if let fault = settings.apply(number, payload.number32(at: offset + 2), to: role) { return fail(fault) }
        }
        settings.smallestHeaderTableBytes = min(settings.smallestHeaderTableBytes, settings.headerTableBytes)
        settings.isKnown = true
        guard moveSendWindows(by: settings.initialWindow - peer.initialWindow) else {
            return fail(.initialWindowOverflow)
        }
        peer = settings
        attention.remove(.firstSettings)
        control.settingsAck()
        return .settings
    }

    /// The peer knows our settings now. What it took for the window of streams until then may have been larger.
    private mutating func acknowledged() -> HTTP2Event {
        if isAcknowledged { return fail(.unexpectedSettingsAck) }
        isAcknowledged = true
        roundTrip = UInt32(min(max(clock &- began, 1), 10_000))
        let excess = HTTP2Window.initial - limits.streamWindow
        guard excess > 0 else { return .handled }
        for place in 0..<streams.places where streams[place].flags.contains(.taken) {
            streams[place].receiveWindow.shrink(excess)
        }
        return .handled
    }

    /// The windows of all streams move with INITIAL_WINDOW_SIZE, also below zero (section 6.9.2). False if one of them
    /// becomes too large.
    private mutating func moveSendWindows(by difference: Int) -> Bool {
        if difference == 0 { return true }
        for place in 0..<streams.places where streams[place].flags.contains(.taken) {
            let window = Int(streams[place].sendWindow) + difference
            guard window <= HTTP2Window.most else { return false }
            streams[place].sendWindow = Int32(truncatingIfNeeded: window)
            relist(place)
        }
        return true
    }

    /// Finds what has not come in time: the acknowledgement of our settings, or the end of a field block. The connection
    /// has failed then, as if `next` had said so.
    ///
    /// - Parameter now: the time in milliseconds.
    package mutating func check(now: UInt64) -> HTTP2Fault? {
        clock = now
        if ending.fault != nil { return nil }
        var fault: HTTP2Fault?
        if !isAcknowledged, now &- began > limits.patience { fault = .settingsTimeout }
        if block.isOpen, now &- block.since > limits.patience { fault = .blockTimeout }
        if let fault { _ = fail(fault) }
        return fault
    }
}

extension PeerSettings {
    /// Takes one setting in (section 6.5.2); unknown ones mean nothing.
    ///
    /// - Parameter role: of the one who receives it.
    mutating func apply(_ number: UInt16, _ value: UInt32, to role: HTTP2Role) -> HTTP2Fault? {
        switch SettingNumber(rawValue: number) {
        case .headerTableSize?:
            headerTableBytes = Int(value)
            smallestHeaderTableBytes = min(smallestHeaderTableBytes, headerTableBytes)
        case .enablePush?:
            return value == 0 || value == 1 && role == .server ? nil : .badEnablePush
        case .maxConcurrentStreams?:
            maxStreams = Int(value)
        case .initialWindowSize?:
            guard value <= UInt32(HTTP2Window.most) else { return .badInitialWindow }
            initialWindow = Int(value)
        case .maxFrameSize?:
            guard (16_384...0xFF_FFFF).contains(value) else { return .badMaxFrame }
            maxFrame = Int(value)
        case .maxHeaderListSize?:
            headerListBytes = Int(value)
        case .enableConnectProtocol?:
            guard value == 1 || value == 0 && !enablesConnect else { return .badEnableConnect }
            enablesConnect = value == 1
        case .noRFC7540Priorities?:
            let isSame = !isKnown && priorities == nil || priorities ?? 0 == value
            guard value <= 1, isSame else { return .badNoPriorities }
            priorities = value
        case nil: break
        }
        return nil
    }
}
