// Descriptors that come with completions: none is lost, however many there are, and whatever ends meanwhile. In processes of their own,
// where nobody else opens any.
import Foundation
import MartletTestSupport
import Testing

@testable import MartletEventLoop

@Suite(.enabled(if: TestHost.hasRing, "no io_uring here"), .serialized, .timeLimit(.minutes(20)))
struct RingDescriptorTests {
    /// A process may have so many.
    private static func isPossible(_ count: Int) -> Bool { Host.raiseDescriptorLimit(to: count) >= count }

    @Test func whoIsNotTheDriversWhenTheLoopEndsIsClosed() async {
        await #expect(processExitsWith: .success) {
            let before = try openSockets()
            var clients: [TestSocket] = []
            do {
                let loop = try TestLoop(engine: .ring)
                let port = try loop.listen()
                clients = try loop.on { _, loop in
                    let clients = try (0..<50).map { _ in try TestSocket(port: port) }
                    check(loop.ring.enter(wanted: 0, nanoseconds: 0) == 0 && loop.ring.count >= 50)
                    loop.stop()
                    return clients
                }
            }
            #expect(try openSockets() == before + 50)
            for client in clients { #expect(try client.receiveUntilGone().bytes == []) }
        }
    }

    /// As many as a backlog holds.
    @Test(.enabled(if: isPossible(9_000), "too few descriptors")) func fourThousandAtOnce() async {
        await #expect(processExitsWith: .success) {
            _ = Host.raiseDescriptorLimit(to: 9_000)
            let before = try openSockets()
            do {
                let loop = try TestLoop(sockets: 4_010, buffers: 400, engine: .ring)
                let port = try loop.listen()
                try acceptAndEnd(4_000, on: [port], loop)
            }
            #expect(try openSockets() == before)
        }
    }

    /// More than there is room for among completions: two backlogs of 2,500, and room for 4,096.
    @Test(.enabled(if: isPossible(12_000), "too few descriptors")) func moreThanThereIsRoomFor() async {
        await #expect(processExitsWith: .success) {
            _ = Host.raiseDescriptorLimit(to: 12_000)
            let before = try openSockets()
            do {
                let loop = try TestLoop(sockets: 5_010, buffers: 400, engine: .ring)
                let ports = [try loop.listen(), try loop.listen(tag: 1)]
                try acceptAndEnd(5_000, on: ports, loop)
                // The flood is over with the next ones.
                try acceptAndEnd(2, on: ports, loop)
                for tag in UInt32(0)..<2 { #expect(try loop.accepting(tag) == .byKernel) }
            }
            #expect(try openSockets() == before)
        }
    }

    /// The same, and the listeners are closed before anybody has been told of.
    @Test(.enabled(if: isPossible(12_000), "too few descriptors")) func closedWithMoreThanThereIsRoomFor() async {
        await #expect(processExitsWith: .success) {
            _ = Host.raiseDescriptorLimit(to: 12_000)
            let before = try openSockets()
            do {
                let loop = try TestLoop(sockets: 5_010, buffers: 400, engine: .ring)
                let ports = [try loop.listen(), try loop.listen(tag: 1)]
                let clients = try loop.on { driver, loop in
                    let clients = try (0..<5_000).map { try TestSocket(port: ports[$0 % 2]) }
                    for tag in UInt32(0)..<2 { loop.close(driver.sockets[tag] ?? .none) }
                    return clients
                }
                // Whoever was not accepted has been reset; nobody waits for ever.
                for client in clients { client.shutdownSend() }
                _ = try loop.turnsAtRest()
                let told = try loop.on { driver, loop in
                    for socket in driver.sockets.values.map(\.self) { loop.close(socket) }
                    return Int(driver.nextTag - RecordingDriver.firstTag)
                }
                #expect(told > 4_000 && told <= 5_000)
                for client in clients { #expect(try client.receiveUntilGone().bytes == []) }
            }
            #expect(try openSockets() == before)
        }
    }
}

/// The process's open sockets: the runtime has descriptors of other kinds that come and go.
private func openSockets() throws -> Int {
    try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count {
        let target = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/" + $0)
        return target?.hasPrefix("socket:") == true
    }
}

/// All of them connect while the loop stands, are served, and leave; the loop has none of them any longer.
private func acceptAndEnd(_ count: Int, on ports: [UInt16], _ loop: TestLoop) throws {
    var clients: [TestSocket] = []
    let first = try loop.on { driver, _ in driver.nextTag }
    try loop.on { driver, _ in
        driver.reply = { event, tag, driver, loop in
            if event == .ended { loop.close(driver.sockets[tag] ?? .none) }
        }
    }
    try loop.whileItStands {
        for number in 0..<count {
            clients.append(try TestSocket(port: ports[number % ports.count], limit: .seconds(60)))
        }
    }
    for client in clients { try client.send("x") }
    for tag in first..<first + UInt32(count) {
        try loop.wait(for: tag, .seconds(60)) { $0.contains(.received("x")) ? true : nil }
    }
    for client in clients { client.shutdownSend() }
    for client in clients { #expect(try client.receiveUntilEnd() == []) }
    _ = try loop.turnsAtRest()
    #expect(try loop.on { _, loop in loop.socketCount } == ports.count)
}
