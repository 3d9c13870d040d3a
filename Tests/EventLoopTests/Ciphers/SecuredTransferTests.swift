import MartletEventLoop
import MartletTestSupport
import Testing

/// Two loops that talk to each other through ciphers.
@Suite struct SecuredTransferTests {
    private static let blocks = 200

    /// Both send at once, more than the kernel holds, and one of them reads nothing for a while.
    @Test func nothingIsLostInEitherDirection() throws {
        let server = try TestLoop()
        let client = try TestLoop()
        try server.on { driver, _ in driver.makeCipher = { FakeCipher(isClient: false, FakeScript()) } }
        try client.connectSecured(to: try server.listen())
        try client.wait(for: 1, event: .connected)
        try server.wait(for: 100, event: .secured)
        try server.on { driver, loop in loop.setReceiving(driver.sockets[100] ?? .none, false) }
        try send(client, 1, seed: 0)
        try send(server, 100, seed: 1_000)
        try client.wait(for: 1) { Self.count($0) == Self.blocks * 50_000 ? true : nil }
        #expect(try client.on { _, loop in loop.pool.usedBytes <= 4 * loop.pool.largeBytes })
        try server.on { driver, loop in loop.setReceiving(driver.sockets[100] ?? .none, true) }
        try server.wait(for: 100) { Self.count($0) == Self.blocks * 50_000 ? true : nil }
        #expect(Self.received(client.events(1)) == (0..<Self.blocks).flatMap { pattern(50_000, seed: 1_000 + $0) })
        #expect(Self.received(server.events(100)) == (0..<Self.blocks).flatMap { pattern(50_000, seed: $0) })
    }

    private func send(_ loop: TestLoop, _ tag: UInt32, seed: Int) throws {
        try loop.on { driver, loop in
            let next = Monitor(0)
            let sendMore: @Sendable (inout RecordingDriver, inout EventLoop) -> Void = { driver, loop in
                while next.value < Self.blocks && !loop.isSendPending(driver.sockets[tag] ?? .none) {
                    let block = next.change { number in
                        number += 1
                        return number - 1
                    }
                    _ = driver.send(pattern(50_000, seed: seed + block), to: tag, on: &loop)
                }
            }
            driver.reply = { event, _, driver, loop in
                if case .sent = event { sendMore(&driver, &loop) }
            }
            sendMore(&driver, &loop)
        }
    }

    private static func received(_ events: [Event]) -> [UInt8] {
        events.flatMap { event -> [UInt8] in
            if case .received(let bytes) = event { bytes } else { [] }
        }
    }

    private static func count(_ events: [Event]) -> Int {
        events.reduce(0) { sum, event in if case .received(let bytes) = event { sum + bytes.count } else { sum } }
    }
}
