// How long to wait between looking twice.

/// Waits longer and longer, or as long as the authority says, but not for ever.
struct Polling: Sendable {
    /// How long an authority may take for one step, in seconds.
    static let limit: Int64 = 600
    /// The longest that Retry-After is followed in the middle of an order, in seconds.
    static let longest: Int64 = 60

    private let end: Int64
    private var next = Duration.milliseconds(50)

    init(start: Int64) { end = start + Self.limit }

    /// How long to wait now; `nil` when it has taken too long.
    mutating func delay(retryAfter: Int64?, now: Int64) -> Duration? {
        if now >= end { return nil }
        // Half a second is what most answers take: the first looks are quick, whatever the authority wants.
        if next < .milliseconds(400) || retryAfter == nil {
            defer { next = min(next * 2, .seconds(5)) }
            return next
        }
        return .seconds(min(max(retryAfter ?? 1, 1), Self.longest))
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
