import MartletEventLoop
import MartletTestSupport
import Testing

@Suite struct ReceivingTests {
    private let loop: TestLoop
    private let client: TestSocket

    init() throws {
        loop = try TestLoop()
        client = try loop.accept(on: try loop.listen())
    }

    private var story: [Event] { Array(loop.events(100).dropFirst()) }

    @Test func handsOverWhatComes() throws {
        try client.send("hello")
        try loop.wait(for: 100, last: .received("hello"))
        try client.send(" world")
        try loop.wait(for: 100, last: .received("hello world"))
    }

    @Test func receivedBytesHaveRoomOnBothSides() throws {
        try loop.on { driver, _ in driver.keepsBuffers = true }
        try client.send(pattern(1 << 20))
        client.shutdownSend()
        try loop.wait(for: 100, last: .ended)
        try loop.on { driver, _ in
            for held in driver.kept {
                check(held.room.front == Buffer.headroom && held.room.behind >= Buffer.tailroom)
                check(held.contents.count > 0)
            }
        }
    }

    @Test(arguments: [65_536, 72 << 10, 3_000_000])
    func losesNothingOfAStream(count: Int) throws {
        try client.send(pattern(count))
        client.shutdownSend()
        try loop.wait(for: 100, last: .ended)
        #expect(story == [.received(pattern(count)), .ended])
    }

    @Test func anEndIsReportedOnceAndSendingGoesOn() throws {
        client.shutdownSend()
        try loop.wait(for: 100, last: .ended)
        try loop.on { driver, loop in _ = driver.send(Array("answer".utf8), to: 100, on: &loop) }
        #expect(try client.receive(exactly: 6) == Array("answer".utf8))
        try loop.on { driver, loop in
            loop.shutdownSend(driver.sockets[100] ?? .none)
            loop.setReceiving(driver.sockets[100] ?? .none, true)
        }
        #expect(try client.receiveUntilEnd() == [])
        #expect(story == [.ended] + LoopEngine.sentAtOnce(6))
    }

    @Test func aResetIsAFailureAndNoEnd() throws {
        client.reset()
        try loop.wait(for: 100, last: .failed(.connectionReset))
        #expect(story == [.failed(.connectionReset)])
    }

    /// The kernel may tell the error of a reset before the rest of it, if another core is at work.
    @Test func afterAFailureNothingIsReported() throws {
        let loop = try TestLoop(sockets: 600)
        let port = try loop.listen()
        let tags = UInt32(100)..<600
        for tag in tags {
            let client = try loop.accept(on: port, tag: tag)
            client.reset()
            try loop.wait(for: tag, event: .failed(.connectionReset))
        }
        try loop.on { _, _ in }
        #expect(tags.allSatisfy { loop.events($0).dropFirst() == [.failed(.connectionReset)] })
    }

    @Test(arguments: [1, 100_000, 200_000])
    func whatCameBeforeAResetIsReportedBefore(count: Int) throws {
        try loop.whileItStands {
            try client.send(pattern(count))
            client.reset()
        }
        try loop.wait(for: 100, last: .failed(.connectionReset))
        #expect(story.count == 2)
        guard case .received(let bytes) = story.first else { throw TestFailure("nothing was received: \(story)") }
        #expect(bytes == Array(pattern(count).prefix(bytes.count)))
    }

    @Test func aResetIsReportedToADriverThatWantsNoBytes() throws {
        try loop.on { driver, loop in loop.setReceiving(driver.sockets[100] ?? .none, false) }
        try client.send("unwanted")
        client.reset()
        try loop.wait(for: 100, last: .failed(.connectionReset))
        #expect(story == [.failed(.connectionReset)])
    }

    /// The end was there before the peer took offence at what we sent.
    @Test func anEndBeforeAResetIsReportedToo() throws {
        try loop.whileItStands {
            try client.send("all of it")
            client.shutdownSend()
        }
        try loop.wait(for: 100, last: .ended)
        client.close()
        try loop.on { driver, loop in _ = driver.send([1], to: 100, on: &loop) }
        try loop.wait(for: 100) { if case .failed = $0.last { true } else { nil } }
        #expect(story.prefix(2) == [.received("all of it"), .ended])
    }

    @Test func backPressureStopsThePeer() throws {
        try loop.on { driver, loop in loop.setReceiving(driver.sockets[100] ?? .none, false) }
        let most = 64 << 20
        let count = try client.fill(atMost: most, quiet: .milliseconds(50))
        #expect(count < most && story == [])
        try loop.on { driver, loop in loop.setReceiving(driver.sockets[100] ?? .none, true) }
        client.shutdownSend()
        try loop.wait(for: 100, last: .ended)
        #expect(story == [.received([UInt8](repeating: 0x78, count: count)), .ended])
    }

    @Test func nothingComesOfAClosedSocket() throws {
        try loop.on { driver, loop in
            loop.close(driver.sockets[100] ?? .none)
            loop.close(driver.sockets[100] ?? .none)
            loop.setReceiving(driver.sockets[100] ?? .none, true)
            loop.setTimer(driver.sockets[100] ?? .none, at: 0)
            _ = driver.send([1], to: 100, on: &loop)
            check(loop.pool.usedBytes == 0)
        }
        #expect(try client.receiveUntilEnd() == [])
        #expect(story == [])
    }
}
