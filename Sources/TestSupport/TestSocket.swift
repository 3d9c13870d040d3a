// The client's side of a connection in a test, and the server's in a script.
import Glibc
import Synchronization

/// A stream socket that does what a test says and nothing else. Whatever takes longer than `limit` throws.
package final class TestSocket: Sendable {
    let descriptor: Descriptor
    /// How long each call waits at most.
    package let limit: Duration
    /// What was received, and not asked for yet.
    let unread = Mutex<[UInt8]>([])

    init(_ descriptor: Descriptor, limit: Duration) {
        self.descriptor = descriptor
        self.limit = limit
    }

    /// Connects to a port of 127.0.0.1.
    /// - Parameter receiveBuffer: what SO_RCVBUF is set to before connecting; a small one makes a slow reader.
    package convenience init(port: UInt16, receiveBuffer: Int32? = nil, limit: Duration = defaultLimit)
        throws(TestFailure)
    {
        let descriptor = try SystemCalls.open(.port(port), for: .connecting(receiveBuffer: receiveBuffer))
        self.init(descriptor, limit: limit)
        try finishConnecting()
    }

    /// Connects to a Unix socket.
    package convenience init(path: String, limit: Duration = defaultLimit) throws(TestFailure) {
        self.init(try SystemCalls.open(.path(path), for: .connecting(receiveBuffer: nil)), limit: limit)
        try finishConnecting()
    }

    private func finishConnecting() throws(TestFailure) {
        if !descriptor.wait(for: POLLOUT, limit) { throw TestFailure("connect", ETIMEDOUT) }
        let code = SystemCalls.error(of: descriptor)
        if code != 0 { throw TestFailure("connect", code) }
    }

    /// The port at this end.
    package var port: UInt16 { SystemCalls.port(of: descriptor) }

    // MARK: Sending

    /// Sends all of a text.
    package func send(_ text: String) throws(TestFailure) { try send(Array(text.utf8)) }

    /// Sends all of the bytes.
    package func send(_ bytes: [UInt8]) throws(TestFailure) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = SystemCalls.send(rest, to: descriptor)
            if count < 0 {
                if -count != EAGAIN { throw TestFailure("send", Int32(-count)) }
                if !descriptor.wait(for: POLLOUT, limit) { throw TestFailure("send", ETIMEDOUT) }
            } else {
                rest = rest.dropFirst(count)
            }
        }
    }

    /// Sends as much as the kernel takes until it takes nothing for `quiet`; how much that was. Stops at `most`.
    package func fill(atMost most: Int, quiet: Duration) throws(TestFailure) -> Int {
        let block = [UInt8](repeating: 0x78, count: 16_384)
        var total = 0
        while total < most && descriptor.wait(for: POLLOUT, quiet) {
            let count = SystemCalls.send(block.prefix(most - total), to: descriptor)
            if count < 0 && -count != EAGAIN { throw TestFailure("send", Int32(-count)) }
            total += max(count, 0)
        }
        return total
    }

    // MARK: Ending

    /// Says that nothing more will come.
    package func shutdownSend() { descriptor.use { _ = shutdown($0, Int32(SHUT_WR)) } }
    /// Ends both directions but keeps the descriptor: a thread that waits for this socket sees the end.
    package func shutdownBoth() { descriptor.use { _ = shutdown($0, Int32(SHUT_RDWR)) } }
    /// Closes the socket.
    package func close() { descriptor.close() }
    /// Closes the socket with a reset.
    package func reset() { descriptor.close { SystemCalls.resetOnClose($0) } }
}
