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
        let count = min(members, Self.samples)
        var samples = InlineArray<8, Sample>(repeating: Sample())
        // The harmonic mean of the latencies is the usual one: slow servers hardly count.
        var known = 0.0
        var speeds = 0.0
        for index in 0..<count {
            let place = members <= Self.samples ? index : roster.draw.draw(effort.chance.next())
            samples[index] = Sample(place, question, roster, loads, ahead: shares.ahead(place))
            if samples[index].latency == 0 { continue }
            known += 1
            speeds += 1 / samples[index].latency
        }
        effort.looks &+= count
        let perUsual = known == 0 ? 0 : speeds / known
        var best = Ranked()
        for index in 0..<count {
            best.compare(
                samples[index].place, samples[index].suitability, cost: samples[index].cost(perUsual: perUsual),
                ahead: samples[index].ahead)
        }
        var found = best.found
        if found.suitability != .good && members > Self.samples {
            found = walk.search(found, question, roster, loads, &effort)
        }
        if let place = found.place { shares.take(place, price: roster.prices[place]) }
        return found.place
    }

    /// What is known of a server.
    struct Sample: BitwiseCopyable {
        var place = 0
        var suitability = Suitability.full
        /// What an exchange would have to wait if the server's latency were the usual one, where 1 is an idle server.
        var wait = 1.0
        /// In nanoseconds, 0 for not known, and what that is worth: 0…1.
        var latency = 0.0
        var worth = 1.0
        var ahead = 0.0

        init() {}

        init(_ place: Int, _ question: Question, _ roster: borrowing Roster, _ loads: ServerLoads, ahead: Double) {
            let server = Int(roster.members[place].server)
            self.place = place
            self.ahead = ahead
            suitability = Suitability(roster.members[place], question, loads)
            latency = Double(Int64(truncatingIfNeeded: loads.latency(server)))
            worth = Double(Int64(truncatingIfNeeded: loads.worth(server, now: question.now))) * 0x1p-16
            wait += Ranked.queue(loads.inFlight(server), price: roster.prices[place], ahead: ahead)
            // Who is not known may be slow: it gets an exchange as others do, and more only when they have much to do.
            if latency == 0 { wait *= wait }
            let failing = loads.failing(server)
            if failing != 0 { wait *= 1 + 15 * Double(failing) * 0x1p-16 * worth }
            if let utilisation = loads.utilisation(server, now: question.now) {
                // In eighths: servers that are about as busy are alike.
                let eighths = Double((utilisation + 62) / 125) / 8
                wait *= 1 + 3 * eighths * eighths
            }
        }

        /// What an exchange would have to wait. No latency counts for more than 16 usual ones, so that it fades soon.
        func cost(perUsual: Double) -> Double { wait * Self.slowness(min(latency * perUsual, 16) * worth) }

        /// Latencies up to 1.25 times the usual one are alike, and those above 2 count in full.
        static func slowness(_ ratio: Double) -> Double { max(1, min(ratio, 1 + (ratio - 1.25) * (4 / 3))) }
    }
}
