import MartletBalancing
import Testing

@Suite struct RoundRobinTests {
    @Test(arguments: 1...7)
    func takesEveryServerInTurn(servers: Int) {
        var policy = RoundRobin(start: 5)
        var counts = [Int](repeating: 0, count: servers)
        for _ in 0..<(servers * 10) { counts[policy.choose(among: servers, after: nil)] += 1 }
        #expect(counts == [Int](repeating: 10, count: servers))
    }

    @Test func aRepeatedTryGetsAnotherServer() {
        var policy = RoundRobin()
        for servers in 2...5 {
            let first = policy.choose(among: servers, after: nil)
            // Other exchanges have their turns in between.
            for _ in 0..<servers { _ = policy.choose(among: servers, after: nil) }
            #expect(policy.choose(among: servers, after: first) != first)
        }
        #expect(policy.choose(among: 1, after: 0) == 0)
    }

    @Test func theTurnWrapsRound() {
        var policy = RoundRobin(start: .max)
        _ = policy.choose(among: 3, after: nil)
        #expect(policy.choose(among: 3, after: nil) == 0)
    }
}
