import Testing

@testable import MartletBalancing

@Suite struct LeastBusyTests {
    private static let now: UInt64 = 100_000_000_000

    /// Servers whose latencies are known, in milliseconds; 0 for not known.
    private func scene(_ latencies: [UInt64], _ weights: [UInt32]? = nil) -> Scene {
        let members = latencies.indices.map { Candidate(server: UInt32($0), weight: weights?[$0] ?? 256) }
        var scene = Scene(.leastBusy, members)
        scene.question = Question(now: Self.now)
        for (server, latency) in latencies.enumerated() where latency > 0 {
            for _ in 0..<8 { scene.loads.observe(latency: latency * 1_000_000, server, now: Self.now) }
        }
        return scene
    }

    private func fill(_ scene: Scene, _ inFlight: [Int]) {
        for (server, count) in inFlight.enumerated() {
            for _ in 0..<count { _ = scene.loads.begin(server) }
        }
    }

    @Test(
        arguments: [
            // The fewest in flight, where latencies are alike.
            ([10, 10, 10], [2, 1, 2], 1), ([10, 11, 12], [1, 1, 0], 2),
            // A fast one with more to do is better than a slow one, up to a point.
            ([10, 50], [1, 0], 0), ([10, 50], [9, 0], 1), ([10, 20], [0, 0], 0),
            // One that is not known is taken to be as the others, and gets less when it has something to do already.
            ([10, 0], [1, 0], 1), ([10, 0], [1, 1], 0), ([10, 0], [2, 1], 0),
            ([10, 0], [4, 1], 1),
        ] as [([UInt64], [Int], Int)])
    func theLeastBusyIsChosen(latencies: [UInt64], inFlight: [Int], expected: Int) {
        var scene = scene(latencies)
        fill(scene, inFlight)
        #expect(scene.chosen(of: 20).contains(expected))
        #expect(scene.choose() == .server(expected))
    }

    @Test func latenciesThatAreAlikeGetTheSameShares() {
        var scene = scene([100, 104, 110, 118, 97, 100, 103, 109])
        #expect(variation(scene.counts(of: 8_000)) < 0.001)
    }

    @Test func anIdleSlowServerIsAskedAgain() {
        var scene = scene([10, 10, 10, 100])
        #expect(!scene.chosen(of: 100).contains(3))
        // The others are known to be fast still.
        scene.question = Question(now: Self.now + 40_000_000_000)
        for server in 0..<3 { scene.loads.observe(latency: 10_000_000, server, now: scene.question.now) }
        #expect(scene.chosen(of: 4).contains(3))
        // Once: while it works on that, what was known counts.
        _ = scene.loads.begin(3)
        #expect(!scene.chosen(of: 100).contains(3))
    }

    @Test func noServerIsForgottenForLong() {
        var scene = scene([1, 1, 1, 100_000])
        scene.question = Question(now: Self.now + 40_000_000_000)
        for server in 0..<3 { scene.loads.observe(latency: 1_000_000, server, now: scene.question.now) }
        #expect(scene.chosen(of: 4).contains(3))
    }

    @Test func quickFailuresDoNotAttract() {
        var scene = scene([10, 10, 10, 10])
        for _ in 0..<10 { scene.loads.observeFailure(3, elapsed: 100_000, now: Self.now) }
        fill(scene, [3, 3, 3, 0])
        #expect(!scene.chosen(of: 100).contains(3))
    }

    @Test func aFailureNowAndThenCostsLittle() {
        var scene = scene([10, 10, 10, 10])
        scene.loads.observeFailure(3, elapsed: 100_000, now: Self.now)
        fill(scene, [1, 1, 1, 0])
        #expect(scene.choose() == .server(3))
    }

    @Test func serversThatSayThatTheyAreBusyGetLess() {
        var scene = scene([10, 10, 10])
        for (server, utilisation) in [900, 300, 950].enumerated() {
            scene.loads.report(utilisation: UInt32(utilisation), server, now: Self.now)
        }
        #expect(scene.chosen(of: 20) == [1])
        fill(scene, [0, 3, 0])
        #expect(!scene.chosen(of: 20).contains(1))
    }

    @Test(arguments: [PolicyKind.leastBusy, .leastRequest])
    func inFlightFollowsWeights(kind: PolicyKind) {
        var scene = Scene(kind, [100, 200, 300].enumerated().map { Candidate(server: UInt32($0), weight: $1) })
        for _ in 0..<60 { _ = scene.begin() }
        #expect(abs(scene.loads.inFlight(0) - 10) <= 1 && abs(scene.loads.inFlight(2) - 30) <= 1)
    }

    /// A server that begins slowly is idle most of the time, and must not get an exchange each time for that.
    @Test(arguments: [PolicyKind.leastBusy, .leastRequest])
    func aLightServerIsNotFlooded(kind: PolicyKind) {
        let weights = [26] + [UInt32](repeating: 256, count: 7)
        var scene = Scene(kind, weights.indices.map { Candidate(server: UInt32($0), weight: weights[$0]) })
        for server in 1..<8 { _ = scene.loads.begin(server) }
        #expect(Double(scene.counts(of: 10_000)[0]) < 10_000 * 0.02)
    }

    @Test func amongThousandsSlowOnesAreSeldomChosen() {
        var scene = scene((0..<500).map { $0 % 5 == 0 ? 50 : 10 })
        let counts = scene.counts(of: 5_000)
        let slow = counts.indices.reduce(0) { $0 + ($1 % 5 == 0 ? counts[$1] : 0) }
        #expect(slow < 10)
    }
}
