import MartletBalancing
import Testing

@Suite struct RetryDecisionTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let failure: TryFailure
        let facts: Set<Fact>
        let tries: Int
        let budget: Bool
        let decision: RetryDecision
        var testDescription: String { "\(failure) \(facts) \(tries) \(budget)" }

        init(_ failure: TryFailure, _ facts: Set<Fact>, tries: Int = 1, budget: Bool = true, _ decision: RetryDecision)
        {
            self.failure = failure
            self.facts = facts
            self.tries = tries
            self.budget = budget
            self.decision = decision
        }
    }

    enum Fact: Sendable { case kept, repeatable, unsent, other }

    @Test(arguments: [
        Row(.notConnected, [.kept, .unsent, .other], .now),
        Row(.notConnected, [.kept, .unsent], .afterPause),
        Row(.notConnected, [.kept, .unsent, .other], tries: 3, .waitForServer),
        Row(.notConnected, [.kept, .unsent, .other], tries: 9, .waitForServer),
        Row(.notConnected, [.kept, .unsent, .other], budget: false, .now),
        Row(.notConnected, [.unsent, .repeatable, .other], .never),
        Row(.lost, [.kept, .repeatable, .other], .now),
        Row(.lost, [.kept, .repeatable], .afterPause),
        Row(.lost, [.kept, .unsent, .other], .now),
        Row(.lost, [.kept, .other], .never),
        Row(.lost, [.repeatable, .other], .never),
        Row(.lost, [.kept, .repeatable, .other], tries: 3, .never),
        Row(.lost, [.kept, .repeatable, .other], budget: false, .never),
        Row(.status, [.kept, .repeatable, .other], .now),
        Row(.status, [.kept, .repeatable], .afterPause),
        Row(.status, [.kept, .other], .never),
        Row(.status, [.repeatable, .other], .never),
        Row(.status, [.kept, .repeatable, .other], tries: 3, .never),
        Row(.status, [.kept, .repeatable], budget: false, .never),
        Row(.callStatus, [.kept, .other], .now),
        Row(.callStatus, [.kept], .afterPause),
        Row(.callStatus, [.repeatable, .other], .never),
        Row(.callStatus, [.kept, .other], tries: 3, .never),
        Row(.callStatus, [.kept, .other], budget: false, .never),
    ])
    func decides(row: Row) {
        var facts = TryFacts(row.failure, tries: row.tries, limit: 3)
        facts.isKept = row.facts.contains(.kept)
        facts.isRepeatable = row.facts.contains(.repeatable)
        facts.isUnsent = row.facts.contains(.unsent)
        facts.hasOther = row.facts.contains(.other)
        #expect(RetryDecision.decide(facts) { row.budget } == row.decision)
    }

    /// Whatever is not sent again costs nothing.
    @Test(arguments: [TryFailure.notConnected, .lost, .status, .callStatus])
    func theBudgetIsAskedLast(failure: TryFailure) {
        for isKept in [true, false] {
            for tries in 1...3 {
                var facts = TryFacts(failure, tries: tries, limit: 2)
                facts.isKept = isKept
                facts.isRepeatable = true
                var asked = 0
                let decision = RetryDecision.decide(facts) {
                    asked += 1
                    return true
                }
                let isSentAgain = decision == .now || decision == .afterPause
                #expect(asked == (isSentAgain && failure != .notConnected ? 1 : 0))
            }
        }
    }

    /// Tries made, and the longest pause then.
    @Test(
        arguments: [(0, 25), (1, 25), (2, 50), (3, 100), (4, 200), (5, 250), (20, 250), (255, 250)] as [(Int, UInt64)])
    func pausesGrow(tries: Int, longest: UInt64) {
        for random in [0, 1, 127, 128, 254, 255, 256, UInt64.max] {
            let pause = RetryDecision.pause(tries: tries, base: 25, longest: 250, random: random)
            #expect(pause <= longest && pause >= longest - longest / 2)
        }
        #expect(RetryDecision.pause(tries: tries, base: 25, longest: 250, random: 0) == longest)
        #expect(RetryDecision.pause(tries: tries, base: 25, longest: 250, random: 255) == longest - longest / 2)
        #expect(RetryDecision.pause(tries: tries, base: 0, longest: 250, random: 99) == 0)
    }
}
