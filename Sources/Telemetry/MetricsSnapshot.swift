// Several loops' counters as one.

/// The sums of several loops' counters at about one moment. Gauges add up as well: what the loops hold together.
package struct MetricsSnapshot: Sendable {
    private var cells: [UInt64]
    private let layout: MetricsLayout

    /// Reads the loops' counters without stopping them. They all have the same layout.
    /// - Parameter used: how many places of servers are looked at; without it all.
    package init(of loops: [LoopMetrics], servers used: Int? = nil) {
        layout = (loops.first?.layout ?? MetricsLayout(servers: 0)).limited(toServers: used)
        cells = Array(repeating: 0, count: layout.count)
        var sum = cells.mutableSpan
        for loop in loops { loop.addAll(to: &sum) }
    }

    package subscript(counter: Counter) -> UInt64 { cells[counter.rawValue] }
    package subscript(counter: ServerCounter, server server: Int) -> UInt64 {
        cells[layout.base(server: server) + counter.rawValue]
    }

    /// How many servers there are.
    package var servers: Int { layout.servers }
    /// How many values fell into each bucket.
    package func buckets(_ distribution: Distribution) -> [UInt64] {
        let base = MetricsLayout.base(distribution)
        return Array(cells[base..<base + HistogramBuckets.count])
    }
    /// The sum of all values in microseconds.
    package func sum(_ distribution: Distribution) -> UInt64 {
        cells[MetricsLayout.base(distribution) + HistogramBuckets.count]
    }

    /// A counter of a block.
    package func read(_ counter: ScopeCounter, _ scope: Scope, _ block: Int) -> UInt64 {
        cells[layout.base(scope, block) + counter.rawValue]
    }
    /// How many exchanges fell into one of `DurationBuckets`.
    package func bucket(_ index: Int, _ scope: Scope, _ block: Int) -> UInt64 {
        cells[layout.base(scope, block) + ScopeCounter.allCasesCount + index]
    }
    /// How many responses of a server fell into one of `DurationBuckets`.
    package func bucket(_ index: Int, server: Int) -> UInt64 {
        cells[layout.base(server: server) + ServerCounter.allCasesCount + index]
    }

    /// Takes away what a block had counted for another name.
    package mutating func subtract(_ earlier: [UInt64], _ scope: Scope, _ block: Int) {
        let base = layout.base(scope, block)
        for (index, value) in earlier.enumerated() { cells[base + index] &-= value }
    }

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
