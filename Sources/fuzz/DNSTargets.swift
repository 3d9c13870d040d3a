// Messages of resolvers, and what is made of them.

import MartletDNS
import MartletHTTPCore

enum DNSMessageTarget: FuzzTarget {
    static let name = "dns-messages"

    /// app.test, of class IN, without its type.
    private static let label: [UInt8] = [3, 0x61, 0x70, 0x70, 4, 0x74, 0x65, 0x73, 0x74, 0]
    private static let types: [DNSType] = [.a, .aaaa, .srv]

    private static func head(_ counts: [UInt8], type: UInt8) -> [UInt8] {
        [0, 7, 0x81, 0x80, 0, 1, 0, counts[0], 0, counts[1], 0, counts[2]] + label + [0, type, 0, 1]
    }

    static let seeds: [[UInt8]] = [
        head([1, 0, 0], type: 1) + [0xC0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 10, 0, 0, 1],
        head([2, 0, 0], type: 1) + [0xC0, 12, 0, 5, 0, 1, 0, 0, 0, 9, 0, 4, 1, 0x62, 0xC0, 16]
            + [0xC0, 38, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 10, 0, 0, 1],
        head([1, 0, 0], type: 28) + [0xC0, 12, 0, 28, 0, 1, 0, 0, 0, 60, 0, 16] + [UInt8](repeating: 0x20, count: 16),
        head([1, 0, 1], type: 33) + [0xC0, 12, 0, 33, 0, 1, 0, 0, 0, 60, 0, 10, 0, 1, 0, 2, 0, 80, 1, 0x62, 0xC0, 16]
            + [0xC0, 44, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 10, 0, 0, 1],
        head([0, 1, 0], type: 1) + [0, 0, 6, 0, 1, 0, 0, 0, 60, 0, 22, 0, 0] + [UInt8](repeating: 1, count: 20),
        [0, 7, 0x83, 0x80, 0, 1, 0, 0, 0, 0, 0, 0] + label + [0, 1, 0, 1],
    ]

    static func check(_ input: [UInt8], _ random: inout Randomness) throws(Violation) -> Bool {
        guard let name = DNSName("app.test") else { throw Violation(property: "it is a name") }
        let query = DNSQuery(id: 7, name: name, type: types[random.below(types.count)])
        let message = random.oneIn(4) ? input : asked(input, query)
        let reply = DNSResponse.read(message, to: query)
        try require(reply == DNSResponse.read(message, to: query), "the same each time")
        try checkStream(message, &random)
        switch reply {
        case .found(let content, let seconds):
            try require(seconds <= 604_800, "a time has a bound")
            try checkFound(content, query, message)
            try checkServers(reply, query)
            return true
        case .nothing(_, let seconds):
            try require(seconds <= 604_800, "a time has a bound")
            return true
        case .failed, .truncated:
            return false
        }
    }

    /// The same with the number and the question that make it an answer, so that what is behind them is read.
    private static func asked(_ input: [UInt8], _ query: DNSQuery) -> [UInt8] {
        var message = input
        let question = label + [0, UInt8(query.type.rawValue), 0, 1]
        while message.count < 12 { message.append(0) }
        (message[0], message[1], message[4], message[5]) = (0, 7, 0, 1)
        message[2] = message[2] & 0x07 | 0x80
        message.replaceSubrange(12..<min(message.count, 12 + question.count), with: question)
        return message
    }

    private static func checkFound(
        _ content: DNSContent, _ query: DNSQuery, _ message: [UInt8]
    ) throws(Violation) {
        switch content {
        case .addresses(let addresses):
            try require(query.type != .srv && !addresses.isEmpty, "addresses for those who ask for them")
            try require(addresses.count * 14 <= message.count, "no more than there is room for")
            try require(query.type == .aaaa || addresses.allSatisfy(\.isIPv4), "of the kind that was asked for")
        case .services(let services, let along):
            try require(query.type == .srv && !services.isEmpty, "services for those who ask for them")
            let targets = Set(services.map(\.target))
            for (question, addresses) in along {
                try require(targets.contains(question.name) && !addresses.isEmpty, "nothing about other names")
            }
        }
    }

    /// What a name's watch makes of it is bounded, and each server is there once.
    private static func checkServers(_ reply: DNSReply, _ query: DNSQuery) throws(Violation) {
        var rules = DiscoveryRules()
        rules.mostServers = 5
        let kind: DiscoveryKind =
            query.type == .srv ? .services : .addresses(v4: query.type == .a, v6: query.type == .aaaa, port: 80)
        var watch = NameWatch(query.name, kind, rules)
        var open = watch.begin().map { ($0, reply) }
        var rounds = 0
        while let (question, reply) = open.popLast() {
            rounds += 1
            let more = watch.note(reply, to: question, now: 0).more
            open += more.map { ($0, .nothing(nameExists: true, seconds: 1)) }
        }
        try require(!watch.isBusy && rounds <= 513, "a round comes to its end")
        try require(watch.servers.count <= 5, "servers have a bound")
        try require(watch.servers.allSatisfy { $0.weight > 0 && $0.port > 0 }, "and are servers")
        try require(Set(watch.servers).count == watch.servers.count, "each once")
    }

    /// On a stream a message comes out as it went in, whatever the pieces.
    private static func checkStream(_ message: [UInt8], _ random: inout Randomness) throws(Violation) {
        if message.count > 65_535 { return }
        let whole = [UInt8(message.count >> 8), UInt8(message.count & 0xFF)] + message
        var stream = DNSMessageStream()
        var start = 0
        for end in random.cuts(whole.count) where end < whole.count {
            let early = stream.append(Array(whole[start..<end]))
            try require(early == nil, "not before it is whole")
            start = end
        }
        try require(stream.append(Array(whole[start...])) == message, "a message is as it was sent")
    }
}
