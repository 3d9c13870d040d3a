import MartletEventLoop
import MartletTestSupport
import Testing

/// Events of one turn that concern a socket which was closed earlier in it.
@Suite struct StaleEventTests {
    private let loop: TestLoop
    private let port: UInt16
    private let clients: [TestSocket]

    init() throws {
        let loop = try TestLoop()
        let port = try loop.listen()
        clients = try (0..<4).map { try loop.accept(on: port, tag: 100 + $0) }
        self.loop = loop
        self.port = port
    }

    private var received: [UInt32] {
        (100..<104).filter { tag in loop.events(tag).contains { if case .received = $0 { true } else { false } } }
    }

    @Test func areDropped() throws {
        try loop.on { driver, _ in
            driver.reaction = { _, driver, loop in
                for tag in UInt32(100)..<104 { loop.close(driver.sockets[tag] ?? .none) }
            }
        }
        try loop.whileItStands { for client in clients { try client.send("x") } }
        for client in clients { _ = try client.receiveUntilGone() }
        #expect(received.count == 1)
        #expect((100..<104).allSatisfy { loop.events($0).count <= 2 })
    }

    @Test func areNotTheSuccessors() throws {
        let server = try ScriptedServer { socket, _ in _ = try socket.receiveUntilEnd() }
        let place = SocketAddress.loopback(port: server.port)
        try loop.on { driver, _ in
            driver.reaction = { _, driver, loop in
                let old = (100..<104).map { driver.sockets[$0] ?? .none }
                for socket in old { loop.close(socket) }
                for tag in 1...4 { driver.sockets[UInt32(tag)] = try? loop.connect(to: place, tag: UInt32(tag)) }
                let places = Set((1...4).map { driver.sockets[$0]?.index })
                check(!LoopEngine.closesAtOnce || places == Set(old.map(\.index)))
            }
        }
        try loop.whileItStands { for client in clients { try client.send("x") } }
        for tag in 1...4 { try loop.wait(for: UInt32(tag), last: .connected) }
        #expect(received.count == 1)
        #expect((1...4).allSatisfy { loop.events($0) == [.connected] })
    }

    @Test func leftoversOfAClosedSocketAreDroppedToo() throws {
        try loop.on { driver, _ in
            driver.reaction = { _, driver, loop in
                for tag in UInt32(100)..<104 { loop.close(driver.sockets[tag] ?? .none) }
            }
        }
        // More than a buffer holds: each socket would have had more to do in the next turn.
        try loop.whileItStands {
            for client in clients { _ = try client.fill(atMost: 200_000, quiet: .milliseconds(20)) }
        }
        for client in clients { _ = try client.receiveUntilGone() }
        #expect(received.count == 1)
        #expect(try loop.on { _, loop in loop.socketCount } == 1)
    }
}
