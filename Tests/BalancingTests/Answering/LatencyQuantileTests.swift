import MartletBalancing
import MartletTestSupport
import Testing

@Suite struct LatencyQuantileTests {
    @Test func saysNothingUntilItKnowsEnough() {
        var latency = LatencyQuantile()
        for _ in 0..<99 { latency.observe(5_000_000, quantile: 0.99) }
        #expect(latency.value == nil)
        latency.observe(5_000_000, quantile: 0.99)
        #expect(latency.value != nil)
    }

    /// Most values lie below it, as many as it says, whatever the values are.
    @Test(arguments: [Float(0.5), 0.9, 0.99], [UInt64(1), 2, 3])
    func findsTheQuantile(quantile: Float, seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var latency = LatencyQuantile()
        var below = 0
        for round in 0..<40_000 {
            // Long tails, as latencies have.
            let spread = Double.random(in: 0.001...1, using: &random)
            let value = UInt64(1_000_000 / spread)
            if round >= 20_000, let estimate = latency.value, value <= estimate { below += 1 }
            latency.observe(value, quantile: quantile)
        }
        #expect(abs(Float(below) / 20_000 - quantile) < 0.03)
    }

    @Test func followsAChange() {
        var latency = LatencyQuantile()
        for _ in 0..<1_000 { latency.observe(1_000_000, quantile: 0.99) }
        for _ in 0..<200 { latency.observe(100_000_000, quantile: 0.99) }
        #expect(latency.value ?? 0 > 90_000_000)
        for _ in 0..<20_000 { latency.observe(1_000_000, quantile: 0.99) }
        #expect(latency.value ?? .max < 2_000_000)
    }

    @Test(arguments: [0, UInt64.max])
    func survivesTheExtremes(value: UInt64) {
        var latency = LatencyQuantile()
        for _ in 0..<10_000 { latency.observe(value, quantile: 0.99) }
        #expect(latency.value != nil)
    }
}
