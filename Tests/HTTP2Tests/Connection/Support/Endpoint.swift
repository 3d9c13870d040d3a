// A machine with what a driver has around it: bytes that wait, and a clock. Events name streams by their numbers.

import MartletHTTP2
import MartletHTTPCore

/// What a machine told of the bytes that came, with bytes in place of positions. What was only handled is left out, and
/// pieces of content that follow each other are one.
enum Seen: Equatable {
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
final class Endpoint {
    var machine: HTTP2Connection
    var now: UInt64 = 1_000_000
    /// Bytes that came and are not dealt with.
    private(set) var pending: [UInt8] = []

    /// A machine that has said what it says first.
    init(_ role: HTTP2Role, _ change: (inout HTTP2Limits) -> Void = { _ in }) {
        var limits = HTTP2Limits()
        change(&limits)
        machine = HTTP2Connection(role: role, limits: limits, now: now)
        machine.start()
    }

    /// A machine whose settings are known to the peer, and that knows the peer's. Nothing waits in its output.
    static func settled(
        _ role: HTTP2Role = .server, peer: [(SettingNumber, UInt32)] = [],
        _ change: (inout HTTP2Limits) -> Void = { _ in }
    ) -> Endpoint {
        let endpoint = Endpoint(role, change)
        let first = role == .server ? Wire.preface : []
        let seen = endpoint.receive(first + Wire.settings(peer) + Wire.settingsAck)
        precondition(seen == [.settings])
        _ = endpoint.sent()
        return endpoint
    }

    /// Takes bytes in, and tells what they mean.
    @discardableResult
    func receive(_ bytes: [UInt8]) -> [Seen] {
        pending += bytes
        var seen: [Seen] = []
        var position = 0
        while true {
            let before = position
            let event = machine.next(in: pending.span, from: &position, now: now)
            precondition(
                position >= before && position <= pending.count, "the position is inside, and does not go back")
            if event == .needsMore { break }
            if let one = describe(event) { Self.add(one, to: &seen) }
            if case .failed = event { break }
        }
        pending.removeFirst(position)
        return seen
    }

    /// The frames that the machine wants to be sent, which are gone then.
    func sent() -> [SentFrame] {
        let bytes = output()
        return SentFrame.all(in: Array(bytes.starts(with: Wire.preface) ? bytes.dropFirst(24) : bytes[...]))
    }

    /// The same as bytes.
    func output() -> [UInt8] {
        let bytes = outputBytes(of: machine)
        machine.clearOutput()
        return bytes
    }

    /// The handle of the stream that has this number.
    func place(_ number: UInt32) -> Int32 {
        for index in 0..<machine.places {
            if let place = machine.stream(at: index), machine.number(of: place) == number { return place }
        }
        return -1
    }

    var isFinished: Bool { machine.isFinished }
    var isEnding: Bool { machine.isEnding }
    var canOpen: Bool { machine.canOpen }

    func isWindowClosed(_ number: UInt32) -> Bool { machine.isWindowClosed(place(number)) }

    /// Bytes of the block that was put together last, if it is still there.
    var gatheredBytes: Int { gatheredBlock(of: machine).count }

    /// The highest number of a stream that there is, 0 for none.
    var highest: UInt32 {
        (0..<machine.places).compactMap { machine.stream(at: $0) }.map { machine.number(of: $0) }.max() ?? 0
    }

    private func describe(_ event: HTTP2Event) -> Seen? {
        switch event {
        case .needsMore, .handled: return nil
        case .headers(let place, let isNew, let end, let block):
            // The number is the tag, as it is asked for when the stream is gone.
            if isNew, machine.isOpen(place) { machine.setTag(place, machine.number(of: place)) }
            return .headers(machine.tag(place), isNew: isNew, end: end, block: bytes(of: block))
        case .discardedHeaders(let block, _): return .discardedHeaders(bytes(of: block))
        case .data(let place, let range, let end):
            return .data(machine.tag(place), Array(pending[range.range]), end: end)
        case .reset(let place, let code, let fault): return .reset(machine.tag(place), code, fault)
        case .unprocessed(let place): return .unprocessed(machine.tag(place))
        case .windowOpened: return .windowOpened
        case .settings: return .settings
        case .goAway(let code): return .goAway(code)
        case .failed(let fault): return .failed(fault)
        }
    }

    private func bytes(of block: BlockLocation) -> [UInt8] {
        switch block {
        case .received(let range): return Array(pending[range.range])
        case .gathered: return gatheredBlock(of: machine)
        }
    }

    static func add(_ one: Seen, to seen: inout [Seen]) {
        if case .data(let number, let front, false) = seen.last, case .data(number, let back, let end) = one {
            seen[seen.count - 1] = .data(number, front + back, end: end)
        } else {
            seen.append(one)
        }
    }
}

extension Endpoint {
    /// Begins a stream in a client and sends its head; its number.
    @discardableResult
    func request(end: Bool = true) -> UInt32 {
        guard let place = machine.open() else { return 0 }
        _ = machine.headerFrames(place, blockBytes: 1, endStream: end)
        machine.setTag(place, machine.number(of: place))
        let number = machine.number(of: place)
        machine.sentHeaders(place, endStream: end)
        return number
    }

    /// Lets the client's stream have its response's head.
    func expectContent(_ number: UInt32) { machine.receivedFinalHead(place(number)) }

    /// Sends as much as may be, in the machine's order, until nothing has its turn: whose turn it was, and how many bytes.
    func sendAll(upTo bytes: Int) -> [(UInt32, Int)] {
        var turns: [(UInt32, Int)] = []
        while let place = machine.nextToSend(), turns.count < bytes {
            let count = min(machine.allowance(place), bytes)
            turns.append((machine.number(of: place), count))
            machine.sentData(place, count, endStream: false)
        }
        return turns
    }
}

private func gatheredBlock(of machine: borrowing HTTP2Connection) -> [UInt8] { array(machine.gatheredBlock) }

private func outputBytes(of machine: borrowing HTTP2Connection) -> [UInt8] { array(machine.output) }

func array(_ span: Span<UInt8>) -> [UInt8] {
    span.indices.map { span[$0] }
}
