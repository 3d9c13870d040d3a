import MartletBalancing
import MartletTestSupport
import Testing

@Suite struct DeadlinesTests {
    /// Beside what they mean: an array that is searched for the earliest.
    @Test(arguments: 1...8)
    func comeInOrder(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var deadlines = Deadlines(limit: 100)
        var array: [(time: UInt64, token: UInt64)] = []
        var now: UInt64 = 0
        for token in 0..<UInt64(4_000) {
            if Int.random(in: 0..<5, using: &random) > 1 {
                let time = now + UInt64.random(in: 0...50, using: &random)
                let isKept = deadlines.insert(time, token: token, purpose: UInt32(token & 0xFFFF))
                #expect(isKept == (array.count < 100))
                if isKept { array.append((time, token)) }
            } else {
                now += UInt64.random(in: 0...10, using: &random)
                while let entry = deadlines.popDue(now) {
                    #expect(entry.time <= now && entry.time == array.map(\.time).min())
                    #expect(entry.purpose == UInt32(entry.token & 0xFFFF))
                    let place = array.firstIndex { $0.token == entry.token && $0.time == entry.time }
                    guard let place else {
                        Issue.record("\(entry) was never put in")
                        return
                    }
                    array.remove(at: place)
                }
                #expect(array.allSatisfy { $0.time > now })
            }
            #expect(deadlines.count == array.count && deadlines.next == array.map(\.time).min())
        }
    }

    @Test func nothingComesBeforeItsTime() {
        var deadlines = Deadlines(limit: 1)
        #expect(deadlines.next == nil)
        let isKept = deadlines.insert(10, token: 1, purpose: 2)
        let isKeptToo = deadlines.insert(11, token: 2, purpose: 2)
        #expect(isKept && !isKeptToo)
        #expect(deadlines.popDue(9) == nil)
        #expect(deadlines.popDue(10)?.token == 1)
        #expect(deadlines.popDue(.max) == nil && deadlines.count == 0)
    }
}
