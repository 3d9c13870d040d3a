// How a connection ends (RFC 9113 sections 5.4.1 and 6.8).

import MartletHTTPCore

/// How far we have come with telling the peer that the connection ends.
enum EndingStage: UInt8, BitwiseCopyable {
    /// It does not end, as far as we are concerned.
    case open
    /// A client is asked whether it has read all that it was sent. Until it answers, nothing else leaves.
    case asking
    /// The client was told. The streams that it has begun until it reads that are taken.
    case announced
    /// The peer was told which streams are taken: there will be no others.
    case final
}

/// What is known of a connection's end.
struct Ending: BitwiseCopyable {
    /// What the PING carries that asks whether a client has read everything: "martlet?".
    static var question: UInt64 { 0x3F74_656C_7472_616D }
    /// What the PING carries by which the end of a drain is recognised: "martlet!".
    static var ping: UInt64 { 0x2174_656C_7472_616D }

    /// The rule whose breach ended the connection.
    var fault: HTTP2Fault?
    var stage = EndingStage.open
    /// There has been no stream for a while: the client has read of the end of the last one.
    var isQuiet = false
    /// The highest number of a stream that is taken: the one that our last GOAWAY named.
    var last: UInt32 = 0x7FFF_FFFF
    /// The peer's GOAWAY: the highest number that it takes, and why.
    var goAwayLast: UInt32?
    var goAwayCode = HTTP2ErrorCode.noError
    /// Where the search for streams that the peer does not take goes on.
    var sweepPlace = 0
}

extension HTTP2Connection {
    /// Ends the connection without disturbing a stream. A server tells the client so, and takes new streams for another
    /// round trip, as they may be under way; a client begins no more.
    ///
    /// Before it tells it, a server asks whether the client has read what it was sent, and sends nothing else meanwhile
    /// (`isAsking`). Many clients make their next request when they read the end of a response, and write it when they
    /// have read all that there is: GOAWAY behind that end would make them drop a request that has not left. With nothing
    /// of the kind in front of it, GOAWAY finds none. A driver calls `announce` when the answer takes too long.
    package mutating func drain() {
        if ending.stage != .open || ending.fault != nil { return }
        if role == .client || ending.isQuiet { return announce() }
        ending.stage = .asking
        control.ping(Ending.question, isAck: false)
        control.hold()
    }

    /// Whether nothing leaves until the client has said that it has read what was sent, or `announce` is called.
    package var isAsking: Bool { ending.stage == .asking }

    /// Ends the connection as `drain` does, without asking, or without waiting for the answer any longer.
    package mutating func announce() {
        if ending.fault != nil { return }
        guard role == .server else { return finish(.noError) }
        switch ending.stage {
        case .open, .asking: break
        case .announced, .final: return
        }
        ending.stage = .announced
        let last = ending.last
        control.release {
            $0.goAway(last: last, .noError)
            $0.ping(Ending.ping, isAck: false)
        }
    }

    /// A PING of ours was answered, or one that never was. Only the answer that a stage waits for means something.
    mutating func receivePong(_ payload: UInt64) {
        switch ending.stage {
        case .open, .final: return
        case .asking: if payload == Ending.question { announce() }
        // The client has read of the end: what it sends from now on is not taken.
        case .announced: if payload == Ending.ping { finish(.noError) }
        }
    }

    /// Ends the connection for new streams, now. Those that there are go on.
    package mutating func finish(_ code: HTTP2ErrorCode) {
        if ending.stage == .final || ending.fault != nil { return }
        ending.stage = .final
        let last = role == .server ? closed.highest : 0
        ending.last = last
        control.release { $0.goAway(last: last, code) }
    }

    /// The connection can be closed when the output is sent: it has failed, or no stream is left and none will come.
    package var isFinished: Bool {
        mutating get {
            ending.fault != nil
                || streamCount == 0
                    && (ending.stage == .final || role == .client && ending.goAwayLast != nil)
        }
    }

    /// No new streams are wanted, or the peer wants none.
    package var isEnding: Bool { ending.stage != .open || ending.goAwayLast != nil || ending.fault != nil }

    /// Ends the connection because of the peer (section 5.4.1). Also for what the driver finds: `compression`.
    @discardableResult
    package mutating func fail(_ fault: HTTP2Fault) -> HTTP2Event {
        if let earlier = ending.fault { return .failed(earlier) }
        ending.fault = fault
        attention.insert(.failure)
        let last = role == .server ? min(closed.highest, ending.last) : 0
        control.release { _ in }
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
