// When the log mentions that lines of the access log were lost: soon, but not for every batch.
import MartletEventLoop

/// Decides without a clock of its own.
struct LossReport {
    /// What to say.
    struct Loss: Equatable {
        /// Lines that found the queue full.
        let refused: UInt64
        /// Lines that could not be written, the last of them because of `error`.
        let lost: UInt64
        let error: SystemError?
    }

    private let interval: Duration
    private var last: ContinuousClock.Instant?
    private var reported = AccessLogCounts()
    private var error: SystemError?

    init(interval: Duration) { self.interval = interval }

    /// Remembers why lines were lost.
    mutating func note(_ error: SystemError?) { if let error { self.error = error } }

    /// What was lost and not reported yet, if now is the time to do so.
    /// - Parameter isLast: there will be no later chance.
    mutating func due(_ counts: AccessLogCounts, now: ContinuousClock.Instant, isLast: Bool) -> Loss? {
        let refused = counts.refused - reported.refused
        let lost = counts.lost - reported.lost
        if refused + lost == 0 { return nil }
        if let last, now - last < interval, !isLast { return nil }
        last = now
        reported = counts
        return Loss(refused: refused, lost: lost, error: lost > 0 ? error : nil)
    }
}
