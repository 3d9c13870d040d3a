import MartletEventLoop
import MartletTestSupport
import Testing

/// Sockets with ciphers, and fewer buffers than they need.
@Suite struct SecuredStarvationTests {
    /// A loop whose pool is full, but for what can be taken `sparing` so many bytes.
    private func fill(_ loop: TestLoop, sparing spare: Int) throws {
        try loop.on { driver, loop in
            driver.keepsBuffers = false
            while loop.pool.usedBytes + BufferPool.smallBytes <= loop.pool.limitBytes - spare {
                driver.kept.append(Held(try loop.pool.small()))
            }
        }
    }

    private func giveBack(_ loop: TestLoop) throws { try loop.on { driver, _ in driver.kept = [] } }

    @Test func aHandshakeWaitsForABufferAndTheDriverIsNotAsked() throws {
        let loop = try TestLoop(buffers: 1)
        let peer = try loop.acceptSecured()
        try fill(loop, sparing: 0)
        try peer.socket.send(peer.cipher.open([]).output)
        #expect(try loop.turnsAtRest() <= 3)
        #expect(loop.story == [])
        try giveBack(loop)
        try peer.shakeHands()
        try loop.wait(for: 100, last: .secured)
    }

    @Test func bytesWaitForABuffer() throws {
        let loop = try TestLoop(buffers: 1)
        let peer = try loop.acceptEstablished()
        try fill(loop, sparing: 0)
        try peer.send("hello")
        try loop.wait(for: 100, last: .starved)
        #expect(try loop.turnsAtRest() <= 3)
        #expect(loop.story == [.secured, .starved])
        try giveBack(loop)
        try loop.wait(for: 100, last: .received("hello"))
    }

    /// What is held of a record needs a larger buffer than there is: that is no reason to try again and again.
    @Test func aBufferThatIsTooSmallIsNotEnough() throws {
        let loop = try TestLoop(buffers: 2)
        let peer = try loop.acceptEstablished()
        let record = peer.cipher.seal(pattern(16_384))
        try peer.socket.send(Array(record.prefix(16_000)))
        try loop.catchUp()
        try fill(loop, sparing: 16 << 10)
        try peer.socket.send(Array(record.dropFirst(16_000)))
        try loop.wait(for: 100, last: .starved)
        #expect(try loop.turnsAtRest() <= 3)
        #expect(loop.story == [.secured, .starved])
        try giveBack(loop)
        try loop.wait(for: 100, last: .received(pattern(16_384)))
    }

    /// An end can be told without a buffer, and that it was not said as well.
    @Test func anEndWithoutAWordIsTruncatedWithoutABufferToo() throws {
        let loop = try TestLoop(buffers: 1)
        let peer = try loop.acceptEstablished()
        try fill(loop, sparing: 0)
        peer.socket.shutdownSend()
        try loop.wait(for: 100, last: .ended)
        #expect(try loop.on { driver, loop in loop.isTruncated(driver.sockets[100] ?? .none) })
    }

    /// Buffers that hold little beside what is held of a record are enough to go on with.
    @Test func smallBuffersLoseNothing() throws {
        let loop = try TestLoop(buffers: 20, largeBytes: 8_192)
        let peer = try loop.acceptEstablished()
        try peer.send(pattern(500_000))
        try peer.socket.send(peer.cipher.end())
        try loop.wait(for: 100, last: .ended)
        #expect(loop.story == [.secured, .received(pattern(500_000)), .ended])
    }
}
