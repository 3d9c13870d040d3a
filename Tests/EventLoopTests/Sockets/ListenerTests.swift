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
        let folder = try TestFolder()
        let path = folder.path("socket")
        try loop.on { driver, loop in
            driver.sockets[0] = try loop.listen(on: try Listening.open(SocketAddress(path: path)), tag: 0)
        }
        let client = try TestSocket(path: path)
        try client.send("hello")
        try loop.wait(for: 100, last: .received("hello"))
        #expect(loop.events(100).first == .accepted(from: PeerAddress(high: 0, low: 0, port: 0, isLocal: true)))
        withExtendedLifetime(folder) {}
    }

    /// Whoever has reset its connection before anybody has looked is named as well.
    @Test func namesAPeerThatIsGone() throws {
        let loop = try TestLoop()
        let port = try loop.listen()
        var peer = PeerAddress(high: 0, low: 0, port: 0)
        try loop.whileItStands {
            let client = try TestSocket(port: port)
            let address = SocketAddress.loopback(port: client.port)
            peer = PeerAddress(high: address.high, low: address.low, port: client.port)
            client.reset()
        }
        try loop.wait(for: 100) { $0.count > 1 ? true : nil }
        #expect(loop.events(100) == [.accepted(from: peer), .failed(.connectionReset)])
        #expect(loop.events(0) == [])
    }

    @Test func namesAPeerThatHasLeftAUnixSocket() throws {
        let loop = try TestLoop()
        let folder = try TestFolder()
        let path = folder.path("socket")
        try loop.on { driver, loop in
            driver.sockets[0] = try loop.listen(on: try Listening.open(SocketAddress(path: path)), tag: 0)
        }
        try loop.whileItStands { try TestSocket(path: path).close() }
        try loop.wait(for: 100) { $0.count > 1 ? true : nil }
        #expect(loop.events(100) == [.accepted(from: PeerAddress(high: 0, low: 0, port: 0, isLocal: true)), .ended])
        withExtendedLifetime(folder) {}
    }

    /// Loops on sockets of their own on one port, and on one socket: each client is one loop's.
    @Test(arguments: [false, true]) func severalLoopsShareTheClients(isShared: Bool) throws {
        let loops = try (0..<2).map { _ in try TestLoop(sockets: 300) }
        let port = try loops[0].listen()
        if isShared {
            let copy = try loops[0].on { driver, loop in try loop.copyDescriptor(of: driver.sockets[0] ?? .none) }
            _ = try Listening.adopt(copy)
            try loops[1].on { driver, loop in
                driver.sockets[0] = try loop.listen(on: copy, tag: 0, isShared: true)
            }
        } else {
            _ = try loops[1].listen(port: port)
        }
        for loop in loops {
            try loop.on { driver, _ in
                driver.reply = { event, tag, driver, loop in
                    if case .received = event { _ = driver.send([1], to: tag, on: &loop) }
                }
            }
        }
        let clients = try (0..<200).map { _ in try TestSocket(port: port) }
        for client in clients { try client.send("hello") }
        for client in clients { #expect(try client.receive(exactly: 1) == [1]) }
        let counts = try loops.map { try $0.on { driver, _ in Int(driver.nextTag - RecordingDriver.firstTag) } }
        #expect(counts.reduce(0, +) == 200)
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
