// What becomes of spans that a collector has not taken: pure, so that every case can be tested.

/// What to do next (OTLP specification, "OTLP/HTTP Response").
enum ExportDecision: Equatable {
    case done
    /// They are lost: it would not take them another time either.
    case giveUp
    case retry(after: Duration)

    /// Tries in all, with pauses of half a second, doubled each time.
    static let tries = 5
    private static let firstPause = Duration.milliseconds(500)
    private static let longestPause = Duration.seconds(30)

    /// - Parameters:
    ///   - status: of the answer; `nil` when there was none.
    ///   - retryAfter: what Retry-After says.
    ///   - attempt: how many tries there have been, this one included.
    ///   - jitter: 0...1, by chance: not all proxies shall come back at the same time.
    static func decide(status: Int?, retryAfter: String?, attempt: Int, jitter: Double) -> ExportDecision {
        if let status, (200...299).contains(status) { return .done }
        let mayRetry = status.map { [429, 502, 503, 504].contains($0) } ?? true
        if !mayRetry || attempt >= tries { return .giveUp }
        if let seconds = retryAfter.flatMap({ Int($0) }), seconds >= 0 {
            return .retry(after: min(.seconds(seconds), longestPause))
        }
        let pause = firstPause * (1 << (attempt - 1))
        return .retry(after: min(pause, longestPause) * (0.5 + jitter / 2))
    }
}
