// The kernel accepts by itself on a ring: what it has accepted is told of, whatever becomes of the listener meanwhile.
import Glibc
import MartletTestSupport
import Testing

@testable import MartletEventLoop

@Suite(.enabled(if: TestHost.hasRing, "no io_uring here")) struct RingAcceptingTests {
    /// Connects, on the loop's own thread, and has the kernel accept: the driver knows nothing of it yet.
    private static func connect(_ count: Int, to port: UInt16, on loop: inout EventLoop) throws -> [TestSocket] {
        let clients = try (0..<count).map { _ in try TestSocket(port: port) }
        check(loop.ring.enter(wanted: 0, nanoseconds: 0) == 0 && loop.ring.count >= count)
        return clients
    }

    @Test func goesOnByItself() throws {
        let loop = try TestLoop(engine: .ring)
        let port = try loop.listen()
        for number in 0..<3 {
            let client = try loop.accept(on: port, tag: 100 + UInt32(number))
            try client.send("hello")
            try loop.wait(for: 100 + UInt32(number), last: .received("hello"))
            #expect(try loop.accepting(0) == .byKernel)
        }
    }

    @Test func whoWasAcceptedBeforeAPauseIsTold() throws {
        let loop = try TestLoop(engine: .ring)
        let port = try loop.listen()
        let clients = try loop.on { driver, loop in
            let clients = try Self.connect(3, to: port, on: &loop)
            loop.setAccepting(driver.sockets[0] ?? .none, false)
            return clients
        }
        for client in clients { try client.send("hello") }
        for tag in UInt32(100)..<103 { try loop.wait(for: tag, last: .received("hello")) }
        let late = try TestSocket(port: port)
        #expect(try loop.turnsAtRest() <= 2)
        #expect(loop.events(103) == [])
        #expect(try loop.accepting(0) == .not)
        try loop.on { driver, loop in loop.setAccepting(driver.sockets[0] ?? .none, true) }
        try late.send("hello")
        try loop.wait(for: 103, last: .received("hello"))
    }

    /// Whom the kernel has not come to accept is in the backlog and stays there, and no wake-up is lost.
    @Test(arguments: [true, false]) func pausedAndResumedAtOnce(hasAccepted: Bool) throws {
        let loop = try TestLoop(engine: .ring)
        let port = try loop.listen()
        for round in 0..<20 {
            let client = try loop.on { driver, loop in
                let client = try TestSocket(port: port)
                if hasAccepted { check(loop.ring.enter(wanted: 0, nanoseconds: 0) == 0) }
                loop.setAccepting(driver.sockets[0] ?? .none, false)
                loop.setAccepting(driver.sockets[0] ?? .none, true)
                return client
            }
            try client.send("hello")
            try loop.wait(for: 100 + UInt32(round), last: .received("hello"))
        }
        #expect(try loop.accepting(0) == .byKernel)
    }

    /// Whoever connects while a listener is paused and resumed all the time is served.
    @Test func pausedAndResumedUnderLoad() throws {
        let loop = try TestLoop(sockets: 500, engine: .ring)
        let port = try loop.listen()
        try loop.on { driver, _ in
            driver.reply = { event, tag, driver, loop in
                if case .received = event { _ = driver.send([1], to: tag, on: &loop) }
                if event == .ended { loop.close(driver.sockets[tag] ?? .none) }
            }
        }
        let served = Monitor((clients: 0, threads: 0))
        for _ in 0..<3 {
            _ = TestThread {
                for _ in 0..<100 {
                    guard let client = try? TestSocket(port: port) else { continue }
                    try? client.send("hello")
                    if (try? client.receive(exactly: 1)) == [1] { served.change { $0.clients += 1 } }
                }
                served.change { $0.threads += 1 }
            }
        }
        while served.value.threads < 3 {
            for accepting in [false, true] {
                try loop.on { driver, loop in loop.setAccepting(driver.sockets[0] ?? .none, accepting) }
            }
        }
        #expect(served.value.clients == 300)
    }

    /// Nobody is reset who has connected before: more than a batch, so that most of them come in later turns.
    @Test func whoHasConnectedBeforeACloseIsServed() throws {
        let loop = try TestLoop(sockets: 300, engine: .ring)
        let port = try loop.listen()
        let clients = try loop.on { driver, loop in
            let clients = try (0..<200).map { _ in try TestSocket(port: port) }
            loop.close(driver.sockets[0] ?? .none)
            return clients
        }
        for client in clients { try client.send("hello") }
        for tag in UInt32(100)..<300 { try loop.wait(for: tag, last: .received("hello")) }
        #expect(try loop.on { _, loop in loop.socketCount } == 200)
    }

    /// A message may give the listener's number to another one.
    @Test func whoWasAcceptedBeforeAMessageIsToldBeforeIt() throws {
        let loop = try TestLoop(sockets: 300, engine: .ring)
        let port = try loop.listen()
        let clients = try loop.on { driver, loop in
            let clients = try Self.connect(200, to: port, on: &loop)
            loop.close(driver.sockets[0] ?? .none)
            return clients
        }
        let told = try loop.on { driver, _ in driver.nextTag - 100 }
        #expect(told == 200)
        withExtendedLifetime(clients) {}
    }

    /// A batch of a turn, and others in between.
    @Test func aFloodStarvesNobody() throws {
        let loop = try TestLoop(sockets: 600, engine: .ring)
        let port = try loop.listen()
        let other = try loop.accept(on: port)
        let toldBefore = Monitor<UInt32?>(nil)
        try loop.on { driver, _ in
            driver.reply = { event, tag, driver, _ in
                if tag == 100 { toldBefore.change { $0 = driver.nextTag - 101 } }
            }
        }
        let clients = try loop.on { _, _ in
            let clients = try (0..<500).map { _ in try TestSocket(port: port) }
            try other.send("hello")
            return clients
        }
        for tag in 101..<UInt32(601) { try loop.wait(for: tag) { $0.isEmpty ? nil : true } }
        #expect(toldBefore.value ?? .max <= 3 * 64)
        // The flood is over.
        _ = try loop.accept(on: port, tag: 601)
        _ = try loop.turnsAtRest()
        #expect(try loop.accepting(0) == .byKernel)
        withExtendedLifetime(clients) {}
    }

    /// A copy of the socket may be accepted on by others: the kernel would wake only one of those whom it accepts for.
    @Test func aSocketThatOthersHaveIsPolled() throws {
        let loop = try TestLoop(engine: .ring)
        let other = try TestLoop(engine: .ring)
        let port = try loop.listen()
        _ = try loop.accept(on: port)
        let copy = try loop.on { driver, loop in try loop.copyDescriptor(of: driver.sockets[0] ?? .none) }
        _ = try loop.turnsAtRest()
        #expect(try loop.accepting(0) == .byLoop)
        try other.on { driver, loop in
            driver.sockets[0] = try loop.listen(on: copy, tag: 0, isShared: true)
        }
        #expect(try other.accepting(0) == .byLoop)
        _ = try loop.turnsAtRest()
        // Neither of them knows: it is the other's when the first one leaves.
        let client = try loop.on { driver, loop in
            let client = try TestSocket(port: port)
            loop.close(driver.sockets[0] ?? .none)
            return client
        }
        try client.send("hello")
        try other.wait(for: 100, last: .received("hello"))
        #expect(loop.events(101) == [])
    }
}

/// How a listener accepts.
enum Accepting: Equatable { case byKernel, byLoop, not }

extension TestLoop {
    /// How a listener on a ring accepts, after the turn that goes on.
    func accepting(_ tag: UInt32) throws -> Accepting {
        for _ in 0..<2 { try on { _, _ in } }
        return try on { driver, loop in
            let state = loop.sockets[(driver.sockets[tag] ?? .none).index].ring
            if state.contains(.accept) { return .byKernel }
            return state.contains(.awaitInput) ? .byLoop : .not
        }
    }
}
