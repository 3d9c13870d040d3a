import MartletEventLoop
import MartletTestSupport
import Testing

/// More sockets have something to say than there are buffers to say it in.
@Suite struct StarvationTests {
    private let loop: TestLoop
    private let clients: [TestSocket]

    /// One buffer for all, kept by the first that gets it.
    init() throws {
        let loop = try TestLoop(buffers: 1)
        let port = try loop.listen()
        clients = try (0..<4).map { try loop.accept(on: port, tag: 100 + $0) }
        self.loop = loop
        try loop.on { driver, _ in driver.keepsBuffers = true }
        try clients[0].send("0")
        try loop.wait(for: 100, last: .received("0"))
    }

    private func starve(_ numbers: [Int]) throws {
        for number in numbers {
            try clients[number].send("\(number)")
            try loop.wait(for: 100 + UInt32(number), last: .starved)
        }
    }

    /// Gives back what is kept and keeps nothing any longer.
    private func giveBack() throws {
        try loop.on { driver, _ in
            driver.keepsBuffers = false
            driver.kept = []
        }
    }

    @Test func allHaveTheirTurnWhenABufferComesBack() throws {
        try starve([1, 2, 3])
        try giveBack()
        for number in 1...3 { try loop.wait(for: 100 + UInt32(number), last: .received("\(number)")) }
    }

    @Test func theTurnGoesInOrder() throws {
        try starve([2, 3, 1])
        for number in [2, 3, 1] {
            try loop.on { driver, _ in driver.kept = [] }
            try loop.wait(for: 100 + UInt32(number), last: .received("\(number)"))
            let waiting = (1...3).filter { loop.events(100 + UInt32($0)).last == .starved }
            #expect(waiting == [2, 3, 1].drop { $0 != number }.dropFirst().sorted())
        }
    }

    /// Who gets a buffer before its turn has come among those who wait is received from afterwards as before.
    @Test func whoIsServedBeforeItsTurnIsNotForgotten() throws {
        try starve([1])
        try loop.on { driver, loop in
            driver.keepsBuffers = false
            driver.kept = []
            loop.setReceiving(driver.sockets[101] ?? .none, true)
        }
        try loop.wait(for: 101, last: .received("1"))
        try clients[1].send("2")
        try loop.wait(for: 101, last: .received("12"))
    }

    @Test func isReportedOnceAndTheLoopRests() throws {
        try starve([1])
        try clients[1].send("more")
        let turns = loop.turns
        #expect(clients[1].isQuiet(for: .milliseconds(50)))
        #expect(loop.turns <= turns + 2)
        #expect(loop.events(101).filter { $0 == .starved }.count == 1)
        try giveBack()
        try loop.wait(for: 101, last: .received("1more"))
    }

    @Test func oneThatNoLongerWantsBytesTakesNobodysTurn() throws {
        try starve([1, 2])
        try loop.on { driver, loop in loop.setReceiving(driver.sockets[101] ?? .none, false) }
        try giveBack()
        try loop.wait(for: 102, last: .received("2"))
        try loop.on { driver, loop in loop.setReceiving(driver.sockets[101] ?? .none, true) }
        try loop.wait(for: 101, last: .received("1"))
    }

    @Test func oneThatIsClosedTakesNobodysTurn() throws {
        try starve([1, 2])
        try loop.on { driver, loop in loop.close(driver.sockets[101] ?? .none) }
        try giveBack()
        try loop.wait(for: 102, last: .received("2"))
    }

    /// While memory is scarce buffers are smaller, and one of those is enough to go on with.
    @Test func aSmallerBufferThatComesBackIsEnough() throws {
        let loop = try TestLoop(buffers: 3)
        let port = try loop.listen()
        try loop.on { driver, _ in driver.keepsBuffers = true }
        var clients: [TestSocket] = []
        while clients.isEmpty || loop.events(99 + UInt32(clients.count)).last != .starved {
            let tag = 100 + UInt32(clients.count)
            clients.append(try loop.accept(on: port, tag: tag))
            try clients[clients.count - 1].send("x")
            try loop.wait(for: tag) { $0.count > 1 ? true : nil }
        }
        try loop.on { driver, _ in _ = driver.kept.removeLast() }
        try loop.wait(for: 99 + UInt32(clients.count), last: .received("x"))
    }

    /// A timeout is what frees buffers when nothing else happens.
    @Test func aBufferThatATimerFreesServesThemToo() throws {
        try starve([1, 2])
        try loop.on { driver, loop in
            driver.reaction = { tag, driver, _ in
                if tag != 103 { return }
                driver.keepsBuffers = false
                driver.kept = []
            }
            loop.setTimer(driver.sockets[103] ?? .none, at: loop.milliseconds)
        }
        for number in 1...2 { try loop.wait(for: 100 + UInt32(number), last: .received("\(number)")) }
    }

    /// Who waits may hold what it waits for: its failure is not kept from the driver until there is a buffer.
    @Test func aResetIsReportedAtOnceWithoutSpinning() throws {
        try starve([1])
        let turns = loop.turns
        clients[1].reset()
        try loop.wait(for: 101, last: .failed(.connectionReset))
        #expect(clients[2].isQuiet(for: .milliseconds(50)))
        #expect(loop.turns <= turns + 4)
        #expect(loop.events(101).dropFirst() == [.starved, .failed(.connectionReset)])
    }

    /// An end takes no buffer.
    @Test func anEndIsReportedWithoutABuffer() throws {
        try starve([])
        clients[2].shutdownSend()
        try loop.wait(for: 102, last: .ended)
    }
}
