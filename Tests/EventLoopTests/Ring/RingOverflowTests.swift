// More completions in a turn than there is room for: the kernel keeps the rest, and none is lost.
import MartletEventLoop
import MartletTestSupport
import Testing

@Suite(.enabled(if: TestHost.hasRing, "no io_uring here"), .timeLimit(.minutes(20))) struct RingOverflowTests {
    /// The ring has room for 4096 completions.
    private static let count = 4_500

    /// A loop that may have so many connections, in a process that may have twice as many descriptors.
    private static func isPossible() -> Bool { Host.raiseDescriptorLimit(to: count * 3) >= count * 3 }

    @Test(.enabled(if: isPossible(), "too few descriptors")) func nothingIsLost() throws {
        // A small buffer for each, and some for the kernel.
        let loop = try TestLoop(sockets: Self.count + 10, buffers: 400, engine: .ring, sendsTogether: true)
        let port = try loop.listen()
        let clients = try (0..<Self.count).map { _ in try TestSocket(port: port, limit: .seconds(60)) }
        let last = RecordingDriver.firstTag + UInt32(Self.count) - 1
        try loop.wait(for: last, .seconds(60)) { $0.isEmpty ? nil : true }
        for _ in 0..<2 {
            // All of it in one turn.
            try loop.on { driver, loop in
                for tag in RecordingDriver.firstTag...last { check(!driver.send([7], to: tag, on: &loop)) }
            }
            for client in clients { #expect(try client.receive(exactly: 1) == [7]) }
            try loop.whileItStands { for client in clients { try client.send("x") } }
        }
        for tag in RecordingDriver.firstTag...last {
            try loop.wait(for: tag, .seconds(60)) { events in
                let sent = events.count { $0 == .sent(1, isIdle: true) }
                let received = events.reduce(0) { if case .received(let bytes) = $1 { $0 + bytes.count } else { $0 } }
                return sent == 2 && received == 2 ? true : nil
            }
        }
    }
}
