// A server whose every connection plays a script.
import Glibc

/// Listens on a port of 127.0.0.1 that the kernel picks, or on a Unix socket, and plays a script on each connection, each
/// on its own thread. A connection is closed when its script returns or throws. `stop` or the last release ends it all.
package final class ScriptedServer: Sendable {
    /// What to do on a connection: the first has number 0. What it throws stands in `failures`.
    package typealias Script = @Sendable (_ socket: TestSocket, _ number: Int) throws -> Void

    fileprivate struct State: Sendable {
        var connections = 0
        var running: [Int: TestSocket] = [:]
        var failures: [String] = []
        var isStopping = false
    }

    private let listener: Descriptor
    private let path: String?
    private let state = Monitor(State())
    private let accepting: TestThread
    /// Where it listens; 0 on a Unix socket.
    package let port: UInt16

    /// - Parameters:
    ///   - reserved: a port that nobody has listened on so far.
    ///   - receiveBuffer: what SO_RCVBUF is set to; a small one makes a server that takes little at a time.
    ///   - limit: how long each call on a script's socket waits at most.
    package init(
        path: String? = nil, on reserved: ReservedPort? = nil, receiveBuffer: Int32? = nil,
        limit: Duration = defaultLimit, script: @escaping Script
    ) throws(TestFailure) {
        let listener: Descriptor
        if let reserved {
            listener = try reserved.listen()
        } else {
            listener = try SystemCalls.open(path.map { .path($0) } ?? .port(0), for: .listening)
        }
        if let receiveBuffer { SystemCalls.set(SO_RCVBUF, of: listener.number, to: receiveBuffer) }
        let state = self.state
        self.listener = listener
        self.path = path
        port = path == nil ? SystemCalls.port(of: listener) : 0
        accepting = TestThread { Self.acceptAll(listener, state, limit, script) }
    }

    deinit { stop() }

    /// How many connections have come.
    package var connectionCount: Int { state.value.connections }
    /// What scripts have thrown, except after `stop`.
    package var failures: [String] { state.value.failures }

    /// Waits until `count` connections have come; whether they have within `limit`.
    package func waitForConnections(_ count: Int, _ limit: Duration = defaultLimit) -> Bool {
        state.wait(limit) { $0.connections >= count ? true : nil } ?? false
    }

    /// Waits until no script runs; whether that was so within `limit`.
    package func waitForScripts(_ limit: Duration = defaultLimit) -> Bool {
        state.wait(limit) { $0.running.isEmpty ? true : nil } ?? false
    }

    /// Accepts no more, breaks the connections off and waits for their scripts.
    package func stop() {
        let running = state.change { $0.stop() }
        // Shutting sockets down wakes the threads that wait for them.
        listener.use { _ = shutdown($0, Int32(SHUT_RDWR)) }
        for socket in running { socket.shutdownBoth() }
        _ = accepting.join()
        _ = waitForScripts()
        listener.close { _ in if let path { unsafe unlink(path) } }
    }

    private static func acceptAll(
        _ listener: Descriptor, _ state: Monitor<State>, _ limit: Duration, _ script: @escaping Script
    ) {
        while !state.value.isStopping {
            _ = listener.wait(for: POLLIN, limit)
            guard let descriptor = SystemCalls.accept(listener) else { continue }
            let socket = TestSocket(descriptor, limit: limit)
            guard let number = state.change({ $0.begin(socket) }) else { return }
            _ = TestThread {
                let failure = Result { try script(socket, number) }
                socket.close()
                state.change { $0.end(number, failure) }
            }
        }
    }
}

extension ScriptedServer.State {
    /// The number of a new connection; `nil` when none is wanted any longer.
    fileprivate mutating func begin(_ socket: TestSocket) -> Int? {
        if isStopping { return nil }
        running[connections] = socket
        connections += 1
        return connections - 1
    }

    fileprivate mutating func end(_ number: Int, _ result: Result<Void, any Error>) {
        running[number] = nil
        if case .failure(let error) = result, !isStopping { failures.append("connection \(number): \(error)") }
    }

    fileprivate mutating func stop() -> [TestSocket] {
        isStopping = true
        return Array(running.values)
    }
}
