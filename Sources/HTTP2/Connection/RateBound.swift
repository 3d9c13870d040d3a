// How often something may happen.

/// A bound on how often something may happen: a number of times at once, and as many again within a window of time, spread
/// evenly. It is one point in time: how far the events so far reach when each takes its share of the window.
///
/// What brings things forward makes up for events, also for those that come much later: who answers a download may do so
/// when it is over.
struct RateBound: BitwiseCopyable {
    /// In microseconds.
    private var reach: UInt64 = 0
    /// An event's share of the window, in microseconds.
    private let share: UInt32
    /// The window, in microseconds.
    private let window: UInt32
    /// Events that were made up for, in quarters.
    private var credit: UInt32 = 0
    private let mostCredit: UInt32

    /// - Parameters:
    ///   - limit: how many times, 1 or more; `Int.max` for no bound.
    ///   - milliseconds: the window, below an hour; at most one event a microsecond.
    ///   - credit: how many events can be made up for beforehand.
    init(limit: Int, milliseconds: Int, credit: Int) {
        window = UInt32(clamping: milliseconds * 1000)
        share = limit == .max ? 0 : max(window / UInt32(clamping: max(limit, 1)), 1)
        mostCredit = UInt32(clamping: min(max(credit, 0), 1 << 28) * 4)
    }

    /// It has happened. False if that is too often.
    ///
    /// - Parameter now: the time in milliseconds.
    mutating func add(now: UInt64) -> Bool {
        if credit >= 4 {
            credit &-= 4
            return true
        }
        let now = now &* 1000
        reach = max(reach, now) &+ UInt64(share)
        return reach &- now <= UInt64(window)
    }

    /// Something good has happened that makes up for `count` (below 2^30) quarters of an event.
    @inline(__always)
    mutating func forgive(quarters count: UInt32) {
        credit = min(credit &+ count, mostCredit)
    }
}
