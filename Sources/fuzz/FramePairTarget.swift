// Two machines of HTTP/2 that talk: both keep the rules, and what one says the other hears.

import MartletHTTP2
import MartletHTTPCore

enum FramePairTarget: FuzzTarget {
    static let name = "frame-pairs"
    static let seeds: [[UInt8]] = [
        [], [0, 1, 5, 3, 7], [0, 0, 0, 1, 5, 3, 7, 9, 1, 5, 3, 7, 9], [0, 1, 0, 2, 6, 4, 8, 10, 1, 5, 11, 3, 7],
        [0, 1, 3, 5, 7, 12, 1, 3, 5, 7, 0, 9, 9, 9], [UInt8](repeating: 0, count: 40) + [1, 5, 3, 7, 13, 9, 10, 10],
    ]

    /// Each byte is something that happens.
    static func check(_ input: [UInt8], _ random: inout Randomness) throws(Violation) -> Bool {
        let client = PairEnd(.client, limits(&random))
        let server = PairEnd(.server, limits(&random))
        for step in input.prefix(400) {
            client.end.now += 1
            server.end.now += 1
            try perform(step % 15, client, server, &random)
        }
        try finish(client, server, &random)
        return client.apps.contains { $0.isWhole }
    }

    private static func limits(_ random: inout Randomness) -> HTTP2Limits {
        var limits = HTTP2Limits()
        limits.maxStreams = random.pick([1, 3, 128])
        limits.streamWindow = random.pick([200, 20_000, 65_535, 1 << 18])
        limits.connectionWindow = random.pick([65_535, 1 << 20])
        limits.maxStreamWindow = random.pick([0, 1 << 20])
        limits.maxFrame = random.pick([16_384, 50_000])
        limits.blockBytes = 100_000
        // Windows of a few bytes take many frames.
        limits.idleFrames = 50_000
        return limits
    }

    private static func perform(
        _ step: UInt8, _ client: PairEnd, _ server: PairEnd, _ random: inout Randomness
    ) throws(Violation) {
        switch step {
        case 0: client.request(&random)
        case 1, 2: try client.flush(turns: 1 + random.below(10), &random)
        case 3, 4: try server.flush(turns: 1 + random.below(10), &random)
        case 5, 6: try client.deliver(to: server, client.sent.count - random.below(client.sent.count + 1), &random)
        case 7, 8: try server.deliver(to: client, server.sent.count - random.below(server.sent.count + 1), &random)
        case 9: try (random.oneIn(2) ? client : server).consume(&random)
        case 10: if random.oneIn(4) { (random.oneIn(2) ? client : server).reset(&random) }
        case 11: (random.oneIn(2) ? client : server).prioritize(&random)
        case 12: if random.oneIn(8) { (random.oneIn(2) ? client : server).end.machine.drain() }
        // The time to answer is over, where one was asked.
        case 13: if server.end.machine.isAsking, random.oneIn(4) { server.end.machine.announce() }
        default: (random.oneIn(2) ? client : server).end.machine.trim()
        }
    }

    /// Everything that is left happens, until nothing is.
    private static func finish(
        _ client: PairEnd, _ server: PairEnd, _ random: inout Randomness
    ) throws(Violation) {
        var rounds = 0
        repeat {
            for (one, other) in [(client, server), (server, client)] {
                try one.flush(turns: 1000, &random)
                try one.deliver(to: other, one.sent.count, &random)
                while try other.consume(&random) {}
            }
            rounds += 1
            try require(rounds < 20_000, "there is an end")
        } while !client.isQuiet || !server.isQuiet
        for end in [client, server] {
            try end.checkWindow(of: end === client ? server : client)
            try require(end.end.machine.streamCount == 0, "all streams come to an end")
            try require(end.end.machine.isFinished == end.end.machine.isEnding || end === server, "and then it is over")
            try require((0..<end.end.machine.places).allSatisfy { end.end.machine.stream(at: $0) == nil }, "none stays")
        }
    }
}
