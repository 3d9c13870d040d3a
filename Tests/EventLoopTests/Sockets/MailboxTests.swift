import MartletEventLoop
import MartletTestSupport
import Testing

@Suite struct MailboxTests {
    @Test func messagesOfManyThreadsComeOnceAndInOrder() throws {
        let loop = try TestLoop()
        let seen = Monitor<[[Int]]>(Array(repeating: [], count: 4))
        let threads = (0..<4).map { thread in
            TestThread { for number in 0..<1_000 { loop.post { _, _ in seen.change { $0[thread].append(number) } } } }
        }
        #expect(threads.allSatisfy { $0.join() })
        try loop.on { _, _ in }
        #expect(seen.value == Array(repeating: Array(0..<1_000), count: 4))
    }

    @Test func aMessageWakesTheLoop() throws {
        let loop = try TestLoop()
        for round in 0..<100 { #expect(try loop.on { _, _ in round } == round) }
    }

    @Test func aMessageMayPostAnother() throws {
        let loop = try TestLoop()
        let isDone = Monitor(false)
        loop.post { [weak loop] _, _ in loop?.post { _, _ in isDone.change { $0 = true } } }
        #expect(isDone.wait { $0 ? true : nil } == true)
    }

    @Test func stopEndsTheLoopAndClosesItsSockets() throws {
        let loop = try TestLoop()
        let client = try loop.accept(on: try loop.listen())
        loop.post { _, loop in loop.stop() }
        #expect(try client.receiveUntilGone().bytes == [])
    }
}
