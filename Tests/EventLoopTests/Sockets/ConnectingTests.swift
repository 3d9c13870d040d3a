import Glibc
import MartletEventLoop
import MartletTestSupport
import Testing

@Suite struct ConnectingTests {
    /// Starts to connect as socket 1. What can be told at once stands there as well.
    private func connect(_ loop: TestLoop, to address: SocketAddress, sending first: String? = nil) throws {
        try loop.on { driver, loop in
            let socket = try loop.connect(to: address, tag: 1)
            driver.sockets[1] = socket
            if let first { _ = driver.send(Array(first.utf8), to: 1, on: &loop) }
        }
    }

    @Test func connectsSendsAndReceives() throws {
        let loop = try TestLoop()
        let server = try ScriptedServer { socket, _ in try socket.send(try socket.receive(until: "\n")) }
        try connect(loop, to: .loopback(port: server.port))
        try loop.wait(for: 1, last: .connected)
        try loop.on { driver, loop in _ = driver.send(Array("hello\n".utf8), to: 1, on: &loop) }
        try loop.wait(for: 1, last: .ended)
        #expect(loop.events(1) == [.connected] + LoopEngine.sentAtOnce(6) + [.received("hello\n"), .ended])
    }

    @Test func whatIsSentBeforeItStandsWaits() throws {
        let loop = try TestLoop()
        let server = try ScriptedServer { socket, _ in try socket.send(try socket.receive(until: "\n")) }
        try connect(loop, to: .loopback(port: server.port), sending: "early\n")
        try loop.wait(for: 1, last: .ended)
        #expect(loop.events(1) == [.connected, .sent(6, isIdle: true), .received("early\n"), .ended])
    }

    @Test func aRefusalIsAFailure() throws {
        let loop = try TestLoop()
        let server = try ScriptedServer { _, _ in }
        server.stop()
        do {
            try connect(loop, to: .loopback(port: server.port))
            try loop.wait(for: 1, last: .failed(SystemError(ECONNREFUSED)))
            #expect(loop.events(1).count == 1)
        } catch let error as SystemError {
            #expect(error == SystemError(ECONNREFUSED))
        }
    }

    @Test func whatWaitsForARefusedConnectionIsWithTheLoopUntilTheSocketIsClosed() throws {
        let loop = try TestLoop()
        let server = try ScriptedServer { _, _ in }
        server.stop()
        do {
            try connect(loop, to: .loopback(port: server.port), sending: "for another server")
        } catch is SystemError {
            return
        }
        try loop.wait(for: 1, last: .failed(SystemError(ECONNREFUSED)))
        let taken = try loop.on { driver, loop in
            guard let buffer = loop.takeUnsent(driver.sockets[1] ?? .none) else { return [UInt8]() }
            return bytes(buffer)
        }
        #expect(taken == Array("for another server".utf8))
    }

    @Test func connectsToAUnixSocket() throws {
        let loop = try TestLoop()
        let path = "/tmp/martlet-server-\(UInt64.random(in: 0 ... .max))"
        let server = try ScriptedServer(path: path) { socket, _ in try socket.send("hello") }
        try connect(loop, to: SocketAddress(path: path))
        try loop.wait(for: 1, last: .ended)
        #expect(loop.events(1) == [.connected, .received("hello"), .ended])
        server.stop()
    }

    @Test func aPathWithoutSocketIsToldAtOnce() throws {
        let loop = try TestLoop()
        let before = try loop.on { _, loop in loop.socketCount }
        #expect(throws: SystemError(ENOENT)) { try connect(loop, to: SocketAddress(path: "/tmp/no/such/socket")) }
        let long = String(repeating: "x", count: 200)
        #expect(throws: SystemError(ENAMETOOLONG)) { try connect(loop, to: SocketAddress(path: long)) }
        #expect(try loop.on { _, loop in loop.socketCount } == before)
    }
}
