import MartletEventLoop
import MartletTestSupport
import Testing

@Suite struct SecuredSendingTests {
    private let loop: TestLoop

    init() throws { loop = try TestLoop() }

    @Test func sendsAtOnceWhatFits() throws {
        let peer = try loop.acceptEstablished()
        #expect(try loop.on { driver, loop in driver.send(Array("hello".utf8), to: 100, on: &loop) })
        #expect(try loop.on { driver, loop in driver.send([], to: 100, on: &loop) })
        #expect(try peer.receive(exactly: 5) == Array("hello".utf8))
        #expect(loop.story == [.secured])
        #expect(try loop.on { driver, loop in !loop.isSendPending(driver.sockets[100] ?? .none) })
    }

    @Test func whatDoesNotFitWaitsInOrder() throws {
        let peer = try loop.acceptEstablished(receiveBuffer: 4_096)
        let count = try loop.sendUntilPending(5)
        #expect(loop.story == [.secured])
        for seed in 0..<count { #expect(try peer.receive(exactly: 60_000) == pattern(60_000, seed: seed)) }
        try loop.wait(for: 100, last: .sent(60_000, isIdle: true))
        #expect(loop.story.count == 6)
        try loop.on { driver, loop in
            check(!loop.isSendPending(driver.sockets[100] ?? .none) && loop.pool.usedBytes == 0)
            loop.close(driver.sockets[100] ?? .none)
        }
        #expect(try peer.receiveUntilEnd() == (bytes: [], wasSaid: true))
    }

    /// The cipher writes a few bytes at a time, or has very short records.
    @Test(arguments: [
        FakeScript(handshake: [10, 10], outputRoom: 11), FakeScript(handshake: [10, 10], recordBytes: 3),
    ])
    func littleRoomIsEnough(script: FakeScript) throws {
        let peer = try loop.acceptEstablished(script)
        try loop.on { driver, loop in _ = driver.send(pattern(20_000), to: 100, on: &loop) }
        #expect(try peer.receive(exactly: 20_000) == pattern(20_000))
    }

    /// What is to be encrypted has room even when the pool has none: only sending makes room again.
    @Test func aFullPoolKeepsNothingBack() throws {
        let loop = try TestLoop(buffers: 2)
        let peer = try loop.acceptEstablished()
        try loop.on { driver, loop in
            guard var buffer = loop.pool.takeLarge() else { return check(false) }
            check(buffer.append(pattern(60_000).span))
            driver.kept.append(Held(try loop.pool.large()))
            while loop.pool.hasSmall { driver.kept.append(Held(try loop.pool.small())) }
            _ = loop.send(buffer, on: driver.sockets[100] ?? .none)
        }
        #expect(try peer.receive(exactly: 60_000) == pattern(60_000))
    }

    @Test func theFirstThatWaitsCanBeTakenBackWhole() throws {
        let peer = try loop.acceptEstablished(receiveBuffer: 4_096)
        let count = try loop.sendUntilPending(3)
        let taken = try loop.on { driver, loop in
            guard let buffer = loop.takeUnsent(driver.sockets[100] ?? .none) else { return [UInt8]() }
            loop.close(driver.sockets[100] ?? .none)
            check(loop.pool.usedBytes == buffer.blockBytes)
            return bytes(buffer)
        }
        #expect(taken == pattern(60_000, seed: count - 3))
        #expect(try !peer.receiveUntilEnd().wasSaid)
    }

    /// `sent` is told of buffers alone: a driver that waits for it must not be told to.
    @Test func whatACipherSaysByItselfIsNotPending() throws {
        let peer = try loop.acceptEstablished(FakeScript(answer: 16_000), receiveBuffer: 4_096)
        let question = FakeCipher.record(.question, 0)
        for _ in 0..<2_000 {
            try peer.socket.send(question)
            try loop.catchUp()
            if try loop.on({ _, loop in loop.pool.usedBytes > 0 }) { break }
        }
        try loop.on { driver, loop in
            check(loop.pool.usedBytes > 0 && !loop.isSendPending(driver.sockets[100] ?? .none))
            check(!driver.send(Array("behind".utf8), to: 100, on: &loop))
            check(loop.isSendPending(driver.sockets[100] ?? .none))
        }
        #expect(try peer.receive(exactly: 6) == Array("behind".utf8))
        try loop.wait(for: 100, last: .sent(6, isIdle: true))
    }

    @Test func aCipherThatFailsToEncryptFailsTheSocketAndThePeerIsTold() throws {
        let peer = try loop.acceptEstablished(FakeScript(handshake: [10, 10], failsAfter: 1_000))
        try loop.on { driver, loop in
            check(driver.send(pattern(1_000), to: 100, on: &loop))
            check(!driver.send(pattern(1_000), to: 100, on: &loop))
        }
        try loop.wait(for: 100, last: .failed(.protocolError))
        #expect(try peer.receive(exactly: 1_000) == pattern(1_000))
        try peer.receiveRecord()
        #expect(peer.cipher.hasFailed)
        #expect(loop.story == [.secured, .failed(.protocolError)])
        #expect(try loop.turnsAtRest() <= 2)
    }

    @Test func theDriverMayCloseInTheCallThatSaysItWasSent() throws {
        let peer = try loop.acceptEstablished(receiveBuffer: 4_096)
        try loop.on { driver, _ in
            driver.reply = { event, tag, driver, loop in
                if event == .sent(60_000, isIdle: false) { loop.close(driver.sockets[tag] ?? .none) }
            }
        }
        _ = try loop.sendUntilPending(3)
        _ = try peer.socket.receiveUntilGone()
        #expect(loop.story == [.secured, .sent(60_000, isIdle: false)])
        #expect(try loop.on { _, loop in loop.pool.usedBytes == 0 })
    }
}
