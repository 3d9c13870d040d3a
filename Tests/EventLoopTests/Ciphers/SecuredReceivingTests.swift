import MartletEventLoop
import MartletTestSupport
import Testing

@Suite struct SecuredReceivingTests {
    private let loop: TestLoop

    init() throws { loop = try TestLoop() }

    private func setReceiving(_ receiving: Bool) throws {
        try loop.on { driver, loop in loop.setReceiving(driver.sockets[100] ?? .none, receiving) }
    }

    @Test func recordsMayBeCutAnywhere() throws {
        let peer = try loop.acceptEstablished()
        var expected: [UInt8] = []
        for cut in 0...40 {
            let record = peer.cipher.seal(pattern(18, seed: cut)) + peer.cipher.seal(pattern(14, seed: 100 + cut))
            expected += pattern(18, seed: cut) + pattern(14, seed: 100 + cut)
            try peer.socket.send(Array(record.prefix(cut)))
            try loop.catchUp()
            try peer.socket.send(Array(record.dropFirst(cut)))
            try loop.wait(for: 100, last: .received(expected))
        }
    }

    /// What is held of a record, and what comes after it, together fill more than one buffer.
    @Test(arguments: [1, 1_000, 16_384, 60_000])
    func losesNothingOfAStream(recordBytes: Int) throws {
        let peer = try loop.acceptEstablished()
        let sender = FakePeer(peer.socket, isClient: true, FakeScript(handshake: [], recordBytes: recordBytes))
        _ = sender.cipher.open([])
        let count = recordBytes == 1 ? 5_000 : 3_000_000
        try sender.send(pattern(count))
        try peer.socket.send(sender.cipher.end())
        try loop.wait(for: 100, last: .ended)
        #expect(loop.story == [.secured, .received(pattern(count)), .ended])
    }

    @Test func receivedBytesHaveRoomOnBothSides() throws {
        try loop.on { driver, _ in driver.keepsBuffers = true }
        let peer = try loop.acceptEstablished()
        try peer.send(pattern(1 << 20))
        try peer.socket.send(peer.cipher.end())
        try loop.wait(for: 100, last: .ended)
        try loop.on { driver, _ in
            for held in driver.kept {
                check(held.room.front == Buffer.headroom && held.room.behind >= Buffer.tailroom)
                check(held.contents.count > 0)
            }
        }
    }

    @Test func backPressureStopsThePeer() throws {
        let peer = try loop.acceptEstablished()
        try setReceiving(false)
        let most = 16 << 20
        try peer.send("before")
        try loop.catchUp()
        #expect(loop.story == [.secured])
        #expect(try peer.socket.fill(atMost: most, quiet: .milliseconds(50)) < most)
        #expect(try loop.turnsAtRest() <= 2)
        #expect(loop.story == [.secured])
    }

    /// Nothing is delivered behind the driver's back, not even what lies in the kernel.
    @Test func aDriverMayStopInTheMiddle() throws {
        try loop.on { driver, _ in
            driver.reply = { event, tag, driver, loop in
                if case .received = event { loop.setReceiving(driver.sockets[tag] ?? .none, false) }
            }
        }
        let peer = try loop.acceptEstablished()
        try loop.whileItStands { try peer.send(pattern(150_000)) }
        try loop.wait(for: 100) { if case .received = $0.last { true } else { nil } }
        try loop.catchUp()
        let first = loop.story
        #expect(try loop.turnsAtRest() <= 2)
        #expect(loop.story == first && first != [.secured, .received(pattern(150_000))])
        while loop.story != [.secured, .received(pattern(150_000))] {
            let before = loop.events(100)
            try setReceiving(true)
            try loop.wait(for: 100) { $0 != before ? true : nil }
        }
    }

    @Test func questionsAreAnsweredWithoutTheDriver() throws {
        let peer = try loop.acceptEstablished()
        try peer.send(.question)
        try peer.receiveRecord()
        try peer.send("hello")
        try loop.wait(for: 100, last: .received("hello"))
        #expect(loop.story == [.secured, .received("hello")])
    }

    /// A peer that asks and asks, and reads nothing, is not worth all memory.
    @Test func answersThatNobodyReadsDoNotPileUp() throws {
        let peer = try loop.acceptEstablished(FakeScript(answer: 16_000), receiveBuffer: 4_096)
        let question = FakeCipher.record(.question, 0)
        let questions = Array(repeating: question, count: 2_000).flatMap { $0 }
        try? peer.socket.send(questions)
        try loop.wait(for: 100, last: .failed(.noMemory))
        #expect(try loop.on { _, loop in loop.pool.usedBytes } < 1 << 20)
    }

    @Test func theDriverMayCloseInTheCallThatDelivers() throws {
        try loop.on { driver, _ in
            driver.reply = { event, tag, driver, loop in
                if case .received = event { loop.close(driver.sockets[tag] ?? .none) }
            }
        }
        let peer = try loop.acceptEstablished()
        try loop.whileItStands { try peer.send(pattern(200_000)) }
        _ = try peer.socket.receiveUntilGone()
        #expect(loop.story.count == 2)
        #expect(try loop.on { _, loop in loop.pool.usedBytes == 0 && loop.socketCount == 1 })
    }

    /// Events of one turn that concern sockets which were closed earlier in it.
    @Test func staleEventsAreDropped() throws {
        let port = try loop.listen()
        let peers = try (0..<4).map { try loop.acceptEstablished(on: port, tag: 100 + $0) }
        try loop.on { driver, _ in
            driver.reply = { _, _, driver, loop in
                for tag in UInt32(100)..<104 { loop.close(driver.sockets[tag] ?? .none) }
            }
        }
        try loop.whileItStands { for peer in peers { try peer.send("x") } }
        for peer in peers { _ = try peer.socket.receiveUntilGone() }
        #expect((100..<104).filter { loop.events($0).contains(.received("x")) }.count == 1)
    }
}
