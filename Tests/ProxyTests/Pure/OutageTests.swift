import Testing

@testable import MartletProxy

@Suite struct OutageTests {
    @Test func oneAfterTheOtherTries() {
        var outage = Outage()
        #expect(!outage.isOn)
        outage.begin(now: 1_000)
        var turns: [UInt64] = []
        for now in UInt64(1_000)...1_450 where outage.takesTurn(now: now) { turns.append(now) }
        #expect(outage.isOn && turns == [1_100, 1_200, 1_300, 1_400])
        outage.end()
        #expect(!outage.isOn)
    }

    @Test func statusSetsHoldWhatTheyAreGiven() {
        let named = [100, 163, 164, 200, 429, 500, 502, 503, 504, 599, 611]
        let set = StatusSet(named)
        for status in 0...1_000 { #expect(set.contains(status) == named.contains(status), "\(status)") }
        #expect(set == StatusSet(named.reversed()) && set != StatusSet([503]) && StatusSet() == StatusSet([]))
    }
}
