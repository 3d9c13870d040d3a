// How often something may happen.

/// A bound on how often something may happen: a number of times at once, and as many again within a window of time, spread
/// evenly. It is one point in time: how far the events so far reach when each takes its share of the window.
struct RateBound: BitwiseCopyable {
    /// In microseconds.
    private var reach: UInt64 = 0
    /// An event's share of the window, in microseconds.
    private let share: UInt64
    /// The window, in microseconds.
    private let window: UInt64

    /// - Parameters:
    ///   - limit: how many times, 1 or more; up to 100,000 a second.
    ///   - milliseconds: the window.
    init(limit: Int, milliseconds: UInt64) {
        window = milliseconds * 1000
        share = max(window / UInt64(max(limit, 1)), 1)
    }

    /// It has happened. False if that is too often.
    ///
    /// - Parameter now: the time in milliseconds.
    mutating func add(now: UInt64) -> Bool {
        let now = now &* 1000
        reach = max(reach, now) &+ share
        return reach &- now <= window
    }

    /// Something good has happened that makes up for `count` quarters of an event.
    @inline(__always)
    mutating func forgive(quarters count: UInt64) {
        let relief = share &* count / 4
        reach = reach > relief ? reach &- relief : 0
    }
}
