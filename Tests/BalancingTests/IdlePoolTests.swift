import MartletBalancing
import Testing

@Suite struct IdlePoolTests {
    private func filled(_ connections: [UInt32], server: Int = 0, limit: Int = 10) -> IdlePool {
        var pool = IdlePool()
        for connection in connections { _ = pool.offer(connection, server: server, limit: limit) }
        return pool
    }

    @Test func givesTheLastOneFirst() {
        var pool = filled([4, 9, 2])
        #expect(pool.take(server: 0) == 2)
        #expect(pool.take(server: 0) == 9)
        #expect(pool.take(server: 0) == 4)
        #expect(pool.take(server: 0) == nil)
        #expect(pool.count == 0)
    }

    @Test func keepsServersApart() {
        var pool = filled([1])
        _ = pool.offer(2, server: 3, limit: 10)
        #expect(pool.take(server: 1) == nil)
        #expect(pool.take(server: 3) == 2)
        #expect(pool.count(server: 0) == 1)
    }

    @Test func refusesBeyondTheLimit() {
        var pool = filled([1, 2], limit: 2)
        #expect(pool.offer(3, server: 0, limit: 2) == false)
        #expect(pool.count == 2)
        _ = pool.take(server: 0)
        #expect(pool.offer(3, server: 0, limit: 2) == true)
    }

    @Test(arguments: [UInt32(1), 2, 3])
    func removesFromAnyPlace(removed: UInt32) {
        var pool = filled([1, 2, 3])
        pool.remove(removed)
        pool.remove(removed)
        var rest: [UInt32] = []
        while let connection = pool.take(server: 0) { rest.append(connection) }
        #expect(rest == [3, 2, 1].filter { $0 != removed })
    }

    @Test func aRemovedOneMayComeBack() {
        var pool = filled([1, 2])
        pool.remove(1)
        #expect(pool.offer(1, server: 0, limit: 10) == true)
        #expect(pool.take(server: 0) == 1)
    }
}
