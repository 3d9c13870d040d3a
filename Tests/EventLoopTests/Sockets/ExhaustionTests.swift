import Glibc
import MartletTestSupport
import Testing

@testable import MartletEventLoop

/// The process has no descriptor left. In a process of its own, which has no other tests to disturb.
@Suite struct ExhaustionTests {
    @Test func clientsAreToldAndTheLoopRests() async {
        await #expect(processExitsWith: .success) {
            let loop = try TestLoop()
            let port = try loop.listen()
            try loop.on { driver, loop in loop.setAccepting(driver.sockets[0] ?? .none, false) }
            let clients = try (0..<3).map { _ in try TestSocket(port: port) }
            for client in clients { try client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n") }
            let limit = DescriptorLimit.useUp()
            try loop.on { driver, loop in loop.setAccepting(driver.sockets[0] ?? .none, true) }
            for client in clients {
                let response = try client.readResponse()
                #expect(response.status == 503 && response["Connection"] == "close")
                #expect(try client.receiveUntilEnd() == [])
            }
            try loop.wait(for: 0) { $0.count == 3 ? true : nil }
            #expect(loop.events(0) == Array(repeating: .acceptFailed(.tooManyDescriptors), count: 3))
            try expectRest(loop)
            DescriptorLimit.set(limit)
            let client = try loop.accept(on: port)
            try client.send("hello")
            try loop.wait(for: 100, last: .received("hello"))
        }
    }

    /// Descriptors run out while clients are accepted: the others are told, and all is well when there are some again.
    @Test func someAreServedAndTheOthersTold() async {
        await #expect(processExitsWith: .success) {
            let loop = try TestLoop()
            let port = try loop.listen()
            try loop.on { driver, loop in
                loop.setAccepting(driver.sockets[0] ?? .none, false)
                driver.reply = { event, tag, driver, loop in
                    if case .received = event { _ = driver.send([1], to: tag, on: &loop) }
                }
            }
            let clients = try (0..<8).map { _ in try TestSocket(port: port) }
            for client in clients { try client.send("hello") }
            let limit = DescriptorLimit.useUp(but: 5)
            try loop.on { driver, loop in loop.setAccepting(driver.sockets[0] ?? .none, true) }
            let served = try clients.count { try $0.receive(exactly: 1) == [1] }
            // The process may have needed some itself.
            #expect((1...5).contains(served))
            for client in clients.dropFirst(served) {
                #expect(try client.receiveUntilEnd().starts(with: "TTP/1.1 503".utf8))
            }
            try loop.wait(for: 0) { $0.count >= 8 - served ? true : nil }
            try expectRest(loop)
            DescriptorLimit.set(limit)
            let client = try loop.accept(on: port, tag: RecordingDriver.firstTag + UInt32(served))
            try client.send("hello")
            #expect(try client.receive(exactly: 1) == [1])
            if LoopEngine.tested == .ring { #expect(try loop.accepting(0) == .byKernel) }
        }
    }

    @Test func whileNobodyWaitsNobodyIsTold() async {
        await #expect(processExitsWith: .success) {
            let loop = try TestLoop()
            let port = try loop.listen()
            try loop.on { driver, loop in loop.setAccepting(driver.sockets[0] ?? .none, false) }
            let limit = DescriptorLimit.useUp()
            try loop.on { driver, loop in loop.setAccepting(driver.sockets[0] ?? .none, true) }
            try expectRest(loop)
            #expect(loop.events(0) == [])
            DescriptorLimit.set(limit)
            _ = try loop.accept(on: port)
        }
    }

    @Test func withoutItsReserveTheLoopTriesAgainLater() async {
        await #expect(processExitsWith: .success) {
            let loop = try TestLoop()
            let port = try loop.listen()
            try loop.on { driver, loop in loop.setAccepting(driver.sockets[0] ?? .none, false) }
            let client = try TestSocket(port: port)
            try client.send("hello")
            // Another thread has got hold of the descriptor that the loop had in reserve.
            try loop.on { _, loop in
                close(loop.spare)
                loop.spare = -1
                _ = dup(0)
            }
            let limit = DescriptorLimit.useUp()
            try loop.on { driver, loop in loop.setAccepting(driver.sockets[0] ?? .none, true) }
            try loop.wait(for: 0, event: .acceptFailed(.tooManyDescriptors))
            try expectRest(loop)
            DescriptorLimit.set(limit)
            try loop.wait(for: 100, last: .received("hello"))
        }
    }
}

/// Expects that the loop goes round a few times at most in the next moment.
private func expectRest(_ loop: TestLoop) throws {
    let turns = loop.turns
    let isDone = Monitor(false)
    #expect(isDone.wait(.milliseconds(50)) { $0 ? true : nil } == nil)
    #expect(loop.turns <= turns + 3)
}
