// What a test waits for on a socket.
import Glibc
import Synchronization

extension TestSocket {
    /// How a stream ended.
    package enum Ending: Equatable, Sendable {
        /// The peer said that nothing more will come.
        case end
        /// The connection was reset.
        case reset
    }

    /// What a stream has next.
    package enum Arrival: Equatable, Sendable {
        /// Some bytes.
        case bytes([UInt8])
        /// Nothing in the time that there was.
        case nothing
        /// Nothing any more.
        case gone(Ending)
    }

    /// Whatever has come, or comes within `time`.
    package func arrival(within time: Duration) throws(TestFailure) -> Arrival {
        let kept = take(unread.withLock { $0.count })
        if !kept.isEmpty { return .bytes(kept) }
        if !descriptor.wait(for: POLLIN, time) { return .nothing }
        do {
            let bytes = try descriptor.read()
            return bytes.isEmpty ? .gone(.end) : .bytes(bytes)
        } catch {
            if error.code != ECONNRESET { throw error }
            return .gone(.reset)
        }
    }

    /// The next `count` bytes.
    /// - Throws: when the stream ends before.
    package func receive(exactly count: Int) throws(TestFailure) -> [UInt8] {
        while unread.withLock({ $0.count }) < count {
            if try !receiveMore() { throw TestFailure("the stream ended before \(count) bytes; \(rest)") }
        }
        return take(count)
    }

    /// All bytes up to the end of `text`, as text.
    /// - Throws: when the stream ends before.
    package func receive(until text: String) throws(TestFailure) -> String {
        let pattern = Array(text.utf8)
        var start = 0
        while true {
            let (place, count) = unread.withLock { ($0.place(of: pattern, from: start), $0.count) }
            if let place { return String(decoding: take(place + pattern.count), as: UTF8.self) }
            start = max(0, count - pattern.count)
            if try !receiveMore() { throw TestFailure("the stream ended before “\(text)”; \(rest)") }
        }
    }

    /// All bytes up to the end of the stream.
    /// - Throws: when the connection is reset, too.
    package func receiveUntilEnd() throws(TestFailure) -> [UInt8] {
        while try receiveMore() {}
        return take(unread.withLock { $0.count })
    }

    /// All bytes up to the end of the stream or its reset, and which of them it was.
    package func receiveUntilGone() throws(TestFailure) -> (bytes: [UInt8], ending: Ending) {
        var ending = Ending.end
        do {
            while try receiveMore() {}
        } catch {
            if error.code != ECONNRESET { throw error }
            ending = .reset
        }
        return (take(unread.withLock { $0.count }), ending)
    }

    /// Whether nothing comes for `time`, neither bytes nor the end.
    package func isQuiet(for time: Duration) -> Bool {
        unread.withLock { $0.isEmpty } && !descriptor.wait(for: POLLIN, time)
    }

    /// Receives once, and keeps what came; `false` at the end of the stream.
    func receiveMore() throws(TestFailure) -> Bool {
        if !descriptor.wait(for: POLLIN, limit) { throw TestFailure("nothing came within \(limit); \(rest)") }
        let bytes = try descriptor.read()
        unread.withLock { $0 += bytes }
        return !bytes.isEmpty
    }

    private func take(_ count: Int) -> [UInt8] {
        unread.withLock { bytes in
            let taken = Array(bytes[0..<count])
            bytes.removeFirst(count)
            return taken
        }
    }

    private var rest: String { "before it came “\(String(decoding: unread.withLock { $0 }, as: UTF8.self))”" }
}
