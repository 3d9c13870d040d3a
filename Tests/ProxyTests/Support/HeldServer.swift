// A server that does not read, and what becomes of a client that sends to it all the same.
import MartletTestSupport
import Testing

/// Reads nothing until it is let go, and then counts what comes.
struct HeldServer {
    let server: ScriptedServer
    private let gate = Gate()
    private let count = Monitor(0)

    /// - Parameter greet: what it does first with a connection.
    init(_ greet: @escaping @Sendable (TestSocket) throws -> Void = { _ in }) throws {
        let (gate, count) = (gate, count)
        server = try ScriptedServer(receiveBuffer: 65_536) { socket, _ in
            try greet(socket)
            try gate.wait()
            let received = try socket.receiveUntilEnd().count
            count.change { $0 = received }
        }
    }

    /// Sends by `client` for as long as it is taken: that is not much, as the proxy reads no more than it can pass on, and all of it
    /// arrives once the server reads. Ends client and proxy.
    func fill(by client: TestSocket, through proxy: TestProxy) throws {
        let filled = try client.fill(atMost: 256 << 20, quiet: .milliseconds(300))
        #expect(filled < 64 << 20)
        #expect(proxy.state.bufferBytes < 1 << 20)
        gate.open()
        client.shutdownSend()
        #expect(count.wait(for: { $0 == filled ? true : nil }) == true)
        _ = try client.receiveUntilEnd()
        client.close()
        try proxy.end(server)
    }
}
