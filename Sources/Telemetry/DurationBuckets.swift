// The few buckets of the histograms that there are many of: one for each listener, route, upstream and server.

/// Buckets from half a millisecond to a minute, at the bounds that people put into alerts.
@usableFromInline
package enum DurationBuckets {
    /// Number of buckets; the last takes all that is beyond.
    @inlinable package static var count: Int { 17 }

    /// The bucket of a value in microseconds: the first whose bound it does not exceed. The fast are found first.
    @inlinable
    package static func index(of microseconds: UInt64) -> Int {
        switch microseconds {
        case ...500: 0
        case ...1_000: 1
        case ...2_500: 2
        case ...5_000: 3
        case ...10_000: 4
        case ...25_000: 5
        case ...50_000: 6
        case ...100_000: 7
        case ...250_000: 8
        case ...500_000: 9
        case ...1_000_000: 10
        case ...2_500_000: 11
        case ...5_000_000: 12
        case ...10_000_000: 13
        case ...30_000_000: 14
        case ...60_000_000: 15
        default: 16
        }
    }

    /// The bounds in microseconds of all buckets but the last.
    package static let bounds: [UInt64] = [
        500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 2_500_000, 5_000_000,
        10_000_000, 30_000_000, 60_000_000,
    ]
}
