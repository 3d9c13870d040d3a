// How long answers took, as a distribution. Pure.
import MartletTelemetry

/// Counts of latencies in the buckets that the proxy's own distributions have.
package struct Latencies: Sendable, Equatable {
    private var buckets: [UInt64]

    /// None yet.
    package init() { buckets = [UInt64](repeating: 0, count: HistogramBuckets.count) }

    /// Those that the proxy has recorded.
    package init(_ snapshot: MetricsSnapshot) { buckets = snapshot.buckets(.duration) }

    /// How many there are.
    package var count: UInt64 { buckets.reduce(0, +) }

    /// Adds one, in microseconds.
    package mutating func record(_ microseconds: UInt64) {
        buckets[HistogramBuckets.index(of: microseconds)] += 1
    }

    /// What came after `earlier`.
    package func since(_ earlier: Latencies) -> Latencies {
        var result = self
        for index in buckets.indices {
            result.buckets[index] = buckets[index] - min(buckets[index], earlier.buckets[index])
        }
        return result
    }

    /// The microseconds that a share of all do not exceed, evenly spread within a bucket; `nil` if there are none.
    /// - Parameter share: 0...1, such as 0.99.
    package func percentile(_ share: Double) -> Double? {
        let total = count
        if total == 0 { return nil }
        let rank = max(1, (Double(total) * share).rounded(.up))
        var below = 0.0
        for (index, count) in buckets.enumerated() where count > 0 {
            if below + Double(count) >= rank {
                let lower = index == 0 ? 0 : Double(HistogramBuckets.upperBound(of: index - 1))
                let upper = Double(HistogramBuckets.upperBound(of: index))
                return lower + (upper - lower) * (rank - below - 0.5) / Double(count)
            }
            below += Double(count)
        }
        return nil
    }
}
