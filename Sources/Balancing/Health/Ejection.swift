// Leaving a server alone for a while because of what exchanges have met. Pure: time comes in, in milliseconds.

/// A server's ejection: it is left alone for a time, then a single exchange may try it. The time doubles whenever it is
/// ejected again, and is shortened again when that has not happened for long.
package struct Ejection: Sendable, Equatable {
    package enum Phase: Sendable, Equatable {
        case none
        case ejected(until: UInt64, EjectionCause)
        /// One exchange may try it.
        case probation(since: UInt64, EjectionCause)
    }

    package private(set) var phase = Phase.none
    /// Ejections that count for the next one's time.
    package private(set) var count = 0
    /// When it was last brought back.
    package private(set) var backSince: UInt64 = 0

    package init() {}

    /// One that has been before.
    package init(count: Int, backSince: UInt64) {
        self.count = count
        self.backSince = backSince
    }

    /// Whether it is ejected or on probation.
    package var isOut: Bool { phase != .none }

    /// Ejects it, or ejects it again.
    package mutating func eject(_ cause: EjectionCause, _ settings: EjectionSettings, now: UInt64) {
        if !isOut { forget(settings, now: now) }
        count += 1
        phase = .ejected(until: now + Self.time(count, settings), cause)
    }

    /// Goes on with an ejection that began in another process, at most for as long as one lasts here.
    package mutating func resume(_ cause: EjectionCause, rest: UInt64, _ settings: EjectionSettings, now: UInt64) {
        phase = .ejected(until: now + min(rest, max(settings.longestTime, settings.time)), cause)
    }

    /// How long the ejection with this number lasts.
    package static func time(_ count: Int, _ settings: EjectionSettings) -> UInt64 {
        let factor = UInt64(1) << UInt64(min(max(count, 1) - 1, 40))
        let (time, isTooLong) = settings.time.multipliedReportingOverflow(by: factor)
        let longest = max(settings.longestTime, settings.time)
        return isTooLong ? longest : min(time, longest)
    }

    /// One ejection is forgotten for each longest time that has passed without another.
    private mutating func forget(_ settings: EjectionSettings, now: UInt64) {
        let rest = max(settings.longestTime, 1)
        count = max(0, count - Int(min((now - min(backSince, now)) / rest, 1_000)))
    }

    /// When `opensProbation` has something to do; `nil` while it serves.
    package func deadline(_ settings: EjectionSettings) -> UInt64? {
        switch phase {
        case .none: nil
        case .ejected(let until, _): until
        case .probation(let since, _): since + Self.patience(settings)
        }
    }

    /// How long a probation may be taken: whoever took it may never tell what came of it. After that another may.
    private static func patience(_ settings: EjectionSettings) -> UInt64 { max(settings.longestTime, 1_000) }

    /// Whether a single exchange may try the server from now on: its time is over, or the last probation came to nothing.
    package mutating func opensProbation(_ settings: EjectionSettings, now: UInt64) -> Bool {
        guard let deadline = deadline(settings), deadline <= now else { return false }
        switch phase {
        case .none: return false
        case .ejected(_, let cause), .probation(_, let cause):
            phase = .probation(since: now, cause)
            return true
        }
    }

    /// The server serves again.
    package mutating func bringBack(now: UInt64) {
        phase = .none
        backSince = now
    }

    /// Whether a check that passes is enough to bring it back: it could not be connected to, and now it can. That a
    /// server answers its check does not tell that it answers requests.
    package var endsWithPassedCheck: Bool {
        switch phase {
        case .probation(_, .connectionFailures): true
        case .probation, .ejected, .none: false
        }
    }

    /// Whether one more server may be ejected.
    /// - Parameters:
    ///   - ejected: how many are.
    ///   - servers: how many there are in all.
    package static func mayEject(ejected: Int, of servers: Int, _ settings: EjectionSettings) -> Bool {
        if servers < 2 || settings.maxEjected == 0 { return false }
        return ejected < max(1, servers * Int(settings.maxEjected) / 100)
    }
}
