// The least busy of a few. Why so, with figures: docs/decisions/0011-choosing-servers.md.

/// Compares up to eight servers, all of them or drawn by weight, by what an exchange would have to wait: latency, share of
/// failures and load report, times the exchanges in flight and the new one. Servers whose latencies are about the same are taken to
/// be alike, and get their shares.
struct LeastBusy: BalancingPolicy {
    static let samples = 8

    private var shares = Shares()
    private var walk = Walk()

    mutating func update(from old: Roster, to new: Roster, _ chance: inout Chance) {
        shares.update(from: old, to: new, &chance)
    }

    mutating func choose(
        _ question: Question, _ roster: borrowing Roster, _ loads: ServerLoads, _ effort: inout Effort
    ) -> Int? {
        let members = roster.members.count
        var samples = InlineArray<8, Sample>(repeating: Sample())
        let count = min(members, Self.samples)
        for index in 0..<count {
            let place = members <= Self.samples ? index : roster.draw.draw(effort.chance.next())
            samples[index] = Sample(place, question, roster, loads, ahead: shares.ahead(place))
        }
        effort.looks &+= count
        var found = Self.best(samples, count)
        if found.suitability != .good && members > Self.samples {
            found = walk.search(found, question, roster, loads, &effort)
        }
        if let place = found.place { shares.take(place, price: roster.prices[place]) }
        return found.place
    }

    private static func best(_ samples: borrowing InlineArray<8, Sample>, _ count: Int) -> Find {
        var speeds = 0.0
        var known = 0.0
        for index in 0..<count {
            let latency = samples[index].latency
            if latency == 0 { continue }
            speeds += 1 / latency
            known += 1
        }
        // The harmonic mean: slow servers hardly count.
        let usual = known == 0 ? 1 : known / speeds
        var best = Ranked()
        for index in 0..<count {
            let sample = samples[index]
            best.compare(sample.place, sample.suitability, cost: sample.cost(usual: usual), ahead: sample.ahead)
        }
        return best.found
    }

    /// What is known of a server.
    struct Sample: BitwiseCopyable {
        var place = 0
        var suitability = Suitability.full
        /// Exchanges in flight for its weight.
        var queue = 0.0
        /// In nanoseconds, 0 for not known.
        var latency = 0.0
        /// What makes the server worse than its latency: 1 for nothing.
        var burden = 1.0
        var ahead = 0.0

        init() {}

        init(_ place: Int, _ question: Question, _ roster: borrowing Roster, _ loads: ServerLoads, ahead: Double) {
            let member = roster.members[place]
            let server = Int(member.server)
            self.place = place
            self.ahead = ahead
            suitability = Suitability(member, question, loads)
            queue = Ranked.queue(loads.inFlight(server), price: roster.prices[place], ahead: ahead)
            latency = Double(loads.latency(server, now: question.now))
            let failing = loads.failing(server, now: question.now)
            if failing != 0 { burden += 15 * Double(failing) * 0x1p-16 }
            if let utilisation = loads.utilisation(server, now: question.now) {
                // In eighths: servers that are about as busy are alike.
                let eighths = Double((utilisation + 62) / 125) / 8
                burden *= 1 + 3 * eighths * eighths
            }
        }

        /// What an exchange would have to wait, where 1 is the usual latency of an idle server.
        func cost(usual: Double) -> Double {
            if latency == 0 {
                // It may be slow: it gets an exchange as others do, and more only when they have much to do.
                return burden * (1 + queue) * (1 + queue)
            }
            return burden * Self.slowness(latency / usual) * (1 + queue)
        }

        /// Latencies up to 1.25 times the usual one are alike, and those above 2 count in full.
        static func slowness(_ ratio: Double) -> Double {
            ratio <= 1.25 ? 1 : ratio >= 2 ? ratio : 1 + (ratio - 1.25) * (1 / 0.75)
        }
    }
}
