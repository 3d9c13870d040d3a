// One of two machines that talk, with what it says on each stream.

import MartletHTTP2
import MartletHTTPCore

/// A message each way on one stream.
struct PairApp {
    var place: Int32
    var number: UInt32 = 0
    /// What is still to be sent.
    var isHeadSent = false
    var left: Int
    var offset = 0
    var isSent = false
    /// What has come.
    var hasHead = false
    var received = 0
    var unconsumed = 0
    var isReceived = false
    /// It was reset, by one side or the other.
    var isGone = false

    /// Both have said all.
    var isWhole: Bool { isSent && isReceived && !isGone }
}

final class PairEnd {
    let end: FrameEnd
    private let role: HTTP2Role
    /// What is under way to the other.
    private(set) var sent: [UInt8] = []
    private(set) var apps: [PairApp] = []
    /// Bytes that the other was told it may send on the connection.
    private var credited = 65_535
    /// Bytes of content that were sent.
    private var contentBytes = 0

    init(_ role: HTTP2Role, _ limits: HTTP2Limits) {
        self.role = role
        end = FrameEnd(role, limits)
    }

    var isQuiet: Bool {
        sent.isEmpty && end.machine.outputCount == 0 && end.machine.nextToSend() == nil
            && apps.allSatisfy { $0.unconsumed == 0 || $0.isGone }
    }

    /// All that the other sent has come and been consumed: at least half of the window is open, and not more than all.
    func checkWindow(of other: PairEnd) throws(Violation) {
        let limits = end.machine.limits
        let window = credited - other.contentBytes
        let most = max(limits.connectionWindow, limits.maxConnectionWindow)
        try require(window <= most, "no more is credited than came: \(window)")
        try require(window > limits.connectionWindow / 2, "what came is credited: \(window)")
    }

    /// Begins a stream, if there can be another.
    func request(_ random: inout Randomness) {
        guard let place = end.machine.open() else { return }
        begin(place, &random)
    }

    private func begin(_ place: Int32, _ random: inout Randomness) {
        end.machine.setTag(place, UInt32(apps.count))
        let size = random.pick([0, 1, random.below(300), random.below(3000), random.below(30_000)])
        let isLarge = random.oneIn(20)
        apps.append(PairApp(place: place, number: end.machine.number(of: place), left: isLarge ? size * 20 : size))
        end.machine.setReady(place, .frames)
    }

    /// Content that can be told from any other.
    private static func content(_ role: HTTP2Role, _ number: UInt32, from start: Int, count: Int) -> [UInt8] {
        let salt = Int(number) * (role == .client ? 7 : 13)
        return (start..<start + count).map { UInt8(truncatingIfNeeded: salt + $0 &+ $0 >> 8) }
    }

    /// Sends what the machine says, and what has its turn.
    func flush(turns: Int, _ random: inout Randomness) throws(Violation) {
        let output = end.takeOutput()
        credited += WireFrames.windowUpdates(output).reduce(0, +)
        sent += output
        for _ in 0..<turns {
            guard let place = end.machine.nextToSend() else { return }
            let index = Int(end.machine.tag(place))
            if !apps[index].isHeadSent {
                sendHead(place, index, &random)
            } else if apps[index].left > 0 {
                try sendContent(place, index, &random)
            } else {
                sendEnd(place, index, isTrailers: random.oneIn(2))
            }
        }
    }

    private func sendHead(_ place: Int32, _ index: Int, _ random: inout Randomness) {
        let isLast = apps[index].left == 0 && random.oneIn(2)
        sendBlock(place, random.oneIn(10) ? random.below(60_000) : random.below(100), isLast)
        apps[index].number = end.machine.number(of: place)
        apps[index].isHeadSent = true
        finish(place, index, isLast)
    }

    private func sendBlock(_ place: Int32, _ size: Int, _ isLast: Bool) {
        var frames = end.machine.headerFrames(place, blockBytes: size, endStream: isLast)
        while let frame = frames.next() {
            append(frame.header)
            sent += [UInt8](repeating: 0x55, count: Int(frame.range.count))
        }
    }

    private func sendContent(_ place: Int32, _ index: Int, _ random: inout Randomness) throws(Violation) {
        let allowed = end.machine.allowance(place)
        try require(allowed > 0, "whose turn it is may send")
        let count = min(allowed, apps[index].left, 1 + random.below(30_000))
        let isLast = count == apps[index].left && random.oneIn(2)
        append(end.machine.dataFrame(place, count, endStream: isLast))
        sent += Self.content(role, apps[index].number, from: apps[index].offset, count: count)
        end.machine.sentData(place, count, endStream: isLast)
        contentBytes += count
        apps[index].left -= count
        apps[index].offset += count
        if isLast { apps[index].isSent = true } else { setReady(place, index) }
    }

    private func sendEnd(_ place: Int32, _ index: Int, isTrailers: Bool) {
        if isTrailers {
            sendBlock(place, 5, true)
            finish(place, index, true)
        } else {
            append(end.machine.dataFrame(place, 0, endStream: true))
            end.machine.sentData(place, 0, endStream: true)
            apps[index].isSent = true
        }
    }

    private func finish(_ place: Int32, _ index: Int, _ isLast: Bool) {
        end.machine.sentHeaders(place, endStream: isLast)
        if isLast { apps[index].isSent = true } else { setReady(place, index) }
    }

    private func setReady(_ place: Int32, _ index: Int) {
        end.machine.setReady(place, apps[index].left > 0 ? .content : .frames)
    }

    private func append(_ header: FrameHeader) {
        let bytes = header.bytes
        for index in 0..<FrameHeader.size { sent.append(bytes[index]) }
    }

    /// Lets the other have the next `count` bytes.
    func deliver(to other: PairEnd, _ count: Int, _ random: inout Randomness) throws(Violation) {
        var start = 0
        for cut in random.cuts(count) {
            let piece = Array(sent[start..<cut])
            start = cut
            var local = random
            try other.end.open(piece) { (event, about) throws(Violation) in try other.take(event, about, &local) }
            random = local
        }
        sent.removeFirst(count)
    }

    private func take(_ event: HTTP2Event, _ about: [UInt8], _ random: inout Randomness) throws(Violation) {
        switch event {
        case .needsMore, .handled, .windowOpened, .settings, .goAway, .discardedHeaders: return
        case .headers(let place, let isNew, let isLast, _):
            if isNew, role == .server { begin(place, &random) }
            try takeHead(Int(end.machine.tag(place)), isNew, isLast)
        case .data(let place, _, let isLast): try takeContent(Int(end.machine.tag(place)), about, isLast)
        case .reset(let place, _, let fault):
            try require(fault == nil, "nobody breaks a rule: \(String(describing: fault))")
            apps[Int(end.machine.tag(place))].isGone = true
        case .unprocessed(let place): apps[Int(end.machine.tag(place))].isGone = true
        case .failed(let fault): throw Violation(property: "nobody breaks a rule, as \(fault)")
        }
    }

    private func takeHead(_ index: Int, _ isNew: Bool, _ isLast: Bool) throws(Violation) {
        try require(isNew != apps[index].hasHead && !apps[index].isReceived, "the head comes first, and once")
        try require(isNew || isLast, "trailers are the end")
        apps[index].hasHead = true
        if role == .client { end.machine.receivedFinalHead(apps[index].place) }
        apps[index].isReceived = isLast
    }

    private func takeContent(_ index: Int, _ content: [UInt8], _ isLast: Bool) throws(Violation) {
        let app = apps[index]
        let other: HTTP2Role = role == .client ? .server : .client
        let expected = Self.content(other, app.number, from: app.received, count: content.count)
        try require(content == expected && app.hasHead && !app.isReceived, "content comes as it was sent")
        apps[index].received += content.count
        apps[index].unconsumed += content.count
        apps[index].isReceived = isLast
    }

    /// Consumes some of what came on a stream; whether there was any.
    @discardableResult
    func consume(_ random: inout Randomness) throws(Violation) -> Bool {
        let some = apps.indices.filter { apps[$0].unconsumed > 0 && !apps[$0].isGone }
        guard !some.isEmpty else { return false }
        let index = random.pick(some)
        try require(end.machine.isOpen(apps[index].place), "content stays until it is consumed")
        let count = random.oneIn(2) ? apps[index].unconsumed : random.below(apps[index].unconsumed + 1)
        end.machine.consumed(apps[index].place, count, now: end.now)
        apps[index].unconsumed -= count
        return true
    }

    /// Gives a stream up.
    func reset(_ random: inout Randomness) {
        let some = apps.indices.filter { !apps[$0].isGone && end.machine.isOpen(apps[$0].place) }
        guard !some.isEmpty else { return }
        let index = random.pick(some)
        end.machine.reset(apps[index].place, random.pick([.cancel, .noError, .refusedStream]))
        apps[index].isGone = true
    }

    /// Gives a stream another priority.
    func prioritize(_ random: inout Randomness) {
        guard !apps.isEmpty else { return }
        let priority = StreamPriority(urgency: UInt8(random.below(8)), incremental: random.oneIn(2))
        end.machine.setPriority(random.pick(apps).place, priority)
    }
}
