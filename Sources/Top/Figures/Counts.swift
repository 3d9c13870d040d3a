// What has been counted of some requests, and what came of them in between. Pure.

/// Counts that only grow, as long as the proxy is the same.
struct Counts: Equatable, Sendable {
    /// How the classes of answers are called, in their order.
    static let classNames = ["none", "1xx", "2xx", "3xx", "4xx", "5xx"]

    /// Requests that are over.
    var requests = 0
    /// The same by class of their status; the first are those without an answer.
    var classes = [Int](repeating: 0, count: classNames.count)
    /// Requests that failed, whoever is to blame.
    var failures = 0
    /// How long they took together.
    var microseconds = 0
    /// How many took so long, by buckets.
    var buckets: [Int] = []

    /// What has come since; all of it, if that was of another proxy.
    func since(_ earlier: Counts?) -> Counts {
        guard let earlier, earlier.requests <= requests, earlier.buckets.count == buckets.count else { return self }
        var difference = Counts()
        difference.requests = requests - earlier.requests
        difference.classes = zip(classes, earlier.classes).map { max(0, $0 - $1) }
        difference.failures = max(0, failures - earlier.failures)
        difference.microseconds = max(0, microseconds - earlier.microseconds)
        difference.buckets = zip(buckets, earlier.buckets).map { max(0, $0 - $1) }
        return difference
    }

    static func + (left: Counts, right: Counts) -> Counts {
        var sum = left
        sum.requests += right.requests
        sum.classes = zip(left.classes, right.classes).map { $0 + $1 }
        sum.failures += right.failures
        sum.microseconds += right.microseconds
        if left.buckets.isEmpty {
            sum.buckets = right.buckets
        } else if !right.buckets.isEmpty {
            sum.buckets = zip(left.buckets, right.buckets).map { $0 + $1 }
        }
        return sum
    }
}

/// How long things took, by buckets.
struct Histogram: Equatable, Sendable {
    /// The upper bounds of the buckets in microseconds, of all or of all but the last.
    var bounds: [Int] = []
    var counts: [Int] = []

    /// What has come since; all of it, if that was of another proxy.
    func since(_ earlier: Histogram?) -> Histogram {
        guard let earlier, earlier.counts.count == counts.count else { return self }
        let differences = zip(counts, earlier.counts).map { $0 - $1 }
        return differences.contains { $0 < 0 } ? self : Histogram(bounds: bounds, counts: differences)
    }

    /// The time in microseconds that a share of all did not exceed, as if those in a bucket were spread evenly over it; `nil` if
    /// there are none.
    func percentile(_ share: Double) -> Double? {
        let total = counts.reduce(0, +)
        guard total > 0, let last = bounds.last else { return nil }
        let rank = max(share * Double(total), 1)
        var seen = 0.0
        for (index, count) in counts.enumerated() where count > 0 {
            if seen + Double(count) < rank {
                seen += Double(count)
                continue
            }
            if index >= bounds.count { break }
            let lower = index == 0 ? 0 : Double(bounds[index - 1])
            return lower + (Double(bounds[index]) - lower) * (rank - seen) / Double(count)
        }
        return Double(last)
    }
}

/// What came of some requests within an interval.
struct Traffic: Equatable, Sendable {
    let counts: Counts
    let seconds: Double
    /// In milliseconds; `nil` if there were no requests.
    let mean: Double?
    let p50: Double?
    let p90: Double?
    let p99: Double?

    /// - Parameter bounds: those of the buckets.
    init(_ counts: Counts, bounds: [Int], seconds: Double) {
        let histogram = Histogram(bounds: bounds, counts: counts.buckets)
        self.init(counts, histogram, seconds: seconds)
    }

    init(_ counts: Counts, _ histogram: Histogram, seconds: Double) {
        self.counts = counts
        self.seconds = seconds
        // Tries that failed have no duration.
        let timed = counts.buckets.reduce(0, +)
        mean = timed == 0 ? nil : Double(counts.microseconds) / Double(timed) / 1_000
        p50 = histogram.percentile(0.5).map { $0 / 1_000 }
        p90 = histogram.percentile(0.9).map { $0 / 1_000 }
        p99 = histogram.percentile(0.99).map { $0 / 1_000 }
    }

    /// So many in a second.
    func rate(_ count: Int) -> Double { seconds > 0 ? Double(count) / seconds : 0 }
    var rate: Double { rate(counts.requests) }
    /// What is no good answer, in a second: 5xx, and none at all.
    var errorRate: Double { rate(counts.classes[0] + counts.classes[5]) }
    func classRate(_ index: Int) -> Double { rate(counts.classes[index]) }
}
