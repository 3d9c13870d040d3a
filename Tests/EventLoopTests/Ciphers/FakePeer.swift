// The other end of a socket with a cipher, and the loop's end with it.
import MartletEventLoop
import MartletTestSupport

/// A socket of a test with a `FakeCipher`.
final class FakePeer {
    let socket: TestSocket
    let cipher: FakeCipher
    /// What was received and not asked for.
    private var plain: [UInt8] = []
    private(set) var hasEnded = false

    init(_ socket: TestSocket, isClient: Bool, _ script: FakeScript) {
        self.socket = socket
        cipher = FakeCipher(isClient: isClient, script)
    }

    /// Plays this end's part of the handshake.
    func shakeHands() throws {
        if !cipher.isEstablished { try socket.send(cipher.open([]).output) }
        while !cipher.isEstablished { try receiveRecord() }
    }

    /// Sends bytes encrypted.
    func send(_ bytes: [UInt8]) throws { try socket.send(cipher.seal(bytes)) }
    func send(_ text: String) throws { try send(Array(text.utf8)) }
    /// Sends a record that holds nothing of use.
    func send(_ kind: FakeCipher.Kind, count: Int = 0) throws {
        try socket.send(FakeCipher.record(kind, count) + [UInt8](repeating: 0, count: count))
    }

    /// The next `count` bytes of plaintext.
    func receive(exactly count: Int) throws -> [UInt8] {
        while plain.count < count {
            if hasEnded || cipher.hasFailed { throw TestFailure("the peer ended before \(count) bytes") }
            try receiveRecord()
        }
        defer { plain.removeFirst(count) }
        return Array(plain.prefix(count))
    }

    /// Takes the next record.
    func receiveRecord() throws {
        let head = try socket.receive(exactly: FakeCipher.head)
        let length = Int(head[1]) << 16 + Int(head[2]) << 8 + Int(head[3])
        take(cipher.open(head + (try socket.receive(exactly: length))))
    }

    /// All plaintext up to the end of the stream, and whether the end was said before.
    func receiveUntilEnd() throws -> (bytes: [UInt8], wasSaid: Bool) {
        take(cipher.open(try socket.receiveUntilEnd()))
        return (plain, hasEnded)
    }

    private func take(_ opened: FakeCipher.Opened) {
        plain += opened.plain
        hasEnded = hasEnded || opened.hasEnded
        if !opened.output.isEmpty { try? socket.send(opened.output) }
    }
}

extension TestLoop {
    /// A client, and the loop's side of its connection with the server's side of a cipher. The handshake is the caller's.
    func acceptSecured(
        _ script: FakeScript = FakeScript(), receiveBuffer: Int32? = nil, on port: UInt16? = nil,
        tag: UInt32 = RecordingDriver.firstTag
    ) throws -> FakePeer {
        try on { driver, _ in driver.makeCipher = { FakeCipher(isClient: false, script) } }
        let client = try accept(on: port ?? listen(), receiveBuffer: receiveBuffer, tag: tag)
        return FakePeer(client, isClient: true, FakeScript(handshake: script.handshake))
    }

    /// The same after the handshake.
    func acceptEstablished(
        _ script: FakeScript = FakeScript(), receiveBuffer: Int32? = nil, on port: UInt16? = nil,
        tag: UInt32 = RecordingDriver.firstTag
    ) throws -> FakePeer {
        let peer = try acceptSecured(script, receiveBuffer: receiveBuffer, on: port, tag: tag)
        try peer.shakeHands()
        try wait(for: tag, event: .secured)
        return peer
    }

    /// Connects with the client's side of a cipher, as the socket 1.
    func connectSecured(to port: UInt16, _ script: FakeScript = FakeScript(), sending first: [UInt8]? = nil) throws {
        try on { driver, loop in
            let socket = try loop.connect(to: .loopback(port: port), tag: 1)
            driver.sockets[1] = socket
            loop.secure(socket, FakeCipher(isClient: true, script))
            if let first { _ = driver.send(first, to: 1, on: &loop) }
        }
    }

    /// What the loop told of the socket 100 after it was accepted.
    var story: [Event] { Array(events(100).dropFirst()) }

    /// Has the loop take up what has been sent to it.
    func catchUp() throws { for _ in 0..<2 { try on { _, _ in } } }
}
