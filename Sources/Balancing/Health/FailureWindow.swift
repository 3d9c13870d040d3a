// How many exchanges have failed lately. Pure: totals and times come in.

/// The outcomes of a server's exchanges over a window that ends now, from totals that are looked at now and then.
package struct FailureWindow: Sendable {
    /// Totals at a moment.
    private struct Mark: BitwiseCopyable {
        var time: UInt64 = 0
        var successes: UInt64 = 0
        var failures: UInt64 = 0
    }

    /// Marks in a window. It is as exact as one of them.
    package static var marks: Int { 8 }

    private var ring: InlineArray<8, Mark> = InlineArray(repeating: Mark())
    private var oldest = 0
    private var count = 0

    package init() {}

    /// Takes totals since the start, and tells those of the window.
    /// - Parameter window: in milliseconds.
    package mutating func note(
        _ totals: (successes: UInt64, failures: UInt64), now: UInt64, window: UInt64
    ) -> (successes: UInt64, failures: UInt64) {
        while count > 0, ring[oldest].time + window < now {
            oldest = (oldest + 1) % Self.marks
            count -= 1
        }
        let step = max(window / UInt64(Self.marks), 1)
        if count == 0 || ring[(oldest + count - 1) % Self.marks].time + step <= now { mark(totals, now) }
        let base = ring[oldest]
        return (totals.successes &- base.successes, totals.failures &- base.failures)
    }

    /// What has been does not count any longer.
    package mutating func reset(_ totals: (successes: UInt64, failures: UInt64), now: UInt64) {
        count = 0
        mark(totals, now)
    }

    private mutating func mark(_ totals: (successes: UInt64, failures: UInt64), _ now: UInt64) {
        if count == Self.marks {
            oldest = (oldest + 1) % Self.marks
            count -= 1
        }
        ring[(oldest + count) % Self.marks] = Mark(time: now, successes: totals.successes, failures: totals.failures)
        count += 1
    }
}
