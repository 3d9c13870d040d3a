// How long to wait between looking twice.

/// Waits longer and longer, or as long as the authority says, but not for ever.
struct Polling: Sendable {
    /// How long an authority may take for one step, in seconds.
    static let limit: Int64 = 600
    /// The longest that Retry-After is followed in the middle of an order, in seconds.
    static let longest: Int64 = 60

    private let end: Int64
    /// The first looks are quick: a tenth of a second is what most authorities take if they do not ask for more.
    private var next = Duration.milliseconds(50)

    init(start: Int64) { end = start + Self.limit }

    /// How long to wait now; `nil` when it has taken too long.
    mutating func delay(retryAfter: Int64?, now: Int64) -> Duration? {
        if now >= end { return nil }
        defer { next = min(next * 2, .seconds(5)) }
        guard let retryAfter else { return next }
        return max(next, .seconds(min(retryAfter, Self.longest, end - now)))
    }

    /// - Parameter state: what is said if it has taken too long.
    mutating func wait(_ response: AcmeHTTPResponse, _ state: String, _ time: AcmeTime) async throws {
        let now = time.now()
        guard let delay = delay(retryAfter: response.retryAfter(now: now), now: now) else {
            throw AcmeError("\(state) after \(Self.limit) s")
        }
        try await time.sleep(delay)
    }
}
