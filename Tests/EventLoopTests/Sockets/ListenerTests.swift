import Glibc
import MartletEventLoop
import MartletTestSupport
import Testing

@Suite struct ListenerTests {
    @Test func acceptsAndNamesThePeer() throws {
        let loop = try TestLoop()
        let port = try loop.listen()
        let client = try loop.accept(on: port)
        let address = SocketAddress.loopback(port: client.port)
        let peer = PeerAddress(high: address.high, low: address.low, port: client.port)
        #expect(loop.events(100) == [.accepted(from: peer)])
    }

    @Test func acceptsOnAUnixSocket() throws {
        let loop = try TestLoop()
        let path = "/tmp/martlet-loop-\(UInt64.random(in: 0 ... .max))"
        try loop.on { driver, loop in
            driver.sockets[0] = try loop.listen(on: try Listening.open(SocketAddress(path: path)), tag: 0)
        }
        let client = try TestSocket(path: path)
        try client.send("hello")
        try loop.wait(for: 100, last: .received("hello"))
        #expect(loop.events(100).first == .accepted(from: PeerAddress(high: 0, low: 0, port: 0, isLocal: true)))
        _ = try ChildProcess.run("rm", [path])
    }

    @Test func acceptsMoreThanABatchAtOnce() throws {
        let loop = try TestLoop(sockets: 300)
        let port = try loop.listen()
        var clients: [TestSocket] = []
        try loop.whileItStands {
            for _ in 0..<150 { clients.append(try TestSocket(port: port)) }
        }
        for tag in 100..<UInt32(100 + clients.count) { try loop.wait(for: tag) { $0.isEmpty ? nil : true } }
        #expect(try loop.on { _, loop in loop.socketCount } == 151)
    }

    @Test func aPausedOneLeavesClientsInTheBacklog() throws {
        let loop = try TestLoop()
        let port = try loop.listen()
        try loop.on { driver, loop in
            loop.setAccepting(driver.sockets[0] ?? .none, false)
            loop.setAccepting(driver.sockets[0] ?? .none, false)
        }
        let client = try TestSocket(port: port)
        try client.send("hello")
        let turns = loop.turns
        #expect(client.isQuiet(for: .milliseconds(50)))
        #expect(loop.events(100) == [] && loop.turns <= turns + 2)
        try loop.on { driver, loop in loop.setAccepting(driver.sockets[0] ?? .none, true) }
        try loop.wait(for: 100, last: .received("hello"))
    }

    @Test func aClosedOneRefuses() throws {
        let loop = try TestLoop()
        let port = try loop.listen()
        try loop.on { driver, loop in loop.close(driver.sockets[0] ?? .none) }
        let failure = #expect(throws: TestFailure.self) { try TestSocket(port: port) }
        #expect(failure?.code == ECONNREFUSED)
    }

    @Test func moreThanItsLimitAreClosed() throws {
        let loop = try TestLoop(sockets: 2)
        let port = try loop.listen()
        let first = try loop.accept(on: port)
        let second = try TestSocket(port: port)
        #expect(try second.receiveUntilGone().bytes == [])
        try loop.wait(for: 0, last: .acceptFailed(.tooManyDescriptors))
        first.close()
        try loop.wait(for: 100, last: .ended)
        try loop.on { driver, loop in loop.close(driver.sockets[100] ?? .none) }
        _ = try loop.accept(on: port, tag: 101)
    }
}
