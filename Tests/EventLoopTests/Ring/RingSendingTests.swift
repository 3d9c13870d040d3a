// What a loop on io_uring sends by itself and what it hands to the kernel with all else, and which of both receives.
import MartletEventLoop
import MartletTestSupport
import Testing

@Suite(.enabled(if: TestHost.hasRing, "no io_uring here")) struct RingSendingTests {
    private let loop: TestLoop
    private let client: TestSocket

    init() throws {
        loop = try TestLoop(engine: .ring, sendsTogether: false)
        client = try loop.accept(on: try loop.listen(), receiveBuffer: 4_096)
    }

    private var story: [Event] { Array(loop.events(100).dropFirst()) }

    @Test func whereLittleHappensSendsAreMadeAtOnce() throws {
        #expect(try loop.on { driver, loop in driver.send(Array("hello".utf8), to: 100, on: &loop) })
        #expect(try client.receive(exactly: 5) == Array("hello".utf8))
        #expect(story == [])
    }

    /// Ten of them speak in one turn: what they are answered goes to the kernel together, but for what is much.
    @Test func whereMuchHappensOnlyMuchIsSentAtOnce() throws {
        let port = try loop.on { driver, loop in
            let descriptor = try Listening.open(.loopback(port: 0))
            _ = try loop.listen(on: descriptor, tag: 1)
            driver.reply = { event, tag, driver, loop in
                guard case .received(let bytes) = event else { return }
                let answer = bytes == Array("much".utf8) ? pattern(40_000) : Array("little".utf8)
                let isSent = driver.send(answer, to: tag, on: &loop)
                check(isSent == (answer.count == 40_000))
            }
            return try Listening.port(of: descriptor)
        }
        let peers = try (1...10).map { try loop.accept(on: port, tag: 100 + UInt32($0)) }
        try loop.whileItStands {
            for (place, peer) in peers.enumerated() { try peer.send(place == 4 ? "much" : "few") }
        }
        for (place, peer) in peers.enumerated() {
            let answer = place == 4 ? pattern(40_000) : Array("little".utf8)
            #expect(try peer.receive(exactly: answer.count) == answer)
        }
    }

    /// The first part is sent at once, and the rest when there is room: nothing may come between.
    @Test func whatIsCutShortKeepsItsPlace() throws {
        var sent = 0
        while try loop.on({ driver, loop in driver.send(pattern(60_000, seed: 1), to: 100, on: &loop) }) { sent += 1 }
        try loop.on { driver, loop in
            check(!driver.send(Array("behind".utf8), to: 100, on: &loop))
            check(loop.isSendPending(driver.sockets[100] ?? .none))
        }
        for _ in 0...sent { #expect(try client.receive(exactly: 60_000) == pattern(60_000, seed: 1)) }
        #expect(try client.receive(exactly: 6) == Array("behind".utf8))
        try loop.wait(for: 100, last: .sent(6, isIdle: true))
        #expect(story == [.sent(60_000, isIdle: false), .sent(6, isIdle: true)])
        #expect(try loop.on { driver, loop in driver.send(Array("end".utf8), to: 100, on: &loop) })
        #expect(try client.receive(exactly: 3) == Array("end".utf8))
    }

    @Test func aFailureIsReported() throws {
        while try loop.on({ driver, loop in driver.send(pattern(60_000), to: 100, on: &loop) }) {}
        client.reset()
        try loop.wait(for: 100) { if case .failed = $0.last { true } else { nil } }
        try loop.on { driver, loop in
            check(!driver.send(pattern(60_000), to: 100, on: &loop))
            loop.close(driver.sockets[100] ?? .none)
            check(loop.pool.usedBytes == 0)
        }
    }

    /// From much to little and back: the kernel and the loop receive in turns.
    @Test func whoeverReceivesNothingIsLost() throws {
        var all: [UInt8] = []
        for round in 0..<3 {
            let much = pattern(300_000, seed: round)
            try client.send(much)
            all += much
            try loop.wait(for: 100) { $0.last == .received(all) ? true : nil }
            for number in 0..<40 {
                let little = Array("\(round).\(number) ".utf8)
                try client.send(little)
                all += little
                try loop.wait(for: 100) { $0.last == .received(all) ? true : nil }
            }
        }
        client.shutdownSend()
        try loop.wait(for: 100, last: .ended)
        #expect(story == [.received(all), .ended])
    }

    /// Who is not read from may have filled a few buffers before that was known, and fills no more.
    @Test func whoIsNotReadFromIsHeldBack() throws {
        try loop.on { driver, loop in
            driver.keepsBuffers = true
            driver.reply = { event, tag, driver, loop in
                if case .received = event, let socket = driver.sockets[tag] { loop.setReceiving(socket, false) }
            }
        }
        for round in 0..<20 {
            let thread = TestThread { [client] in _ = try? client.fill(atMost: 64 << 20, quiet: .milliseconds(20)) }
            #expect(thread.join())
            let used = try loop.on { driver, loop in
                loop.setReceiving(driver.sockets[100] ?? .none, true)
                return loop.pool.usedBytes
            }
            #expect(used < (round + 1) * (80 << 10) + (640 << 10))
        }
    }
}
