import MartletBalancing
import Testing

@Suite struct AgendaTests {
    @Test func theEarliestComesFirst() {
        var agenda = Agenda(items: 4)
        #expect(agenda.first == nil)
        let first = agenda.takeDue(now: .max)
        #expect(first == nil)
        agenda.set(3, at: 30)
        agenda.set(1, at: 10)
        agenda.set(0, at: 30)
        #expect(agenda.first == 10)
        let second = agenda.takeDue(now: 9)
        #expect(second == nil)
        let third = agenda.takeDue(now: 10)
        #expect(third == 1)
        agenda.set(3, at: 5)
        #expect(agenda.time(of: 3) == 5)
        agenda.set(0, at: nil)
        agenda.set(2, at: nil)
        #expect(agenda.time(of: 0) == nil)
        let fourth = agenda.takeDue(now: 100)
        #expect(fourth == 3)
        #expect(agenda.first == nil)
    }

    @Test func ofSeveralTheLowestComesFirst() {
        var agenda = Agenda(items: 5)
        for item in [4, 2, 0, 3, 1] { agenda.set(item, at: 7) }
        let order = (0..<5).map { _ in agenda.takeDue(now: 7) }
        #expect(order == [0, 1, 2, 3, 4])
    }

    @Test func doesWhatASlowOneDoes() {
        var agenda = Agenda(items: 50)
        var slow: [Int: UInt64] = [:]
        var state: UInt64 = 11
        func roll(_ limit: UInt64) -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return (state >> 33) % limit
        }
        for _ in 0..<20_000 {
            let item = Int(roll(50))
            switch roll(4) {
            case 0:
                let now = roll(1_000)
                let due = slow.filter { $0.value <= now }.min { ($0.value, $0.key) < ($1.value, $1.key) }
                let first = agenda.takeDue(now: now)
                #expect(first == due?.key)
                if let due { slow[due.key] = nil }
            case 1:
                agenda.set(item, at: nil)
                slow[item] = nil
            default:
                let time = roll(1_000)
                agenda.set(item, at: time)
                slow[item] = time
            }
            #expect(agenda.first == slow.values.min())
        }
    }
}
