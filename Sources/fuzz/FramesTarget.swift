// Frames, or what may be taken for some: pieces do not matter, bounds hold, and windows are kept to the byte.

import MartletHTTP2
import MartletHTTPCore

enum FramesTarget: FuzzTarget {
    static let name = "frames"
    static let seeds: [[UInt8]] = [
        [0, 0, 0, 0], [3, 4, 0, 40, 0, 0, 0, 200, 0, 1, 0, 10], [3, 4, 2, 40, 3, 0, 2, 10, 13, 4, 2, 10, 3, 5, 3, 9],
        [8, 0, 0, 3, 10, 0, 0, 8, 12, 0, 0, 200, 12, 0, 100, 9, 6, 0, 1, 5, 14, 0, 0, 3],
        [3, 5, 0, 8, 7, 0, 0, 4, 4, 5, 1, 8, 7, 0, 1, 4, 3, 4, 2, 90, 0, 9, 2, 90, 1, 8, 2, 255, 11, 0, 0, 0],
        [0, 0, 8, 6, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8], [0, 0, 1, 1, 5, 0, 0, 0, 1, 0x82],
        [0, 0, 4, 8, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 4, 1, 0, 0, 0, 0, 0, 0, 5, 0, 0, 0, 0, 1, 1, 2, 3, 4, 5],
    ]

    static func check(_ input: [UInt8], _ random: inout Randomness) throws(Violation) -> Bool {
        let role = random.pick(HTTP2Role.allCases)
        let more = (0..<random.below(600)).map { _ in UInt8(random.below(256)) }
        let frames = random.oneIn(4) ? input : FrameBytes.frames(input + more, to: role, &random)
        let bytes = beginning(role, &random) + frames
        var limits = HTTP2Limits()
        limits.maxStreams = random.oneIn(2) ? 4 : 128
        limits.streamWindow = random.oneIn(2) ? 10_000 : 100_000
        limits.connectionWindow = random.oneIn(2) ? 65_535 : 1 << 20
        if random.oneIn(2) { limits.maxConnectionWindow = limits.connectionWindow }
        let whole = FramesRun(role, limits)
        try whole.open(bytes, cuts: [bytes.count])
        let pieces = FramesRun(role, limits)
        try pieces.open(bytes, cuts: random.cuts(bytes.count))
        try require(whole.seen == pieces.seen, "in pieces as at once: \(whole.seen), not \(pieces.seen)")
        try require(whole.output == pieces.output, "the same is answered")
        if whole.failure == nil { try whole.checkWindow(bytes) }
        return whole.failure == nil
    }

    /// Mostly what has to come first.
    private static func beginning(_ role: HTTP2Role, _ random: inout Randomness) -> [UInt8] {
        let preface = role == .server && !random.oneIn(50) ? array(HTTP2Preface.text.bytes) : []
        return preface + (random.oneIn(50) ? [] : [0, 0, 0, 4, 0, 0, 0, 0, 0])
    }
}

/// A machine that is sent bytes, and does with each stream what its number says.
private final class FramesRun {
    private let end: FrameEnd
    private(set) var seen: [FrameSeen] = []
    private(set) var output: [UInt8] = []
    private(set) var failure: HTTP2Fault?
    private let limits: HTTP2Limits

    init(_ role: HTTP2Role, _ limits: HTTP2Limits) {
        self.limits = limits
        end = FrameEnd(role, limits)
        guard role == .client else { return }
        for index in 0..<4 { open(endStream: index % 2 == 0) }
    }

    private func open(endStream: Bool) {
        guard let place = end.machine.open() else { return }
        _ = end.machine.headerFrames(place, blockBytes: 1, endStream: endStream)
        end.machine.setTag(place, end.machine.number(of: place))
        end.machine.sentHeaders(place, endStream: endStream)
        if !endStream { end.machine.setReady(place, .content) }
    }

    func open(_ bytes: [UInt8], cuts: [Int]) throws(Violation) {
        var start = 0
        for cut in cuts {
            try end.open(Array(bytes[start..<cut])) { (event, about) throws(Violation) in try act(event, about) }
            start = cut
            if failure != nil { break }
        }
        output += end.takeOutput()
    }

    private func act(_ event: HTTP2Event, _ about: [UInt8]) throws(Violation) {
        switch event {
        case .needsMore, .handled: break
        case .headers(let place, let isNew, let end, _): begin(place, isNew, end, about)
        case .discardedHeaders: seen.append(.discardedHeaders(about))
        case .data(let place, _, let end): add(self.end.machine.tag(place), about, end)
        case .reset(let place, let code, let fault): seen.append(.reset(end.machine.tag(place), code, fault))
        case .unprocessed(let place): seen.append(.unprocessed(end.machine.tag(place)))
        case .windowOpened:
            seen.append(.windowOpened)
            try require(end.machine.nextToSend() != nil, "a window that opens lets something pass")
        case .settings: seen.append(.settings)
        case .goAway(let code): seen.append(.goAway(code))
        case .failed(let fault):
            seen.append(.failed(fault))
            failure = fault
        }
    }

    private func begin(_ place: Int32, _ isNew: Bool, _ isLast: Bool, _ block: [UInt8]) {
        if isNew, end.machine.isOpen(place) { end.machine.setTag(place, end.machine.number(of: place)) }
        let number = end.machine.tag(place)
        seen.append(.headers(number, isNew: isNew, end: isLast, block: block))
        guard end.machine.isOpen(place) else { return }
        if end.machine.role == .client { return end.machine.receivedFinalHead(place) }
        guard isNew else { return }
        switch number % 16 {
        case 1: end.machine.sentHeaders(place, endStream: true)
        case 3: end.machine.reset(place, .cancel)
        case 5: end.machine.setReady(place, .content)
        case 7: end.machine.setContentLength(place, 300)
        case 9: end.machine.reset(place, .protocolError)
        default: break
        }
    }

    private func add(_ number: UInt32, _ content: [UInt8], _ isLast: Bool) {
        if case .data(number, let front, false)? = seen.last {
            seen[seen.count - 1] = .data(number, front + content, end: isLast)
        } else {
            seen.append(.data(number, content, end: isLast))
        }
    }

    /// What the peer may still send on the connection, by what passed over the wire, is neither below zero nor too large.
    func checkWindow(_ bytes: [UInt8]) throws(Violation) {
        var window = 65_535
        let skipped = end.machine.role == .server ? 24 : 0
        for frame in WireFrames.headers(Array(bytes.dropFirst(skipped))) where frame.type == 0 {
            window -= Int(frame.length)
        }
        window += WireFrames.windowUpdates(output).reduce(0, +)
        try require(window >= 0 && window <= 0x7FFF_FFFF, "the connection's window is \(window)")
        try require(window <= limits.maxConnectionWindow, "it is no larger than it may become")
    }
}
