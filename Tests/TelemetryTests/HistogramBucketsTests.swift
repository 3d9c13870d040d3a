import MartletTelemetry
import Testing

@Suite struct HistogramBucketsTests {
    @Test(arguments: [
        (0, 0), (1, 1), (2, 2), (3, 3), (4, 4), (5, 5), (6, 6), (7, 7), (8, 8), (9, 8), (10, 9), (11, 9), (12, 10),
        (15, 11), (16, 12), (19, 12), (20, 13), (1_000, 35), (1_000_000, 75),
    ])
    func aValueHasItsBucket(_ microseconds: UInt64, bucket: Int) {
        #expect(HistogramBuckets.index(of: microseconds) == bucket)
    }

    @Test func eachBucketEndsWhereTheNextBegins() {
        for bucket in 0..<HistogramBuckets.count - 1 {
            let bound = HistogramBuckets.upperBound(of: bucket)
            #expect(HistogramBuckets.index(of: bound - 1) == bucket)
            #expect(HistogramBuckets.index(of: bound) == bucket + 1)
        }
    }

    @Test func theLastTakesAllThatIsBeyond() {
        let last = HistogramBuckets.count - 1
        let bound = HistogramBuckets.upperBound(of: last)
        #expect(bound > 120_000_000)
        for value in [bound - 1, bound, bound + 1, 1 << 40, .max] { #expect(HistogramBuckets.index(of: value) == last) }
    }

    @Test func aBucketIsNoWiderThanAQuarterOfItsValues() {
        for bucket in 4..<HistogramBuckets.count {
            let first = HistogramBuckets.upperBound(of: bucket - 1)
            #expect((HistogramBuckets.upperBound(of: bucket) - first) * 4 <= first)
        }
    }
}
