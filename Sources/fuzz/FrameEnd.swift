// A machine of HTTP/2 with what a driver has around it. All that it tells is checked.

import MartletHTTP2
import MartletHTTPCore

/// What bytes meant, with bytes in place of positions; pieces of content that follow each other are one.
enum FrameSeen: Equatable {
    case headers(UInt32, isNew: Bool, end: Bool, block: [UInt8])
    case discardedHeaders([UInt8])
    case data(UInt32, [UInt8], end: Bool)
    case reset(UInt32, HTTP2ErrorCode, HTTP2Fault?)
    case unprocessed(UInt32)
    case windowOpened
    case settings
    case goAway(HTTP2ErrorCode)
    case failed(HTTP2Fault)
}

/// One end of a connection.
final class FrameEnd {
    var machine: HTTP2Connection
    var now: UInt64 = 1000
    /// What came and is not dealt with.
    private var pending: [UInt8] = []

    init(_ role: HTTP2Role, _ limits: HTTP2Limits) {
        machine = HTTP2Connection(role: role, limits: limits, now: now)
        machine.start()
    }

    /// Takes bytes in; `act` is told of each event, with the bytes that it is about.
    func open(
        _ bytes: [UInt8], _ act: (HTTP2Event, [UInt8]) throws(Violation) -> Void
    ) throws(Violation) {
        pending += bytes
        var position = 0
        var still = 0
        while true {
            let before = position
            let event = machine.next(in: pending.span, from: &position, now: now)
            try require(before <= position && position <= pending.count, "the position is inside, and never goes back")
            still = position == before ? still + 1 : 0
            try require(still <= machine.places + 3, "what is offered again is less each time")
            try checkBounds()
            if event == .needsMore { break }
            try act(event, about(event))
            if case .failed = event { return pending.removeAll() }
        }
        pending.removeFirst(position)
        try require(pending.count < machine.limits.maxFrame + FrameHeader.size, "no more waits than a frame")
    }

    private func checkBounds() throws(Violation) {
        try require(machine.streamCount <= machine.limits.maxStreams, "streams have a bound")
        try require(machine.outputCount <= machine.limits.outputBytes + 200, "output has a bound")
        try require(machine.places <= 4096 && machine.streamCount <= machine.places, "places have a bound")
    }

    /// The field block or the content that an event is about.
    private func about(_ event: HTTP2Event) -> [UInt8] {
        switch event {
        case .headers(_, _, _, .received(let range)), .discardedHeaders(.received(let range), _),
            .data(_, let range, _):
            Array(pending[range.range])
        case .headers(_, _, _, .gathered), .discardedHeaders(.gathered, _): gatheredBlock(of: machine)
        case .needsMore, .handled, .reset, .unprocessed, .windowOpened, .settings, .goAway, .failed: []
        }
    }

    /// What the machine wants to be sent, which is gone then.
    func takeOutput() -> [UInt8] {
        let bytes = outputBytes(of: machine)
        machine.clearOutput()
        return bytes
    }
}

private func gatheredBlock(of machine: borrowing HTTP2Connection) -> [UInt8] { array(machine.gatheredBlock) }

private func outputBytes(of machine: borrowing HTTP2Connection) -> [UInt8] { array(machine.output) }
