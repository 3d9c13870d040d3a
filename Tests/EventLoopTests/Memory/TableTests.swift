import MartletEventLoop
import MartletTestSupport
import Testing

@Suite struct TableTests {
    private func contents(_ table: borrowing Table<Int>) -> [Int] {
        var result: [Int] = []
        for index in 0..<table.count { result.append(table[index]) }
        return result
    }

    @Test(arguments: [0, 1, 2, 16])
    func growsBeyondWhatWasReserved(reserved: Int) {
        var table = Table<Int>(reserving: reserved)
        for number in 0..<100 { table.append(number) }
        #expect(contents(table) == Array(0..<100))
    }

    @Test func isExtendedButNeverCut() {
        var table = Table<Int>()
        table.extend(to: 3, with: 7)
        table.extend(to: 2, with: 8)
        #expect(contents(table) == [7, 7, 7])
    }

    @Test func givesBackTheLast() {
        var table = Table<Int>()
        table.append(1)
        table.append(2)
        #expect(table.popLast() == 2)
        #expect(table.popLast() == 1)
        #expect(table.popLast() == nil)
    }

    @Test(arguments: 0...5)
    func losesTheFirst(count: Int) {
        var table = Table<Int>()
        for number in 0..<5 { table.append(number) }
        table.removeFirst(count)
        #expect(contents(table) == Array(count..<5))
    }

    @Test(arguments: 1...3)
    func doesWhatAnArrayDoes(seed: Int) {
        var random = SeededRandom(seed: UInt64(seed))
        var table = Table<Int>(reserving: 1)
        var model: [Int] = []
        for step in 0..<2_000 {
            switch random.next() % 8 {
            case 0:
                #expect(table.popLast() == model.popLast())
            case 1 where !model.isEmpty:
                let count = Int(random.next() % UInt64(model.count / 4 + 1))
                table.removeFirst(count)
                model.removeFirst(count)
            case 2 where !model.isEmpty:
                let index = Int(random.next() % UInt64(model.count))
                table[index] = -step
                model[index] = -step
            default:
                table.append(step)
                model.append(step)
            }
        }
        #expect(contents(table) == model)
        table.removeAll()
        #expect(table.count == 0)
    }

    @Test func whatIsOutsideTraps() async {
        await #expect(processExitsWith: .failure) {
            var table = Table<Int>(reserving: 4)
            table.append(1)
            print(table[1])
        }
        await #expect(processExitsWith: .failure) { print(Table<Int>()[-1]) }
        await #expect(processExitsWith: .failure) {
            var table = Table<Int>()
            table.removeFirst(1)
        }
    }
}
