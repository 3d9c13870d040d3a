import MartletTestSupport
import Testing

@testable import MartletEventLoop

@Suite struct BufferQueueTests: ~Copyable {
    private let pool = BufferPool(limitBytes: 1 << 20, largeBytes: 16_384)

    private func buffer(_ text: String) throws -> Buffer {
        guard let buffer = pool.copy(text.utf8.span) else { throw TestFailure("no copy") }
        return buffer
    }

    private func drain(_ queue: inout BufferQueue) -> [String] {
        var texts: [String] = []
        while let buffer = queue.popFirst() { texts.append(String(decoding: bytes(buffer), as: UTF8.self)) }
        return texts
    }

    @Test func firstInFirstOut() throws {
        var queue = BufferQueue()
        check(queue.isEmpty)
        for text in ["a", "b", "c"] { queue.append(try buffer(text)) }
        check(queue.isEmpty == false)
        check(drain(&queue) == ["a", "b", "c"])
        check(queue.isEmpty && pool.usedBytes == 0)
    }

    @Test func oneMayGoBackToTheFront() throws {
        var queue = BufferQueue()
        queue.prepend(try buffer("b"))
        queue.append(try buffer("c"))
        queue.prepend(try buffer("a"))
        check(drain(&queue) == ["a", "b", "c"])
        queue.append(try buffer("d"))
        check(drain(&queue) == ["d"])
    }

    @Test func aBufferWaitsAsItWas() throws {
        var queue = BufferQueue()
        var waiting = try pool.large()
        _ = waiting.append("0123456789")
        waiting.dropFirst(3)
        waiting.sent = 2
        let room = (waiting.roomInFront, waiting.roomBehind)
        queue.append(waiting)
        guard let back = queue.popFirst() else { throw TestFailure("the buffer is lost") }
        check(bytes(back) == Array("3456789".utf8) && back.sent == 2)
        check(back.roomInFront == room.0 && back.roomBehind == room.1)
    }

    @Test func whatWaitsIsGivenBackWithTheQueue() throws {
        do {
            var queue = BufferQueue()
            queue.append(try buffer("a"))
            queue.append(try pool.large())
            check(pool.usedBytes == 16_384 + BufferPool.smallBytes)
        }
        check(pool.usedBytes == 0)
    }
}
