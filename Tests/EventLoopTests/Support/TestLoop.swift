// A loop on a thread of its own, with a driver that tests steer.
import MartletEventLoop
import MartletTestSupport
import Testing

/// A running loop. It ends with its last owner.
final class TestLoop: Sendable {
    private let mailbox: Mailbox<RecordingDriver.Message>
    private let diary = Monitor(Diary())
    private let thread: TestThread

    /// - Parameters:
    ///   - buffers: how many large buffers there may be at a time.
    ///   - sendsTogether: with io_uring, nothing is sent at once.
    init(
        sockets: Int = 100, buffers: Int = 100, largeBytes: Int = BufferPool.defaultLargeBytes,
        engine: LoopEngine = .tested,
        sendsTogether: Bool = true
    ) throws {
        let mailbox = try Mailbox<RecordingDriver.Message>()
        let diary = diary
        self.mailbox = mailbox
        thread = TestThread {
            do throws(SystemError) {
                var loop = try EventLoop(
                    socketLimit: sockets, bufferBytes: buffers * largeBytes, largeBufferBytes: largeBytes,
                    engine: engine)
                loop.alwaysSendsTogether = sendsTogether
                var driver = RecordingDriver(diary)
                try loop.run(&driver, mailbox: mailbox)
            } catch {
                diary.change { $0.note(.failed(error), 0) }
            }
        }
    }

    deinit {
        mailbox.post { _, loop in loop.stop() }
        _ = thread.join()
    }

    /// Does something on the loop, later.
    func post(_ body: @escaping RecordingDriver.Message) { mailbox.post(body) }

    /// Does something on the loop; what comes of it.
    @discardableResult
    func on<Value: Sendable>(
        _ body: @escaping @Sendable (inout RecordingDriver, inout EventLoop) throws -> Value
    ) throws -> Value {
        let answer = Monitor<Result<Value, any Error>?>(nil)
        mailbox.post { driver, loop in
            do {
                let value = try body(&driver, &loop)
                answer.change { $0 = .success(value) }
            } catch {
                answer.change { $0 = .failure(error) }
            }
        }
        guard let result = answer.wait(for: { $0 }) else { throw TestFailure("the loop does not answer") }
        return try result.get()
    }

    /// Does something while the loop stands still, so that it finds all that has happened in one turn.
    func whileItStands(_ body: () throws -> Void) throws {
        let isDone = Monitor(false)
        mailbox.post { _, _ in _ = isDone.wait { $0 ? true : nil } }
        defer { isDone.change { $0 = true } }
        try body()
    }

    /// Listens on 127.0.0.1; the port.
    func listen(tag: UInt32 = 0, port: UInt16 = 0) throws -> UInt16 {
        try on { driver, loop in
            let descriptor = try Listening.open(.loopback(port: port))
            driver.sockets[tag] = try loop.listen(on: descriptor, tag: tag)
            return try Listening.port(of: descriptor)
        }
    }

    /// A client, and the loop's side of its connection as 100 or the next number.
    func accept(on port: UInt16, receiveBuffer: Int32? = nil, tag: UInt32 = RecordingDriver.firstTag) throws
        -> TestSocket
    {
        let client = try TestSocket(port: port, receiveBuffer: receiveBuffer)
        try wait(for: tag) { $0.isEmpty ? nil : true }
        return client
    }

    /// What the loop told of a socket.
    func events(_ tag: UInt32) -> [Event] { diary.value.events[tag, default: []] }
    /// How often the loop has gone round.
    var turns: Int { diary.value.turns }

    /// Waits until what was told of a socket is what `body` wants.
    @discardableResult
    func wait<Value>(
        for tag: UInt32, _ limit: Duration = defaultLimit, _ body: ([Event]) -> Value?
    ) throws -> Value {
        if let value = diary.wait(limit, for: { body($0.events[tag, default: []]) }) { return value }
        throw TestFailure("the loop told only \(events(tag)) of \(tag)")
    }

    /// How often the loop goes round while nothing happens.
    func turnsAtRest(for time: Duration = .milliseconds(50)) throws -> Int {
        for _ in 0..<2 { try on { _, _ in } }
        let before = turns
        _ = diary.wait(time) { _ in nil as Int? }
        return turns - before
    }

    /// Waits until the loop has gone round so often.
    func waitForTurns(_ count: Int) throws {
        if diary.wait(for: { $0.turns >= count ? true : nil }) == nil {
            throw TestFailure("the loop went round \(turns) times")
        }
    }

    /// Has socket 100 send blocks until so many wait; how many were sent or wait.
    func sendUntilPending(_ pending: Int) throws -> Int {
        var count = 0
        while try on({ driver, loop in !loop.isSendPending(driver.sockets[100] ?? .none) }) {
            let next = count
            try on { driver, loop in _ = driver.send(pattern(60_000, seed: next), to: 100, on: &loop) }
            count += 1
            // What the kernel takes is known in the next turn.
            for _ in 0..<2 { try on { _, _ in } }
        }
        let first = count
        try on { driver, loop in
            for next in first..<first + pending - 1 {
                check(!driver.send(pattern(60_000, seed: next), to: 100, on: &loop))
            }
        }
        return count + pending - 1
    }

    /// Waits until an event is the last that was told of a socket.
    func wait(for tag: UInt32, last event: Event) throws { try wait(for: tag) { $0.last == event ? true : nil } }
    /// Waits until an event was told of a socket.
    func wait(for tag: UInt32, event: Event) throws { try wait(for: tag) { $0.contains(event) ? true : nil } }
}
