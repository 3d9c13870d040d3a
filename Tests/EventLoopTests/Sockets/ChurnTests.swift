// Closes, resets, pauses and ends under load: no buffer is used by two at a time, and none is lost. In debug builds each buffer is
// looked at when it is taken again, so that whoever has written to a free one, the kernel included, is found out.
import MartletEventLoop
import MartletTestSupport
import Testing

@Suite(.timeLimit(.minutes(20))) struct ChurnTests {
    /// What became of the connections of all peers.
    private struct Tally: Sendable {
        var exchanges = 0
        var cutShort = 0
        var wrong = 0
        var peers = 0
    }

    /// Buffers are plenty, or so few that many wait for one.
    @Test(arguments: [100, 6]) func nothingIsLostOrUsedTwice(buffers: Int) throws {
        let loop = try ChurnLoop(buffers: buffers)
        let port = try loop.on { _, loop in
            let descriptor = try Listening.open(.loopback(port: 0))
            _ = try loop.listen(on: descriptor, tag: 0)
            return try Listening.port(of: descriptor)
        }
        let tally = Monitor(Tally())
        for peer in 0..<8 {
            _ = TestThread {
                var random = SeededRandom(seed: UInt64(buffers + peer))
                for _ in 0..<60 { Self.connect(port, &random, tally) }
                tally.change { $0.peers += 1 }
            }
        }
        #expect(tally.wait(.seconds(300)) { $0.peers == 8 ? true : nil } == true)
        let all = tally.value
        #expect(all.wrong == 0 && all.exchanges > 200 && all.cutShort > 20, "\(all)")
        try loop.on { driver, loop in
            check(driver.closed > 5 && driver.reset > 5 && driver.ended > 5 && driver.paused > 20)
            driver.closeAll(on: &loop)
        }
        // The kernel lets go in the next turns.
        let deadline = ContinuousClock.now + .seconds(10)
        while try loop.on({ _, loop in loop.pool.usedBytes > 0 || loop.socketCount > 1 }), .now < deadline {}
        try loop.on { _, loop in check(loop.pool.usedBytes == 0 && loop.socketCount == 1) }
    }

    /// A connection that sends, compares what comes back, and ends in some way.
    private static func connect(_ port: UInt16, _ random: inout SeededRandom, _ tally: Monitor<Tally>) {
        guard let socket = try? TestSocket(port: port, limit: .seconds(20)) else { return }
        for _ in 0..<Int.random(in: 1...10, using: &random) {
            let isMuch = Int.random(in: 0..<5, using: &random) == 0
            let sent = pattern(
                Int.random(in: 1...(isMuch ? 60_000 : 3_000), using: &random),
                seed: Int.random(in: 0...1_000, using: &random))
            do {
                try socket.send(sent)
                // Gone before all has come back.
                if Int.random(in: 0..<20, using: &random) == 0 { return leave(socket, &random) }
                let received = try socket.receive(exactly: sent.count)
                tally.change { $0.exchanges += 1 }
                if received != sent { tally.change { $0.wrong += 1 } }
            } catch {
                return tally.change { $0.cutShort += 1 }
            }
        }
        leave(socket, &random)
    }

    private static func leave(_ socket: TestSocket, _ random: inout SeededRandom) {
        switch Int.random(in: 0..<3, using: &random) {
        case 0: socket.reset()
        case 1:
            socket.shutdownSend()
            _ = try? socket.receiveUntilEnd()
        default: socket.close()
        }
    }
}

/// A loop with a `ChurnDriver`. It ends with its last owner.
private final class ChurnLoop: Sendable {
    private let mailbox: Mailbox<ChurnDriver.Message>
    private let thread: TestThread

    init(buffers: Int) throws {
        let mailbox = try Mailbox<ChurnDriver.Message>()
        self.mailbox = mailbox
        thread = TestThread {
            do throws(SystemError) {
                var loop = try EventLoop(
                    socketLimit: 100, bufferBytes: buffers * BufferPool.defaultLargeBytes, engine: .tested)
                loop.alwaysSendsTogether = LoopEngine.sendsTogether
                var driver = ChurnDriver(seed: UInt64(buffers))
                try loop.run(&driver, mailbox: mailbox)
            } catch {
                Issue.record("the loop has failed: \(error)")
            }
        }
    }

    deinit {
        mailbox.post { _, loop in loop.stop() }
        _ = thread.join()
    }

    /// Does something on the loop; what comes of it.
    @discardableResult
    func on<Value: Sendable>(
        _ body: @escaping @Sendable (inout ChurnDriver, inout EventLoop) throws -> Value
    ) throws -> Value {
        let answer = Monitor<Result<Value, any Error>?>(nil)
        mailbox.post { driver, loop in
            let result = Result { try body(&driver, &loop) }
            answer.change { $0 = result }
        }
        guard let result = answer.wait(for: { $0 }) else { throw TestFailure("the loop does not answer") }
        return try result.get()
    }
}
