import MartletBalancing
import Testing

/// Numbers that follow from a seed (Knuth's linear congruential generator), so that a failure comes again.
private struct Numbers {
    private var state: UInt64
    init(seed: UInt64) { state = seed }

    mutating func next(below bound: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int(state >> 33) % bound
    }
}

/// The pool beside what it means: a stack of connections for each server.
@Suite struct IdlePoolModelTests {
    private static let limit = 6

    @Test(arguments: 1...8)
    func doesWhatStacksDo(seed: Int) {
        var numbers = Numbers(seed: UInt64(seed))
        var pool = IdlePool()
        var stacks = [[UInt32]](repeating: [], count: 5)
        for _ in 0..<5_000 {
            let server = numbers.next(below: stacks.count)
            let connection = UInt32(numbers.next(below: 40))
            switch numbers.next(below: 5) {
            case 0:
                #expect(pool.take(server: server) == stacks[server].popLast())
            case 1:
                pool.remove(connection)
                for index in stacks.indices { stacks[index].removeAll { $0 == connection } }
            default:
                if stacks.contains(where: { $0.contains(connection) }) { continue }
                let isKept = pool.offer(connection, server: server, limit: Self.limit)
                #expect(isKept == (stacks[server].count < Self.limit))
                if isKept { stacks[server].append(connection) }
            }
            #expect(pool.count == stacks.reduce(0) { $0 + $1.count })
            #expect(pool.count(server: server) == stacks[server].count)
        }
        for server in stacks.indices {
            while let connection = pool.take(server: server) { #expect(connection == stacks[server].popLast()) }
        }
        #expect(stacks.allSatisfy { $0.isEmpty })
    }

    @Test func whatIsInCannotBeOfferedAgain() async {
        await #expect(processExitsWith: .failure) {
            var pool = IdlePool()
            _ = pool.offer(1, server: 0, limit: 10)
            _ = pool.offer(1, server: 1, limit: 10)
        }
    }
}
