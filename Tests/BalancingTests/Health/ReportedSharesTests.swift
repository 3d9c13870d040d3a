import MartletBalancing
import Testing

@Suite struct ReportedSharesTests {
    /// Lets servers of these capacities, in exchanges per second, share `rate` exchanges per second for a while.
    private func shares(capacities: [Double?], weights: [UInt32], rate: Double, seconds: Int) -> [UInt32] {
        var shares = ReportedShares(servers: capacities.count, now: 0)
        var done = Array(repeating: 0.0, count: capacities.count)
        for second in 1...seconds {
            let parts = capacities.indices.map { Double(weights[$0]) * Double(shares.shares[$0]) }
            let all = parts.reduce(0, +)
            var samples: [ReportedShares.Sample] = []
            for index in capacities.indices {
                let own = rate * parts[index] / all
                done[index] += own
                let utilisation = capacities[index].map { UInt32(own / $0 * 1_000) }
                samples.append(
                    .init(exchanges: UInt64(done[index]), utilisation: utilisation, weight: weights[index]))
            }
            _ = shares.update(samples, now: UInt64(second) * 1_000)
        }
        return shares.shares
    }

    @Test func bringsAllToTheSameUtilisationAndStaysThere() {
        for seconds in [20, 21, 100] {
            let shares = shares(capacities: [1_000, 1_000, 250], weights: [1, 1, 1], rate: 1_000, seconds: seconds)
            #expect(abs(Double(shares[0]) / Double(shares[2]) - 4) < 0.5)
            #expect(abs(Double(shares[0]) / Double(shares[1]) - 1) < 0.1)
        }
    }

    @Test func whatIsConfiguredRightIsNotCountedTwice() {
        let shares = shares(capacities: [2_000, 1_000], weights: [2, 1], rate: 1_000, seconds: 30)
        #expect(shares.allSatisfy { (900...1_100).contains($0) })
    }

    @Test func whoReportsNothingKeepsItsWeight() {
        let shares = shares(capacities: [nil, 1_000, 500], weights: [1, 1, 1], rate: 600, seconds: 30)
        #expect(shares[0] == 1_000)
        #expect(shares[1] > shares[2])
        #expect(self.shares(capacities: [nil, nil], weights: [1, 5], rate: 10, seconds: 3) == [1_000, 1_000])
    }

    @Test func sharesAreBounded() {
        let shares = shares(capacities: [100_000, 10], weights: [1, 1], rate: 1_000, seconds: 60)
        #expect(shares.allSatisfy { (100...10_000).contains($0) })
    }

    @Test func smallChangesAreNoNews() {
        var shares = ReportedShares(servers: 2, now: 0)
        func samples(_ count: UInt64, _ utilisation: UInt32) -> [ReportedShares.Sample] {
            [500, utilisation].map { .init(exchanges: count, utilisation: $0, weight: 1) }
        }
        let first = shares.update(samples(100, 500), now: 1_000)
        #expect(!first)
        let second = shares.update(samples(200, 520), now: 2_000)
        #expect(!second)
        let third = shares.update(samples(300, 2_000), now: 2_500)
        #expect(!third)
        let fourth = shares.update(samples(300, 2_000), now: 3_000)
        #expect(fourth)
        #expect(shares.shares[0] > shares.shares[1])
    }
}

@Suite struct SlowStartTests {
    @Test func growsInSteps() {
        #expect(SlowStart.share(elapsed: 0, of: 10_000) == 50)
        #expect(SlowStart.share(elapsed: 5_000, of: 10_000) == 550)
        #expect(SlowStart.share(elapsed: 9_999, of: 10_000) == 1_000)
        #expect(SlowStart.share(elapsed: 10_000, of: 10_000) == 1_000)
        #expect(SlowStart.share(elapsed: 0, of: 0) == 1_000)
    }

    @Test(arguments: [1, 7, 19, 20, 1_000, 9_999, 60_000] as [UInt64])
    func eachStepIsToldWhenItIsThere(time: UInt64) {
        var elapsed: UInt64 = 0
        var share = SlowStart.share(elapsed: 0, of: time)
        var steps = 0
        while elapsed < time {
            let pause = SlowStart.untilNextStep(elapsed: elapsed, of: time)
            #expect(pause > 0)
            if pause == 0 { return }
            elapsed += pause
            steps += 1
            let next = SlowStart.share(elapsed: elapsed, of: time)
            #expect(next > share || elapsed >= time)
            share = next
        }
        #expect(steps <= 20)
        #expect(elapsed == time)
    }
}
