import MartletEventLoop
import MartletTestSupport
import Testing

@Suite struct SendingTests {
    private let loop: TestLoop
    private let client: TestSocket

    init() throws {
        loop = try TestLoop()
        client = try loop.accept(on: try loop.listen(), receiveBuffer: 4_096)
    }

    private var story: [Event] { Array(loop.events(100).dropFirst()) }
    /// Without the buffers that the kernel took at once, as far as the loop tells of them.
    private var waits: [Event] { Array(story.drop { !LoopEngine.sendsAtOnce && $0 == .sent(60_000, isIdle: true) }) }

    @Test func sendsAtOnceWhatFits() throws {
        let isSent = try loop.on { driver, loop in driver.send(Array("hello".utf8), to: 100, on: &loop) }
        #expect(isSent == LoopEngine.sendsAtOnce)
        #expect(try client.receive(exactly: 5) == Array("hello".utf8))
        try loop.on { _, _ in }
        #expect(story == LoopEngine.sentAtOnce(5))
        #expect(try loop.on { driver, loop in loop.bytesSent(driver.sockets[100] ?? .none) } == 5)
    }

    @Test func whatDoesNotFitWaitsInOrder() throws {
        let count = try loop.sendUntilPending(5)
        #expect(waits == [])
        let before = story.count
        for seed in 0..<count { #expect(try client.receive(exactly: 60_000) == pattern(60_000, seed: seed)) }
        try loop.wait(for: 100) { $0.count == before + 6 ? true : nil }
        #expect(
            story.dropFirst(before) == Array(repeating: .sent(60_000, isIdle: false), count: 4) + [
                .sent(60_000, isIdle: true)
            ])
        try loop.on { driver, loop in
            check(!loop.isSendPending(driver.sockets[100] ?? .none) && loop.pool.usedBytes == 0)
            check(loop.bytesSent(driver.sockets[100] ?? .none) == UInt64(count * 60_000))
        }
    }

    @Test func aSlowPeerShowsInWhatIsUnacknowledged() throws {
        let count = try loop.sendUntilPending(1)
        let before = story.count
        #expect(try loop.on { driver, loop in loop.unacknowledged(driver.sockets[100] ?? .none) } > 0)
        _ = try client.receive(exactly: count * 60_000)
        try loop.wait(for: 100) { $0.count == before + 2 ? true : nil }
        #expect(story.last == .sent(60_000, isIdle: true))
    }

    @Test func receivingGoesOnWhileSendingWaits() throws {
        _ = try loop.sendUntilPending(1)
        try client.send("still here")
        try loop.wait(for: 100, last: .received("still here"))
    }

    @Test func aCloseDropsWhatWaits() throws {
        _ = try loop.sendUntilPending(3)
        try loop.on { driver, loop in
            check(loop.pool.usedBytes > 0)
            loop.close(driver.sockets[100] ?? .none)
            check(loop.pool.usedBytes == 0)
        }
        #expect(try client.receiveUntilGone().ending == .end)
        #expect(waits == [])
    }

    @Test func anAbortIsAReset() throws {
        _ = try loop.sendUntilPending(1)
        try loop.on { driver, loop in loop.abort(driver.sockets[100] ?? .none) }
        #expect(try client.receiveUntilGone().ending == .reset)
    }

    @Test func theFirstThatWaitsCanBeTakenBackWhole() throws {
        let count = try loop.sendUntilPending(3)
        let taken = try loop.on { driver, loop in
            guard let buffer = loop.takeUnsent(driver.sockets[100] ?? .none) else { return [UInt8]() }
            return bytes(buffer)
        }
        #expect(taken == pattern(60_000, seed: count - 3))
    }

    @Test func aResetFailsWhatWaits() throws {
        _ = try loop.sendUntilPending(2)
        client.reset()
        try loop.wait(for: 100, last: .failed(.connectionReset))
        #expect(waits == [.failed(.connectionReset)])
        try loop.on { driver, loop in
            loop.close(driver.sockets[100] ?? .none)
            check(loop.pool.usedBytes == 0)
        }
    }

    @Test func theEndCanBeSentWhileReceivingGoesOn() throws {
        try loop.on { driver, loop in loop.shutdownSend(driver.sockets[100] ?? .none) }
        #expect(try client.receiveUntilEnd() == [])
        try client.send("late")
        client.shutdownSend()
        try loop.wait(for: 100, last: .ended)
        #expect(story == [.received("late"), .ended])
    }

    @Test func anEmptyBufferIsSent() throws {
        #expect(try loop.on { driver, loop in driver.send([], to: 100, on: &loop) })
    }
}
