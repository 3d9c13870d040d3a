import MartletEventLoop
import MartletTestSupport
import Testing

/// How a connection with a cipher ends, said and unsaid.
@Suite struct SecuredEndingTests {
    private let loop: TestLoop
    private let peer: FakePeer

    init() throws {
        loop = try TestLoop()
        peer = try loop.acceptEstablished()
    }

    private var isTruncated: Bool {
        get throws { try loop.on { driver, loop in loop.isTruncated(driver.sockets[100] ?? .none) } }
    }

    @Test(arguments: [true, false])
    func anEndThatIsSaidIsWhole(andShutDown: Bool) throws {
        try peer.socket.send(peer.cipher.seal(Array("all".utf8)) + peer.cipher.end())
        if andShutDown { peer.socket.shutdownSend() }
        try loop.wait(for: 100, last: .ended)
        #expect(loop.story == [.secured, .received("all"), .ended])
        #expect(try !isTruncated)
        #expect(try loop.on { driver, loop in loop.isPeerEnded(driver.sockets[100] ?? .none) })
        #expect(try loop.turnsAtRest() <= 2)
    }

    @Test func anEndWithoutAWordIsTruncated() throws {
        try peer.socket.send(peer.cipher.seal(Array("all".utf8)) + peer.cipher.seal(Array("cut".utf8)).prefix(5))
        peer.socket.shutdownSend()
        try loop.wait(for: 100, last: .ended)
        #expect(loop.story == [.secured, .received("all"), .ended])
        #expect(try isTruncated)
        #expect(try loop.turnsAtRest() <= 2)
    }

    @Test func whatIsSaidAfterTheEndIsOfNoInterest() throws {
        try peer.socket.send(peer.cipher.end() + peer.cipher.open([]).output + Array("rubbish".utf8))
        try loop.wait(for: 100, last: .ended)
        try peer.socket.send("more of it")
        #expect(try loop.turnsAtRest() <= 3)
        #expect(loop.story == [.secured, .ended])
    }

    @Test func anEndWaitsForADriverThatWantsNoBytes() throws {
        try loop.on { driver, loop in loop.setReceiving(driver.sockets[100] ?? .none, false) }
        try peer.socket.send(peer.cipher.end())
        peer.socket.shutdownSend()
        #expect(try loop.turnsAtRest() <= 3)
        #expect(loop.story == [.secured])
        try loop.on { driver, loop in loop.setReceiving(driver.sockets[100] ?? .none, true) }
        try loop.wait(for: 100, last: .ended)
    }

    @Test func sendingGoesOnAfterThePeersEnd() throws {
        try peer.socket.send(peer.cipher.end())
        try loop.wait(for: 100, last: .ended)
        #expect(try loop.on { driver, loop in driver.send(Array("answer".utf8), to: 100, on: &loop) })
        #expect(try peer.receive(exactly: 6) == Array("answer".utf8))
    }

    @Test func aFailureComesAfterThePlaintextBeforeIt() throws {
        try peer.socket.send(peer.cipher.seal(pattern(100_000)) + FakeCipher.record(.invalid, 0))
        try loop.wait(for: 100, last: .failed(.protocolError))
        #expect(loop.story == [.secured, .received(pattern(100_000)), .failed(.protocolError)])
        #expect(try peer.socket.receive(exactly: 4) == FakeCipher.record(.alert, 2))
        try peer.socket.send("more")
        #expect(try loop.turnsAtRest() <= 3)
        #expect(loop.story.count == 3)
        #expect(try loop.on { driver, loop in !driver.send([1], to: 100, on: &loop) })
    }

    @Test func aResetIsAFailureAndNoEnd() throws {
        peer.socket.reset()
        try loop.wait(for: 100, last: .failed(.connectionReset))
        #expect(loop.story == [.secured, .failed(.connectionReset)])
        #expect(try loop.turnsAtRest() <= 2)
    }

    @Test func aCloseSaysTheEnd() throws {
        try loop.on { driver, loop in
            check(driver.send(Array("bye".utf8), to: 100, on: &loop))
            loop.close(driver.sockets[100] ?? .none)
        }
        #expect(try peer.receiveUntilEnd() == (bytes: Array("bye".utf8), wasSaid: true))
    }

    @Test func anAbortDoesNot() throws {
        try loop.on { driver, loop in loop.abort(driver.sockets[100] ?? .none) }
        let gone = try peer.socket.receiveUntilGone()
        #expect(gone.bytes == [] && gone.ending == .reset)
    }

    @Test func theEndCanBeSentWhileReceivingGoesOn() throws {
        try loop.on { driver, loop in loop.shutdownSend(driver.sockets[100] ?? .none) }
        #expect(try peer.receiveUntilEnd() == (bytes: [], wasSaid: true))
        try peer.send(.question)
        try peer.send("late")
        try peer.socket.send(peer.cipher.end())
        try loop.wait(for: 100, last: .ended)
        #expect(loop.story == [.secured, .received("late"), .ended])
        try loop.on { driver, loop in loop.close(driver.sockets[100] ?? .none) }
    }

    /// The kernel takes more than it has promised, but then nothing at all: the word for the end has to wait as well.
    @Test func theEndWaitsForRoom() throws {
        let slow = try loop.acceptEstablished(receiveBuffer: 4_096, tag: 101)
        let block = pattern(16_384)
        let count = try loop.on { driver, loop in
            var count = 1
            while driver.send(block, to: 101, on: &loop) { count += 1 }
            return count
        }
        _ = try slow.receive(exactly: count * block.count)
        // As many fit a second time; whoever says the end behind them has no room for that.
        let other = try loop.acceptEstablished(receiveBuffer: 4_096, tag: 102)
        try loop.on { driver, loop in
            for _ in 1..<count { check(driver.send(block, to: 102, on: &loop)) }
            loop.endSending(driver.sockets[102] ?? .none)
        }
        let all = try other.receiveUntilEnd()
        #expect(all.wasSaid && all.bytes.count == (count - 1) * block.count)
        // What waits, waits in the right order.
        let third = try loop.acceptEstablished(receiveBuffer: 4_096, tag: 103)
        try loop.on { driver, loop in
            while driver.send(block, to: 103, on: &loop) {}
            loop.endSending(driver.sockets[103] ?? .none)
            check(loop.isEnding(driver.sockets[103] ?? .none))
        }
        let last = try third.receiveUntilEnd()
        #expect(last.wasSaid && last.bytes.count % block.count == 0)
        try loop.wait(for: 103, last: .sendingEnded)
        #expect(try loop.on { driver, loop in !loop.isEnding(driver.sockets[103] ?? .none) })
    }
}
