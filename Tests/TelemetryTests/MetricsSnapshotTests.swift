import MartletTelemetry
import Testing

@Suite struct MetricsSnapshotTests {
    private let loops = (0..<3).map { _ in LoopMetrics(servers: 2) }

    @Test func addsUpWhatTheLoopsCount() {
        for (number, loop) in loops.enumerated() {
            loop.add(.requests, UInt64(number) + 1)
            loop.increment(.connectionsActive)
            loop.add(.failures, server: 1, 10)
            loop.record(.timeToFirstByte, 100)
        }
        let snapshot = MetricsSnapshot(of: loops)
        #expect(snapshot[.requests] == 6 && snapshot[.connectionsActive] == 3 && snapshot[.noRoute] == 0)
        #expect(snapshot.servers == 2)
        #expect(snapshot[.failures, server: 1] == 30 && snapshot[.failures, server: 0] == 0)
        #expect(snapshot.sum(.timeToFirstByte) == 300 && snapshot.sum(.duration) == 0)
        #expect(snapshot.buckets(.timeToFirstByte)[HistogramBuckets.index(of: 100)] == 3)
    }

    /// A connection may be counted on one loop and taken off on another: only the sum has to be right.
    @Test func aGaugeBelowZeroOnOneLoopIsMadeUpForOnAnother() {
        loops[0].increment(.poolIdle)
        loops[0].increment(.poolIdle)
        loops[1].decrement(.poolIdle)
        #expect(MetricsSnapshot(of: loops)[.poolIdle] == 1)
    }

    @Test func isNotChangedByWhatComesLater() {
        loops[0].add(.requests)
        let snapshot = MetricsSnapshot(of: loops)
        loops[0].add(.requests)
        #expect(snapshot[.requests] == 1)
    }

    @Test func ofNoLoopsIsEmpty() {
        let snapshot = MetricsSnapshot(of: [])
        #expect(snapshot.servers == 0 && Counter.allCases.allSatisfy { snapshot[$0] == 0 })
        #expect(snapshot.percentile(0.5, of: .duration) == nil)
    }

    @Test(arguments: [0, 0.01, 0.5, 0.9, 0.99, 0.999, 1])
    func aPercentileIsRightToWithinItsBucket(share: Double) throws {
        var values: [UInt64] = []
        var value: UInt64 = 1
        for number in 0..<1_000 {
            value = value &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            values.append(value >> UInt64(40 + number % 20))
            loops[number % 3].record(.duration, values[number])
        }
        let rank = max(Int((Double(values.count) * share).rounded(.up)), 1)
        let exact = values.sorted()[rank - 1]
        let told = try #require(MetricsSnapshot(of: loops).percentile(share, of: .duration))
        #expect(HistogramBuckets.index(of: told - 1) == HistogramBuckets.index(of: exact))
    }

    @Test func aSinglePercentileIsThatValue() {
        loops[0].record(.duration, 1)
        let snapshot = MetricsSnapshot(of: loops)
        for share in [0, 0.5, 1] { #expect(snapshot.percentile(share, of: .duration) == 2) }
    }
}
