// Several loops' counters as one.

/// The sums of several loops' counters at about one moment. Gauges add up as well: what the loops hold together.
package struct MetricsSnapshot: Sendable {
    private var counters = [UInt64](repeating: 0, count: Counter.allCases.count)
    private var serverCounters: [[UInt64]]
    private var buckets: [[UInt64]]
    private var sums: [UInt64]

    /// Reads the loops' counters without stopping them.
    /// - Parameter used: how many places of servers are looked at; without it all.
    package init(of loops: [LoopMetrics], servers used: Int? = nil) {
        let room = loops.first?.servers ?? 0
        let servers = min(used ?? room, room)
        serverCounters = Array(repeating: Array(repeating: 0, count: ServerCounter.allCases.count), count: servers)
        buckets = Array(
            repeating: Array(repeating: 0, count: HistogramBuckets.count), count: Distribution.allCases.count)
        sums = Array(repeating: 0, count: Distribution.allCases.count)
        for loop in loops { add(loop) }
    }

    private mutating func add(_ loop: LoopMetrics) {
        for counter in Counter.allCases { counters[counter.rawValue] &+= loop.read(counter) }
        for server in serverCounters.indices {
            for counter in ServerCounter.allCases {
                serverCounters[server][counter.rawValue] &+= loop.read(counter, server: server)
            }
        }
        for distribution in Distribution.allCases {
            let values = loop.read(distribution)
            for (index, value) in values.buckets.enumerated() { buckets[distribution.rawValue][index] &+= value }
            sums[distribution.rawValue] &+= values.sum
        }
    }

    package subscript(counter: Counter) -> UInt64 { counters[counter.rawValue] }
    package subscript(counter: ServerCounter, server server: Int) -> UInt64 { serverCounters[server][counter.rawValue] }

    /// How many servers there are.
    package var servers: Int { serverCounters.count }
    /// How many values fell into each bucket.
    package func buckets(_ distribution: Distribution) -> [UInt64] { buckets[distribution.rawValue] }
    /// The sum of all values in microseconds.
    package func sum(_ distribution: Distribution) -> UInt64 { sums[distribution.rawValue] }

    /// The value in microseconds that a share of all values do not exceed, to within a bucket; `nil` if there are none.
    /// - Parameter share: 0...1, such as 0.99.
    package func percentile(_ share: Double, of distribution: Distribution) -> UInt64? {
        let counts = buckets(distribution)
        let total = counts.reduce(0, &+)
        if total == 0 { return nil }
        let rank = UInt64((Double(total) * share).rounded(.up))
        var seen: UInt64 = 0
        for (index, count) in counts.enumerated() {
            seen += count
            if seen >= max(rank, 1) { return HistogramBuckets.upperBound(of: index) }
        }
        return HistogramBuckets.upperBound(of: HistogramBuckets.count - 1)
    }
}
