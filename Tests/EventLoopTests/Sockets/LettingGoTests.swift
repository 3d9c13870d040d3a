import Glibc
import MartletEventLoop
import MartletTestSupport
import Testing

/// Sockets that are closed while something is going on. Debug builds overwrite buffers that are given back, so what is used after
/// that is seen by the peer.
@Suite struct LettingGoTests {
    private static let page = pattern(2_000)

    /// Waits until nothing but the listener is left, and no buffer is with anybody.
    private func expectNothingLeft(_ loop: TestLoop) throws {
        for _ in 0..<200 {
            let isEmpty = try loop.on { driver, loop in
                driver.kept = []
                return loop.socketCount == 1 && loop.pool.usedBytes == 0
            }
            if isEmpty { return }
        }
        throw TestFailure("sockets or buffers are left")
    }

    /// What was handed over before a close arrives, as far as there is room for it, one buffer or several.
    @Test(arguments: [1, 2, 5])
    func whatWasSentBeforeACloseArrives(count: Int) throws {
        let loop = try TestLoop()
        let client = try loop.accept(on: try loop.listen())
        try loop.on { driver, loop in
            for _ in 0..<count { _ = driver.send(Self.page, to: 100, on: &loop) }
            loop.close(driver.sockets[100] ?? .none)
        }
        #expect(try client.receiveUntilEnd() == Array((0..<count).map { _ in Self.page }.joined()))
        try expectNothingLeft(loop)
    }

    /// Each client sends and is answered; after some answers its connection is closed or aborted, whatever else is going on.
    @Test func closesAndResetsUnderLoadLoseNoBuffer() throws {
        let loop = try TestLoop()
        let port = try loop.listen()
        try loop.on { driver, _ in
            driver.reply = { event, tag, driver, loop in
                guard case .received = event else { return }
                for _ in 0..<3 { _ = driver.send(Self.page, to: tag, on: &loop) }
                let socket = driver.sockets[tag] ?? .none
                switch tag % 4 {
                case 0: loop.close(socket)
                case 1: loop.abort(socket)
                case 2: loop.setReceiving(socket, false)
                default: _ = loop.takeUnsent(socket)
                }
            }
        }
        for round in UInt32(0)..<10 {
            let clients = try (0..<8).map { try loop.accept(on: port, tag: 100 + round * 8 + $0) }
            try loop.whileItStands { for client in clients { try client.send("ping") } }
            for (number, client) in clients.enumerated() where number % 4 != 1 {
                #expect(try client.receive(exactly: 2_000) == Self.page)
                if number % 2 == 0 { try? client.send("more") } else { client.reset() }
            }
            try loop.on { driver, loop in
                for socket in driver.sockets.values.map(\.self) where socket != driver.sockets[0] { loop.close(socket) }
            }
        }
        try expectNothingLeft(loop)
    }

    /// A peer that has ended its side, and takes nothing, is waited for in peace.
    @Test func aSlowReaderThatHasEndedItsSideCostsNoTurns() throws {
        let loop = try TestLoop()
        let client = try loop.accept(on: try loop.listen(), receiveBuffer: 4_096)
        client.shutdownSend()
        try loop.wait(for: 100, event: .ended)
        let count = try loop.sendUntilPending(2)
        #expect(try loop.turnsAtRest() <= 3)
        for seed in 0..<count { #expect(try client.receive(exactly: 60_000) == pattern(60_000, seed: seed)) }
    }

    /// A connection of which bytes are not wanted is watched in peace, before and after its peer has ended its side.
    @Test func aPausedSocketCostsNoTurns() throws {
        let loop = try TestLoop()
        let client = try loop.accept(on: try loop.listen())
        try loop.on { driver, loop in loop.setReceiving(driver.sockets[100] ?? .none, false) }
        try client.send("unwanted")
        #expect(try loop.turnsAtRest() <= 4)
        client.shutdownSend()
        #expect(try loop.turnsAtRest() <= 4)
        #expect(try loop.on { driver, loop in loop.isPeerEnded(driver.sockets[100] ?? .none) })
        try loop.on { driver, loop in loop.setReceiving(driver.sockets[100] ?? .none, true) }
        try loop.wait(for: 100, last: .ended)
        #expect(loop.events(100).dropFirst() == [.received("unwanted"), .ended])
    }

    /// More connections have bytes than buffers are lent at a time, and more come than those hold.
    @Test func manyAtOnceLoseNothing() throws {
        let loop = try TestLoop(sockets: 200, buffers: 80)
        let port = try loop.listen()
        let clients = try (0..<100).map { try loop.accept(on: port, tag: 100 + $0) }
        for round in 0..<3 {
            try loop.whileItStands {
                for (number, client) in clients.enumerated() { try client.send(pattern(3_000, seed: number + round)) }
            }
        }
        for client in clients { client.shutdownSend() }
        for (number, _) in clients.enumerated() {
            try loop.wait(for: 100 + UInt32(number), last: .ended)
            let all = (0..<3).flatMap { pattern(3_000, seed: number + $0) }
            #expect(loop.events(100 + UInt32(number)).dropFirst() == [.received(all), .ended])
        }
        #expect(try loop.on { _, loop in loop.pool.usedBytes } == 0)
    }
}
