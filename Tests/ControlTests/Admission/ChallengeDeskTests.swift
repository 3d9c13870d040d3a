import MartletProxy
import MartletProxyConfig
import MartletTestSupport
import Testing

@testable import MartletControl

/// Puzzles and solutions at times that the tests say.
@Suite struct ChallengeDeskTests {
    private let time = Monitor<Int64>(1_000_000)

    private func desk(_ difficulty: Int = 6, passFor: Duration = .seconds(100)) -> ChallengeDesk {
        var configuration = ChallengeConfiguration()
        configuration.difficulty = difficulty
        configuration.passFor = passFor
        let time = time
        return ChallengeDesk(configuration, secret: StickySecret("a secret that is long enough"), now: { time.value })
    }

    private func client(_ high: UInt64, _ low: UInt64, _ agent: String = "a") -> ChallengedClient {
        var client = ChallengedClient()
        (client.high, client.low, client.userAgent) = (high, low, Array(agent.utf8))
        return client
    }

    private func solve(_ puzzle: [UInt8], _ bits: Int = 6) -> [UInt8] {
        var number = 0
        while SHA256.zeroBits(SHA256.digest(of: puzzle + Array(".\(number)".utf8))) < bits { number += 1 }
        return puzzle + Array(".\(number)".utf8)
    }

    @Test func aSolutionCountsForItsTime() {
        let desk = desk()
        let client = client(0, 0xFFFF_C000_0207)
        let solution = solve(desk.puzzle(for: client))
        let ages: [(Int64, ChallengeFault?)] = [(0, nil), (99, nil), (100, .expired), (-60, nil), (-61, .expired)]
        for (age, fault) in ages {
            time.change { $0 = 1_000_000 + age }
            #expect(desk.fault(of: solution, from: client) == fault, "\(age)")
        }
    }

    @Test func aSolutionIsForANetworkAndABrowser() {
        let desk = desk()
        let four = client(0, 0xFFFF_C000_0207)
        let six = client(0x2001_0DB8_0001_0002, 3)
        let (ofFour, ofSix) = (solve(desk.puzzle(for: four)), solve(desk.puzzle(for: six)))
        #expect(desk.fault(of: ofFour, from: client(0, 0xFFFF_C000_02FF)) == nil)
        #expect(desk.fault(of: ofFour, from: client(0, 0xFFFF_C000_0307)) == .foreign)
        #expect(desk.fault(of: ofFour, from: client(0, 0xFFFF_C000_0207, "b")) == .foreign)
        #expect(desk.fault(of: ofFour, from: six) == .foreign)
        #expect(desk.fault(of: ofSix, from: client(0x2001_0DB8_0001_0002, .max)) == nil)
        #expect(desk.fault(of: ofSix, from: client(0x2001_0DB8_0001_0003, 3)) == .foreign)
        #expect(desk.fault(of: nil, from: four) == .missing)
    }

    @Test func whatIsEasierThanItHasToBeIsOver() {
        let client = client(0, 0xFFFF_C000_0207)
        let solution = solve(desk(6).puzzle(for: client))
        #expect(desk(5).fault(of: solution, from: client) == nil)
        #expect(desk(7).fault(of: solution, from: client) == .expired)
    }

    /// No change of a byte is of any use, but for numbers that solve the puzzle as well.
    @Test func everyByteCounts() {
        let desk = desk(12)
        let client = client(0, 0xFFFF_C000_0207)
        let solution = solve(desk.puzzle(for: client), 12)
        for place in solution.indices {
            for bit in 0..<8 {
                var changed = solution
                changed[place] ^= 1 << UInt8(bit)
                let isGood = desk.fault(of: changed, from: client) == nil
                #expect(!isGood || SHA256.zeroBits(SHA256.digest(of: changed)) >= 12 && place > 35, "\(place) \(bit)")
            }
        }
    }
}
