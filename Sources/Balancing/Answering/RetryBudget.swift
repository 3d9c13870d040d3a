// How many retries there may be. Pure.

/// Bounds retries to a share of the requests, so that they never multiply an outage, with a floor, so that a quiet service
/// gets its retries, too. Both are counted over the last ten seconds, to within half of them.
package struct RetryBudget: BitwiseCopyable {
    /// Half of the time that is looked at, in milliseconds.
    private static var halfWindow: UInt64 { 5_000 }

    private var halfBegan: UInt64 = 0
    private var requests: UInt32 = 0
    private var requestsBefore: UInt32 = 0
    private var retries: UInt32 = 0
    private var retriesBefore: UInt32 = 0

    package init() {}

    /// Counts a request.
    /// - Parameter now: milliseconds.
    package mutating func request(now: UInt64) {
        if now &- halfBegan >= Self.halfWindow { turn(now) }
        requests &+= 1
    }

    /// Counts a retry, if there may be one.
    /// - Parameters:
    ///   - percent: retries in percent of requests.
    ///   - floor: how many per second there may be in any case.
    package mutating func take(now: UInt64, percent: UInt32, floor: UInt32) -> Bool {
        if now &- halfBegan >= Self.halfWindow { turn(now) }
        let share = (UInt64(requests) + UInt64(requestsBefore)) * UInt64(percent) / 100
        let allowed = share + UInt64(floor) * 2 * Self.halfWindow / 1_000
        if UInt64(retries) + UInt64(retriesBefore) >= allowed { return false }
        retries &+= 1
        return true
    }

    private mutating func turn(_ now: UInt64) {
        let isNext = now &- halfBegan < 2 * Self.halfWindow
        (requestsBefore, retriesBefore) = isNext ? (requests, retries) : (0, 0)
        (requests, retries) = (0, 0)
        halfBegan = now
    }
}
