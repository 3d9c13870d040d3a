// What became of the demo's own requests. Pure.

/// Counts of answers, and of requests without one.
package struct Tally: Sendable, Equatable {
    /// Why requests are not sent any more before all are answered.
    package enum Ending: Sendable, Equatable {
        /// Somebody ended the demo.
        case interrupted
        /// Nothing was answered for `TrafficPlan.patience`.
        case silence
        /// It has taken longer than `TrafficPlan.time`.
        case overtime
        /// The client's own loop failed.
        case failure(String)
    }

    /// How many requests there were to be.
    package let wanted: Int
    /// Answers by status.
    package private(set) var statuses: [Int: Int] = [:]
    /// Requests that got no whole answer, by the reason.
    package private(set) var unanswered: [String: Int] = [:]
    /// How long answers took.
    package private(set) var latencies = Latencies()
    /// How long all took, in nanoseconds.
    package var nanoseconds: UInt64 = 0
    /// `nil` unless it ended early.
    package var ending: Ending?

    /// Nothing yet.
    package init(wanted: Int) { self.wanted = wanted }

    /// How many were answered.
    package var answered: Int { statuses.values.reduce(0, +) }
    /// How many were tried and got no answer.
    package var lost: Int { unanswered.values.reduce(0, +) }
    /// All were answered, and with 200.
    package var isPerfect: Bool { statuses[200] == wanted && answered == wanted && lost == 0 }

    /// Counts an answer.
    package mutating func count(_ status: Int, microseconds: UInt64) {
        statuses[status, default: 0] += 1
        latencies.record(microseconds)
    }

    /// Counts a request that will not be answered.
    package mutating func countLoss(_ reason: String) { unanswered[reason, default: 0] += 1 }
}
