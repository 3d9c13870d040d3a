// What is counted by listener, route and upstream: requests by the class of their status, failures, and how long they took.

/// What exchanges are counted by. Each has a bounded number of blocks of counters, which are given out by whoever compiles the
/// config: the number of series does not grow with what clients send.
@usableFromInline
package enum Scope: Int, CaseIterable, Sendable {
    case listener, route, upstream

    /// The block of those for which there is none of their own.
    @inlinable package static var other: Int { 0 }
    /// The block of exchanges that no route is for.
    @inlinable package static var none: Int { 1 }
    /// Blocks that are not for a name.
    @inlinable package static var reserved: Int { 2 }
}

/// A counter of a scope's block.
@usableFromInline
package enum ScopeCounter: Int, CaseIterable, Sendable {
    /// Exchanges by the class of the status; the first are those without an answer.
    case unanswered, responses1xx, responses2xx, responses3xx, responses4xx, responses5xx
    /// Exchanges that failed, whoever is to blame.
    case failures
    /// Microseconds from the request's head to the response's end, of all exchanges together.
    case microseconds

    @inlinable static var allCasesCount: Int { ScopeCounter.microseconds.rawValue + 1 }
}

/// How an exchange has ended, as all blocks count it.
@usableFromInline
package struct ExchangeEnding: BitwiseCopyable, Sendable {
    /// The place of the counter by the status' class.
    @usableFromInline let status: Int
    @usableFromInline let bucket: Int
    @usableFromInline let microseconds: UInt64
    @usableFromInline let hasFailed: Bool

    /// - Parameter status: 0 for no answer.
    @inlinable
    package init(status: Int, microseconds: UInt64, hasFailed: Bool) {
        self.status =
            switch status {
            case ..<100: 0
            case ..<200: 1
            case ..<300: 2
            case ..<400: 3
            case ..<500: 4
            default: 5
            }
        bucket = DurationBuckets.index(of: microseconds)
        self.microseconds = microseconds
        self.hasFailed = hasFailed
    }
}
