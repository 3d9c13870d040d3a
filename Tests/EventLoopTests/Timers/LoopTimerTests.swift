import MartletEventLoop
import MartletTestSupport
import Testing

@Suite struct LoopTimerTests {
    private let loop: TestLoop
    private let port: UInt16
    private let client: TestSocket

    init() throws {
        loop = try TestLoop()
        port = try loop.listen()
        client = try loop.accept(on: port)
    }

    private var story: [Event] { Array(loop.events(100).dropFirst()) }

    @Test func expiresNotBeforeItsTime() throws {
        let late = Monitor<[Int64]>([])
        try loop.on { driver, loop in
            let deadline = loop.milliseconds + 100
            driver.reaction = { _, _, loop in late.change { $0.append(Int64(loop.milliseconds) - Int64(deadline)) } }
            loop.setTimer(driver.sockets[100] ?? .none, at: deadline)
        }
        try loop.wait(for: 100, last: .expired)
        #expect(late.value.count == 1 && late.value[0] > 0)
    }

    @Test func expiresOnceForEachTimeItIsSet() throws {
        try loop.on { driver, loop in
            driver.reaction = { tag, driver, loop in
                driver.reaction = nil
                loop.setTimer(driver.sockets[tag] ?? .none, at: loop.milliseconds)
            }
            loop.setTimer(driver.sockets[100] ?? .none, at: loop.milliseconds)
        }
        try loop.wait(for: 100) { $0.filter { $0 == .expired }.count == 2 ? true : nil }
        try waitBeyond(200)
        #expect(story == [.expired, .expired])
    }

    @Test func aCancelledOneDoesNotExpire() throws {
        try loop.on { driver, loop in
            loop.setTimer(driver.sockets[100] ?? .none, at: loop.milliseconds)
            loop.cancelTimer(driver.sockets[100] ?? .none)
        }
        try waitBeyond(200)
        #expect(story == [])
    }

    @Test func thatOfAClosedSocketIsNotItsSuccessors() throws {
        let server = try ScriptedServer { socket, _ in _ = try socket.receiveUntilEnd() }
        let port = server.port
        try loop.on { driver, loop in
            let socket = driver.sockets[100] ?? .none
            loop.setTimer(socket, at: loop.milliseconds)
            loop.close(socket)
            driver.sockets[1] = try loop.connect(to: .loopback(port: port), tag: 1)
            check(!LoopEngine.closesAtOnce || driver.sockets[1]?.index == socket.index)
        }
        try waitBeyond(200)
        #expect(story == [] && loop.events(1) == [.connected])
    }

    @Test func theLoopWakesWhenAsked() throws {
        let turns = try loop.on { driver, loop in
            loop.wake(at: loop.milliseconds + 20)
            loop.wake(at: loop.milliseconds + 60_000)
            return driver.diary.value.turns
        }
        // One is that of the message; without a reason the loop would not go round again.
        try loop.waitForTurns(turns + 2)
    }

    /// Waits until another socket's timer has told that so many milliseconds are over.
    private func waitBeyond(_ milliseconds: UInt64) throws {
        let other = try loop.accept(on: port, tag: 101)
        try loop.on { driver, loop in
            loop.setTimer(driver.sockets[101] ?? .none, at: loop.milliseconds + milliseconds)
        }
        try loop.wait(for: 101, last: .expired)
        other.close()
    }
}
