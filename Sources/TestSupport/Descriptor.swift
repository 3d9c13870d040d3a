// File descriptors with an owner. One of the few files that hold `unsafe`: poll(2) and read(2) take pointers.
import Glibc
import Synchronization

/// A descriptor that is closed with its last owner, or before.
package final class Descriptor: Sendable {
    package let number: Int32
    private let isOpen = Mutex(true)

    package init(_ number: Int32) { self.number = number }
    deinit { close() }

    /// Closes it now; does nothing if it is closed. `before` is done first, if it is still open.
    package func close(_ before: (Int32) -> Void = { _ in }) {
        isOpen.withLock { isOpen in
            if !isOpen { return }
            before(number)
            Glibc.close(number)
            isOpen = false
        }
    }

    /// Does something with it unless it is closed: by then the number may be another file's.
    package func use(_ body: (Int32) -> Void) { isOpen.withLock { if $0 { body(number) } } }

    /// A pipe; neither end goes to child processes by itself.
    static func pipe() throws(TestFailure) -> (reading: Descriptor, writing: Descriptor) {
        var ends: [Int32] = [-1, -1]
        if unsafe Glibc.pipe(&ends) != 0 { throw TestFailure("pipe", errno) }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        return (Descriptor(ends[0]), Descriptor(ends[1]))
    }

    /// Waits until one of `events`, as in poll(2), or an error can be told; whether it came within `limit`.
    func wait(for events: Int32, _ limit: Duration) -> Bool {
        var entry = pollfd(fd: number, events: Int16(events), revents: 0)
        let deadline = ContinuousClock.now + limit
        while true {
            let count = unsafe poll(&entry, 1, (deadline - .now).milliseconds)
            if count >= 0 || errno != EINTR { return count > 0 }
        }
    }

    /// The next bytes, none at the end. Blocks if the descriptor does.
    func read(atMost count: Int = 65_536) throws(TestFailure) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        while true {
            let got = unsafe Glibc.read(number, &bytes, count)
            if got >= 0 { return Array(bytes[0..<got]) }
            if errno != EINTR { throw TestFailure("read", errno) }
        }
    }
}
