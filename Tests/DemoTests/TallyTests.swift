// The client's tally, and what is said of it.
import Testing

@testable import MartletDemo

@Suite struct TallyTests {
    private func tally(_ wanted: Int, _ statuses: [Int: Int], lost: Int = 0) -> Tally {
        var tally = Tally(wanted: wanted)
        for (status, count) in statuses { for _ in 0..<count { tally.count(status, microseconds: 300) } }
        for _ in 0..<lost { tally.countLoss("Connection refused") }
        tally.nanoseconds = 2_000_000_000
        return tally
    }

    @Test func `only as many 200 as wanted are perfect`() {
        #expect(tally(3, [200: 3]).isPerfect)
        #expect(!tally(3, [200: 2]).isPerfect)
        #expect(!tally(3, [200: 2, 502: 1]).isPerfect)
        #expect(!tally(3, [200: 2], lost: 1).isPerfect)
        #expect(!tally(0, [200: 1]).isPerfect)
    }

    @Test func `a perfect run says so`() {
        #expect(
            TallyText(Style(isColoured: false)).lines(tally(4, [200: 4])) == [
                "  requests   4 in 2.00 s, 2.0 a second",
                "  status     200: 4",
                "  latency    p50 0.28 ms   p99 0.31 ms",
                "",
                "  All were answered.",
            ])
    }

    @Test(
        arguments: [
            (nil, [200: 2, 502: 1], 1, "  1 of 4 went unanswered: 1 × Connection refused."),
            (nil, [200: 3, 502: 1], 0, "  All were answered, but not all with 200."),
            (.interrupted, [200: 3], 0, "  Ended early: interrupted. 1 of 4 went unanswered."),
            (.silence, [:], 0, "  Ended early: nothing was answered for 10 s. 4 of 4 went unanswered."),
        ] as [(Tally.Ending?, [Int: Int], Int, String)])
    func `what went wrong is said`(_ ending: Tally.Ending?, _ statuses: [Int: Int], _ lost: Int, _ verdict: String) {
        var tally = tally(4, statuses, lost: lost)
        tally.ending = ending
        #expect(TallyText(Style(isColoured: false)).lines(tally).last == verdict)
    }
}
