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
