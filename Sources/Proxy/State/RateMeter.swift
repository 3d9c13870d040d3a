// Whether a peer keeps a minimum rate. Pure.

/// Measures the bytes that move in a window of time, only while the peer is the one that is waited for.
struct RateMeter: BitwiseCopyable {
    private var windowStart: UInt64 = 0
    private var bytesAtStart: UInt64 = 0
    private var lastLook: UInt64 = 0
    /// Looks that are further apart than this, in milliseconds, are not of one wait.
    private static var longestPause: UInt64 { 5_000 }
    /// The peer is being waited for.
    private(set) var isMeasuring = false

    init() {}

    /// The peer is not waited for: there is nothing to measure.
    mutating func pause() { isMeasuring = false }

    /// Looks at the peer while it is waited for; whether it has been too slow.
    /// - Parameters:
    ///   - total: bytes moved so far, on any scale that only grows.
    ///   - now: milliseconds.
    ///   - minimum: bytes per second; 0 for no minimum.
    ///   - grace: the window's length in milliseconds.
    mutating func isTooSlow(total: UInt64, now: UInt64, minimum: UInt64, grace: UInt64) -> Bool {
        if minimum == 0 { return false }
        let isStale = now - lastLook > Self.longestPause || total < bytesAtStart
        lastLook = now
        if !isMeasuring || isStale {
            isMeasuring = true
            windowStart = now
            bytesAtStart = total
            return false
        }
        let elapsed = now - windowStart
        if elapsed < grace { return false }
        let isSlow = (total - bytesAtStart) < minimum * elapsed / 1_000
        windowStart = now
        bytesAtStart = total
        return isSlow
    }
}
