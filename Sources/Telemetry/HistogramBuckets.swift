// Log-linear buckets: constant relative error over a wide range, found without a search.

/// The buckets that all distributions share: each power of two is cut into four, from 1 µs to over two minutes, so that a
/// value is known to within 25 %.
@usableFromInline
package enum HistogramBuckets {
    /// Number of buckets; the last takes all that is beyond.
    @inlinable package static var count: Int { 108 }

    /// The bucket of a value in microseconds.
    @inlinable
    package static func index(of microseconds: UInt64) -> Int {
        if microseconds < 4 { return Int(microseconds) }
        let exponent = 63 - microseconds.leadingZeroBitCount
        let quarter = Int(microseconds >> UInt64(exponent - 2)) & 3
        return min((exponent - 1) * 4 + quarter, 107)
    }

    /// The smallest value in microseconds that is beyond the bucket.
    package static func upperBound(of index: Int) -> UInt64 {
        if index < 4 { return UInt64(index) + 1 }
        let exponent = index / 4 + 1
        let quarter = UInt64(index % 4)
        return (5 + quarter) << UInt64(exponent - 2)
    }
}
