import MartletEventLoop
import MartletTestSupport
import Testing

@Suite struct HandshakeTests {
    private let loop: TestLoop

    init() throws { loop = try TestLoop() }

    /// Messages that are short, longer than a receive buffer, and of every number on either side.
    private static let handshakes = [
        [1], [300, 2_000], [300, 2_000, 100], [1, 1, 1, 1, 1, 1], [100_000, 50_000, 90_000], [10, 300_000, 10],
    ]

    @Test(arguments: handshakes)
    func ofAnAcceptedSocketIsReportedOnceAndBeforePlaintext(handshake: [Int]) throws {
        let peer = try loop.acceptSecured(FakeScript(handshake: handshake))
        try peer.shakeHands()
        try peer.send("hello")
        try loop.wait(for: 100, last: .received("hello"))
        #expect(loop.story == [.secured, .received("hello")])
    }

    @Test(arguments: handshakes)
    func ofAConnectingSocketIsReportedOnceAndBeforePlaintext(handshake: [Int]) throws {
        let script = FakeScript(handshake: handshake)
        let server = try ScriptedServer { socket, _ in
            let peer = FakePeer(socket, isClient: false, script)
            try peer.shakeHands()
            try peer.send(try peer.receive(exactly: 5))
            _ = try socket.receiveUntilGone()
        }
        try loop.connectSecured(to: server.port, script, sending: Array("early".utf8))
        try loop.wait(for: 1, last: .received("early"))
        #expect(loop.events(1) == [.connected, .sent(5, isIdle: true), .received("early")])
    }

    /// The cipher has little room: for what it says in the handshake, and for what it says when that is complete, which
    /// keeps it from the plaintext that it already has.
    @Test(arguments: [1, 7, 5_000])
    func goesOnWhenThereIsLittleRoom(room: Int) throws {
        let script = FakeScript(afterwards: 20 * room, outputRoom: room)
        let peer = try loop.acceptSecured(script)
        try peer.shakeHands()
        try peer.send("hello")
        try loop.wait(for: 100, last: .received("hello"))
    }

    @Test(arguments: [1, 7, 5_000])
    func plaintextThatCameWithItsEndIsNotForgottenForLackOfRoom(room: Int) throws {
        let peer = try loop.acceptSecured(FakeScript(handshake: [10, 10, 10], afterwards: 20 * room, outputRoom: room))
        try peer.socket.send(peer.cipher.open([]).output)
        let last = peer.cipher.open(try peer.socket.receive(exactly: 14)).output
        #expect(peer.cipher.isEstablished)
        try peer.socket.send(last + peer.cipher.seal(pattern(30_000)))
        try loop.wait(for: 100, last: .received(pattern(30_000)))
        #expect(loop.story == [.secured, .received(pattern(30_000))])
    }

    @Test func aByteAtATimeIsEnough() throws {
        let peer = try loop.acceptSecured(FakeScript(handshake: [20, 20, 20]))
        for byte in peer.cipher.open([]).output {
            try peer.socket.send([byte])
            try loop.catchUp()
        }
        let answer = try peer.socket.receive(exactly: 24)
        for byte in peer.cipher.open(answer).output + peer.cipher.seal(Array("hello".utf8)) {
            #expect(!loop.story.contains(.received("hello")))
            try peer.socket.send([byte])
            try loop.catchUp()
        }
        try loop.wait(for: 100, last: .received("hello"))
        #expect(loop.story == [.secured, .received("hello")])
    }

    @Test func goesOnWhetherOrNotTheDriverWantsBytes() throws {
        try loop.on { driver, _ in driver.receivesAtOnce = false }
        let peer = try loop.acceptEstablished()
        try peer.send("hello")
        try loop.catchUp()
        #expect(loop.story == [.secured])
        try loop.on { driver, loop in loop.setReceiving(driver.sockets[100] ?? .none, true) }
        try loop.wait(for: 100, last: .received("hello"))
    }

    @Test func plaintextThatCameWithItsEndWaitsForADriverThatWantsNone() throws {
        try loop.on { driver, _ in driver.receivesAtOnce = false }
        let peer = try loop.acceptSecured(FakeScript(handshake: [10, 10, 10]))
        try peer.socket.send(peer.cipher.open([]).output)
        let last = peer.cipher.open(try peer.socket.receive(exactly: 14)).output
        try peer.socket.send(last + peer.cipher.seal(Array("hello".utf8)) + peer.cipher.end())
        peer.socket.shutdownSend()
        try loop.wait(for: 100, last: .secured)
        #expect(try loop.turnsAtRest() <= 2)
        #expect(loop.story == [.secured])
        try loop.on { driver, loop in loop.setReceiving(driver.sockets[100] ?? .none, true) }
        try loop.wait(for: 100, last: .ended)
        #expect(loop.story == [.secured, .received("hello"), .ended])
        #expect(try loop.on { driver, loop in !loop.isTruncated(driver.sockets[100] ?? .none) })
    }

    @Test func whatIsSentBeforeItIsCompleteWaitsInOrder() throws {
        let peer = try loop.acceptSecured()
        try loop.on { driver, loop in
            for seed in 0..<3 { check(!driver.send(pattern(1_000, seed: seed), to: 100, on: &loop)) }
            check(loop.isSendPending(driver.sockets[100] ?? .none))
        }
        try peer.shakeHands()
        for seed in 0..<3 { #expect(try peer.receive(exactly: 1_000) == pattern(1_000, seed: seed)) }
        try loop.wait(for: 100, last: .sent(1_000, isIdle: true))
        let waited = Event.sent(1_000, isIdle: false)
        #expect(loop.story == [.secured, waited, waited, .sent(1_000, isIdle: true)])
    }

    @Test func whatWaitsForItCanBeTakenBack() throws {
        _ = try loop.acceptSecured()
        let taken = try loop.on { driver, loop in
            check(!driver.send(pattern(1_000), to: 100, on: &loop))
            guard let buffer = loop.takeUnsent(driver.sockets[100] ?? .none) else { return [UInt8]() }
            check(!loop.isSendPending(driver.sockets[100] ?? .none))
            loop.close(driver.sockets[100] ?? .none)
            return bytes(buffer)
        }
        #expect(taken == pattern(1_000))
    }

    @Test func anEndInItsMiddleIsAFailure() throws {
        let peer = try loop.acceptSecured()
        try peer.socket.send(peer.cipher.open([]).output)
        peer.socket.shutdownSend()
        try loop.wait(for: 100, last: .failed(.connectionReset))
        #expect(loop.story == [.failed(.connectionReset)])
        #expect(try loop.turnsAtRest() <= 2)
    }

    @Test func anEndThatIsSaidInItsMiddleIsAFailure() throws {
        let peer = try loop.acceptSecured()
        try peer.socket.send(FakeCipher(isClient: true, FakeScript(endsBefore: 0)).open([]).output)
        try loop.wait(for: 100, last: .failed(.connectionReset))
        #expect(loop.story == [.failed(.connectionReset)])
        #expect(try loop.turnsAtRest() <= 2)
    }

    @Test func aResetInItsMiddleIsAFailure() throws {
        let peer = try loop.acceptSecured()
        try peer.socket.send(peer.cipher.open([]).output)
        peer.socket.reset()
        try loop.wait(for: 100, last: .failed(.connectionReset))
        #expect(loop.story == [.failed(.connectionReset)])
    }

    @Test func anythingElseIsAFailureAndThePeerIsTold() throws {
        let peer = try loop.acceptSecured()
        try peer.send(.invalid)
        try loop.wait(for: 100) { $0.count > 1 ? true : nil }
        #expect(loop.story == [.failed(.protocolError)])
        #expect(try peer.socket.receive(exactly: 4) == FakeCipher.record(.alert, 2))
        #expect(try loop.turnsAtRest() <= 2)
    }

    @Test func ofAServerThatRefusesIsAFailure() throws {
        let server = try ScriptedServer { socket, _ in
            try socket.send(FakeCipher.record(.alert, 2) + [0, 0])
            _ = try socket.receiveUntilGone()
        }
        try loop.connectSecured(to: server.port, sending: [1, 2, 3])
        try loop.wait(for: 1, last: .failed(.protocolError))
        #expect(loop.events(1) == [.failed(.protocolError)])
        let taken = try loop.on { driver, loop in
            guard let buffer = loop.takeUnsent(driver.sockets[1] ?? .none) else { return [UInt8]() }
            return bytes(buffer)
        }
        #expect(taken == [1, 2, 3])
    }

    @Test func theTimerRunsInIt() throws {
        let peer = try loop.acceptSecured()
        try loop.on { driver, loop in
            driver.reaction = { tag, driver, loop in loop.close(driver.sockets[tag] ?? .none) }
            loop.setTimer(driver.sockets[100] ?? .none, at: loop.milliseconds)
        }
        #expect(try peer.socket.receiveUntilEnd() == [])
        try loop.wait(for: 100, event: .expired)
        #expect(loop.story == [.expired])
    }

    /// Whatever is asked of a socket in the call that says it is complete.
    @Test func theDriverMayCloseInTheCallThatReportsIt() throws {
        try loop.on { driver, _ in
            driver.reply = { event, tag, driver, loop in
                if event == .secured { loop.close(driver.sockets[tag] ?? .none) }
            }
        }
        let peer = try loop.acceptSecured(FakeScript(handshake: [10, 10, 10]))
        try loop.on { driver, loop in _ = driver.send([1], to: 100, on: &loop) }
        try peer.socket.send(peer.cipher.open([]).output)
        let last = peer.cipher.open(try peer.socket.receive(exactly: 14)).output
        try peer.socket.send(last + peer.cipher.seal(Array("hello".utf8)))
        _ = try peer.socket.receiveUntilGone()
        #expect(loop.story == [.secured])
        #expect(try loop.on { _, loop in loop.pool.usedBytes == 0 && loop.socketCount == 1 })
    }

    @Test func theDriverMayCloseInTheCallThatSaysItIsConnected() throws {
        let server = try ScriptedServer { socket, _ in
            let peer = FakePeer(socket, isClient: false, FakeScript())
            try peer.shakeHands()
            #expect(try peer.receiveUntilEnd() == (bytes: [], wasSaid: true))
        }
        try loop.on { driver, _ in
            driver.reply = { _, tag, driver, loop in loop.close(driver.sockets[tag] ?? .none) }
        }
        try loop.connectSecured(to: server.port)
        #expect(server.waitForConnections(1) && server.waitForScripts())
        #expect(loop.events(1) == [.connected] && server.failures == [])
    }

    /// The request goes out with the last message.
    @Test func theDriverMaySendInTheCallThatReportsIt() throws {
        try loop.on { driver, _ in
            driver.reply = { event, tag, driver, loop in
                if event == .secured { check(driver.send(Array("first".utf8), to: tag, on: &loop)) }
            }
        }
        let peer = try loop.acceptEstablished()
        #expect(try peer.receive(exactly: 5) == Array("first".utf8))
    }
}
