// What servers report of their load, made into shares, for the ways to choose that do not look at the load themselves.

/// Estimates how much each server of an upstream can do, from how busy it is with what it gets: exchanges per second over
/// utilisation. Shares by that bring all to the same utilisation, and stay there: the estimate does not change with the
/// share, as a comparison of utilisations would.
package struct ReportedShares: Sendable {
    /// What is looked at of a server.
    package struct Sample: Sendable {
        /// Exchanges that have ended since the start.
        package var exchanges: UInt64
        /// In thousandths; `nil` if the server does not report it.
        package var utilisation: UInt32?
        /// The configured weight.
        package var weight: UInt32

        package init(exchanges: UInt64, utilisation: UInt32?, weight: UInt32) {
            self.exchanges = exchanges
            self.utilisation = utilisation
            self.weight = weight
        }
    }

    /// How much of a new estimate is taken over at a time.
    private static var gain: Double { 0.3 }
    /// Below this utilisation, in thousandths, a report says little.
    private static var leastUtilisation: UInt32 { 50 }
    /// A share that differs by less, in thousandths of it, is left as it is: each change is a new roster.
    private static var tolerance: UInt32 { 100 }

    private var capacities: [Double]
    private var exchanges: [UInt64]
    private var last: UInt64
    /// The share of each server, in thousandths of its configured weight.
    package private(set) var shares: [UInt32]

    package init(servers: Int, now: UInt64) {
        capacities = Array(repeating: 0, count: servers)
        exchanges = Array(repeating: 0, count: servers)
        shares = Array(repeating: 1_000, count: servers)
        last = now
    }

    /// The least time between two looks, in milliseconds: in a shorter one too little happens to count.
    private static var leastTime: UInt64 { 900 }

    /// Looks at the servers anew; whether shares have changed. Times are in milliseconds.
    package mutating func update(_ samples: [Sample], now: UInt64) -> Bool {
        if now < last + Self.leastTime { return false }
        let seconds = Double(now - last) / 1_000
        last = now
        for (index, sample) in samples.enumerated() {
            let count = sample.exchanges &- exchanges[index]
            exchanges[index] = sample.exchanges
            guard let utilisation = sample.utilisation else {
                capacities[index] = 0
                continue
            }
            if count == 0 { continue }
            let busy = Double(max(utilisation, Self.leastUtilisation)) / 1_000
            let capacity = Double(count) / seconds / busy
            let old = capacities[index]
            capacities[index] = old == 0 ? capacity : old + (capacity - old) * Self.gain
        }
        return adopt(samples)
    }

    /// Spreads the weight of the servers that report over them by capacity; the others keep theirs.
    private mutating func adopt(_ samples: [Sample]) -> Bool {
        var weight = 0.0
        var capacity = 0.0
        for (index, sample) in samples.enumerated() where capacities[index] > 0 {
            weight += Double(sample.weight)
            capacity += capacities[index]
        }
        var new = shares
        var hasChanged = false
        for (index, sample) in samples.enumerated() {
            let share = capacity == 0 ? 0 : capacities[index] * weight / capacity / Double(sample.weight)
            new[index] = share == 0 ? 1_000 : UInt32(min(max(share * 1_000, 100), 10_000))
            let difference = max(new[index], shares[index]) - min(new[index], shares[index])
            if difference * 1_000 >= shares[index] * Self.tolerance { hasChanged = true }
        }
        if hasChanged { shares = new }
        return hasChanged
    }
}
