// Fewer buckets than the loops record: what a monitoring system stores for each costs money.
import MartletTelemetry

/// Cumulative counts at the powers of two from 64 µs to 134 s, which are bounds of the recorded buckets, too.
struct CoarseHistogram {
    /// How many values are below a bound in microseconds.
    struct Step: Equatable {
        let bound: UInt64
        let count: UInt64
    }

    let steps: [Step]
    /// Of all values.
    let count: UInt64

    /// - Parameter buckets: as in `HistogramBuckets`.
    init(_ buckets: [UInt64]) {
        var steps: [Step] = []
        var sum: UInt64 = 0
        var index = 0
        for exponent in 6...27 {
            let bound = UInt64(1) << UInt64(exponent)
            while index < buckets.count && HistogramBuckets.upperBound(of: index) <= bound {
                sum &+= buckets[index]
                index += 1
            }
            steps.append(Step(bound: bound, count: sum))
        }
        self.steps = steps
        count = buckets[index...].reduce(sum, &+)
    }
}
