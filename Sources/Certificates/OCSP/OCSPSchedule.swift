// When to fetch, and when to stop stapling. Pure: time comes in as an argument.

/// What is stapled, and when the responder is asked again. Times are in seconds since 1970.
package struct OCSPSchedule: Equatable, Sendable {
    /// What to do now.
    package enum Step: Equatable, Sendable {
        case fetch
        /// What is stapled has run out.
        case drop
        case wait(until: Int64)
    }

    /// However long a response holds, it is fetched again after this time: a revocation has to be noticed. In seconds.
    package static let longestRest: Int64 = 7 * 86_400
    /// The first wait after a failure, and the longest, in seconds.
    package static let shortestWait: Int64 = 60, longestWait: Int64 = 3600

    /// When what is stapled runs out; `nil`: nothing is.
    package private(set) var end: Int64?
    private var nextFetch: Int64 = .min
    private var failures = 0

    package init() {}

    /// What is due.
    package func step(now: Int64) -> Step {
        if let end, end <= now { return .drop }
        return nextFetch <= now ? .fetch : .wait(until: min(nextFetch, end ?? .max))
    }

    /// A response has come. It is fetched again at half of its time, or of what is left if that has passed.
    package mutating func fetched(thisUpdate: Int64, nextUpdate: Int64, now: Int64) {
        failures = 0
        end = nextUpdate
        let half = thisUpdate + (nextUpdate - thisUpdate) / 2
        let next = half > now ? half : now + max(Self.shortestWait, (nextUpdate - now) / 2)
        nextFetch = min(next, now + Self.longestRest)
    }

    /// None has come.
    package mutating func failed(now: Int64) {
        failures += 1
        nextFetch = now + min(Self.longestWait, Self.shortestWait << Int64(min(failures - 1, 10)))
    }

    /// Nothing is stapled any longer.
    package mutating func dropped() { end = nil }
}
