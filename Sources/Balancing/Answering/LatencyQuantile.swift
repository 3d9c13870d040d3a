// How long most responses take. Pure.

/// A quantile of a stream of latencies, by small steps: up by a lot for a value above it, down by a little for one below, in
/// the ratio at which both balance (Ma, Muthukrishnan and Sandler, "Frugal streaming for estimating quantiles", 2013;
/// steps are relative to the value here). It follows changes within some hundred values and needs no memory.
package struct LatencyQuantile: BitwiseCopyable {
    /// The largest step, relative to the estimate.
    private static var step: Float { 0.05 }
    /// Values before the estimate means anything.
    private static var leastValues: UInt32 { 100 }

    /// The range of estimates, in nanoseconds: up to eleven days, which any number can hold.
    private static var least: Float { 1_000 }
    private static var most: Float { 1e15 }

    private var estimate: Float = 0
    private var values: UInt32 = 0

    package init() {}

    /// Takes a value in.
    /// - Parameter quantile: 0…1, such as 0.99.
    package mutating func observe(_ nanoseconds: UInt64, quantile: Float) {
        let value = Float(nanoseconds)
        values = values == .max ? values : values + 1
        if values == 1 { estimate = value }
        if value > estimate {
            estimate *= 1 + Self.step * quantile
        } else {
            estimate *= 1 - Self.step * (1 - quantile)
        }
        estimate = min(max(estimate, Self.least), Self.most)
    }

    /// The estimate in nanoseconds; `nil` until enough is known.
    package var value: UInt64? { values < Self.leastValues ? nil : UInt64(estimate) }
}
