// How a connection ends (RFC 9113 sections 5.4.1 and 6.8).

import MartletHTTPCore

/// What is known of a connection's end.
struct Ending: BitwiseCopyable {
    /// What the PING carries by which the end of a drain is recognised: "martlet!".
    static var ping: UInt64 { 0x2174_656C_7472_616D }

    /// The rule whose breach ended the connection.
    var fault: HTTP2Fault?
    /// No new streams are wanted.
    var isDraining = false
    /// The highest number of a stream that is taken: the one that our last GOAWAY named.
    var last: UInt32 = 0x7FFF_FFFF
    /// The GOAWAY that says which streams are taken has been sent.
    var isFinal = false
    /// The peer's GOAWAY: the highest number that it takes, and why.
    var goAwayLast: UInt32?
    var goAwayCode = HTTP2ErrorCode.noError
    /// Where the search for streams that the peer does not take goes on.
    var sweepPlace = 0
}

extension HTTP2Connection {
    /// Ends the connection without disturbing a stream. A server tells the client so, and takes new streams for another
    /// round trip, as they may be under way; a client begins no more.
    package mutating func drain() {
        if ending.isDraining || ending.fault != nil { return }
        guard role == .server else { return finish(.noError) }
        ending.isDraining = true
        control.goAway(last: ending.last, .noError)
        control.ping(Ending.ping, isAck: false)
    }

    /// The client has read of the end: what it sends from now on is not taken.
    mutating func finishDraining() {
        if ending.isDraining { finish(.noError) }
    }

    /// Ends the connection for new streams, now. Those that there are go on.
    package mutating func finish(_ code: HTTP2ErrorCode) {
        if ending.isFinal || ending.fault != nil { return }
        ending.isDraining = true
        ending.isFinal = true
        ending.last = role == .server ? closed.highest : 0
        control.goAway(last: ending.last, code)
    }

    /// The connection can be closed when the output is sent: it has failed, or no stream is left and none will come.
    package var isFinished: Bool {
        mutating get {
            ending.fault != nil || streamCount == 0 && (ending.isFinal || role == .client && ending.goAwayLast != nil)
        }
    }

    /// No new streams are wanted, or the peer wants none.
    package var isEnding: Bool { ending.isDraining || ending.goAwayLast != nil || ending.fault != nil }

    /// Ends the connection because of the peer (section 5.4.1). Also for what the driver finds: `compression`.
    @discardableResult
    package mutating func fail(_ fault: HTTP2Fault) -> HTTP2Event {
        if let earlier = ending.fault { return .failed(earlier) }
        ending.fault = fault
        attention.insert(.failure)
        let last = role == .server ? min(closed.highest, ending.last) : 0
        control.goAway(last: last, fault.code)
        return .failed(fault)
    }

    /// GOAWAY (section 6.8).
    mutating func receiveGoAway(_ header: FrameHeader, _ payload: Span<UInt8>) -> HTTP2Event {
        if header.stream != 0 { return fail(.goAwayOnStream) }
        guard payload.count >= 8 else { return fail(.goAwaySize) }
        let last = payload.number31(at: 0)
        if let before = ending.goAwayLast, last > before { return fail(.goAwayIncreased) }
        guard countIdle() else { return fail(.tooManyIdleFrames) }
        ending.goAwayLast = last
        ending.goAwayCode = HTTP2ErrorCode(rawValue: payload.number32(at: 4))
        ending.sweepPlace = 0
        if role == .server { return .goAway(ending.goAwayCode) }
        attention.insert(.sweep)
        return sweep()
    }

    /// Gives up the next stream that the server does not take, or that it does not know of yet.
    mutating func sweep() -> HTTP2Event {
        while ending.sweepPlace < streams.places {
            let place = ending.sweepPlace
            ending.sweepPlace += 1
            let number = streams[place].number
            let isTaken = streams[place].flags.contains(.taken) && !streams[place].flags.contains(.over)
            if isTaken, number == 0 || number > ending.goAwayLast ?? 0 {
                let handle = streams[place].handle
                abort(place, .resetByPeer)
                return .unprocessed(place: handle)
            }
        }
        attention.remove(.sweep)
        return .goAway(ending.goAwayCode)
    }
}
