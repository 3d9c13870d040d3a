import MartletBalancing
import Testing

@Suite struct RoundRobinTests {
    @Test(arguments: 1...7)
    func takesEveryServerInTurn(servers: Int) {
        var policy = RoundRobin(start: 5)
        var counts = [Int](repeating: 0, count: servers)
        for _ in 0..<(servers * 10) { counts[policy.choose(among: servers, attempt: 0)] += 1 }
        #expect(counts == [Int](repeating: 10, count: servers))
    }

    @Test func aRepeatedTryGetsAnotherServer() {
        var policy = RoundRobin()
        let first = policy.choose(among: 3, attempt: 0)
        #expect(policy.choose(among: 3, attempt: 1) != first)
    }

    @Test func theTurnWrapsRound() {
        var policy = RoundRobin(start: .max)
        _ = policy.choose(among: 3, attempt: 0)
        #expect(policy.choose(among: 3, attempt: 0) == 0)
    }
}
