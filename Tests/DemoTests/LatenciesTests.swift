// Percentiles.
import Testing

@testable import MartletDemo

@Suite struct LatenciesTests {
    @Test func `nothing has no percentile`() { #expect(Latencies().percentile(0.5) == nil) }

    @Test(arguments: [(0.0, 1.0), (0.5, 500.0), (0.99, 990.0), (1.0, 1_000.0)])
    func `a percentile is right to within a bucket, which is a quarter`(_ share: Double, _ expected: Double) throws {
        var latencies = Latencies()
        for microseconds in 1...UInt64(1_000) { latencies.record(microseconds) }
        let value = try #require(latencies.percentile(share))
        #expect(value > expected * 0.75 && value < expected * 1.25 + 1)
    }

    @Test func `the slowest of a hundred is beyond the 99th percentile, the slowest two are not`() throws {
        var latencies = Latencies()
        for _ in 0..<99 { latencies.record(100) }
        latencies.record(80_000)
        #expect(try #require(latencies.percentile(0.99)) < 130)
        latencies.record(80_000)
        #expect(try #require(latencies.percentile(0.99)) > 65_000)
    }
}
