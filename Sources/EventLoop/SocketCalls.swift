// The loop's own reads and writes. One of the few files that hold `unsafe`: the kernel takes pointers.
import CEventLoop
import Glibc

/// Calls with memory whose bounds the caller has checked.
@unsafe
enum Kernel {
    static func receive(_ descriptor: Int32, _ memory: UnsafeMutableRawPointer, _ room: Int) -> Int {
        unsafe martlet_receive(descriptor, memory, room)
    }
}

extension Buffer {
    /// Receives behind the bytes. The count, 0 at the end of the stream, or a negative errno.
    mutating func receive(from descriptor: Int32, atMost room: Int) -> Int {
        precondition(room >= 0 && room <= roomBehind, "more received than there is room")
        let count = unsafe martlet_receive(descriptor, raw + end, room)
        if count > 0 { end += count }
        return count
    }

    /// Sends what has not been sent yet. The count, or a negative errno.
    mutating func send(to descriptor: Int32) -> Int {
        let count = unsafe martlet_send(descriptor, raw + start + sent, end - start - sent)
        if count > 0 { sent += count }
        return count
    }
}

extension CipherScratch {
    /// Sends the first `count` bytes as far as the kernel takes them at once.
    func send(_ count: Int, to descriptor: Int32) {
        let bytes = bytes(count)
        unsafe bytes.withUnsafeBufferPointer { bytes in
            _ = unsafe martlet_send(descriptor, bytes.baseAddress, bytes.count)
        }
    }
}

/// What a client is told when there is not even a descriptor for it.
enum ShedAnswer {
    private static let text: StaticString = """
        HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nRetry-After: 1\r\nConnection: close\r\n\r\n
        """

    /// Sends the answer as far as the kernel takes it at once, which for a new connection is all of it. What the client
    /// has sent is taken first: closing over unread bytes would reset the connection and lose the answer.
    static func send(to descriptor: Int32) {
        _ = unsafe martlet_send(descriptor, text.utf8Start, text.utf8CodeUnitCount)
        Glibc.shutdown(descriptor, Int32(SHUT_WR))
        unsafe withUnsafeTemporaryAllocation(byteCount: 4096, alignment: 1) { scratch in
            _ = unsafe martlet_receive(descriptor, scratch.baseAddress, scratch.count)
        }
    }
}

/// Makes listening sockets.
package enum Listening {
    /// Opens a listening socket on `address`; TCP ones share their port with the other loops' (SO_REUSEPORT).
    /// - Throws: what socket(2), bind(2) or listen(2) answers.
    package static func open(_ address: SocketAddress, backlog: Int32 = 4096) throws(SystemError) -> Int32 {
        if let path = address.path {
            let mode: UInt32 = address.isPrivate ? 0o600 : 0o777
            return try SystemError.check(unsafe martlet_listen_unix(path, mode, backlog))
        }
        var system = address.system
        return try SystemError.check(unsafe martlet_listen_tcp(&system, address.isAny ? 1 : 0, backlog))
    }

    /// Makes sure that nobody listens on a TCP address yet. Those who share a port are not told of each other, so this is
    /// asked before the first of them is opened.
    /// - Throws: what bind(2) answers.
    package static func checkFree(_ address: SocketAddress) throws(SystemError) {
        if address.path != nil { return }
        var system = address.system
        _ = try SystemError.check(unsafe martlet_probe_tcp(&system, address.isAny ? 1 : 0))
    }

    /// The port that a listening socket has, which the kernel picks when port 0 was asked for.
    package static func port(of descriptor: Int32) throws(SystemError) -> UInt16 {
        var system = martlet_address()
        _ = try SystemError.check(unsafe martlet_local_address(descriptor, &system))
        return system.port
    }
}

/// What a process needs of its host besides sockets.
package enum Host {
    /// Raises the soft limit of descriptors to `wanted` or the hard limit; the limit in force.
    package static func raiseDescriptorLimit(to wanted: Int) -> Int {
        Int(clamping: martlet_raise_descriptor_limit(UInt64(wanted)))
    }

    /// How many more descriptors this process could open now; not more than `most` are tried.
    package static func spareDescriptors(upTo most: Int) -> Int {
        var had: [Int32] = []
        while had.count < most {
            let descriptor = martlet_eventfd()
            if descriptor < 0 { break }
            had.append(descriptor)
        }
        for descriptor in had { close(descriptor) }
        return had.count
    }

    /// The processors that this process may use; at least 1.
    package static var cores: Int { max(1, Int(martlet_cores())) }

    /// 64 bits that nobody can foretell.
    package static func random() -> UInt64 { martlet_random() }
    /// Milliseconds since 1970.
    package static func wallMilliseconds() -> UInt64 { martlet_wall_ms() }
    /// Nanoseconds on the monotonic clock.
    package static func monotonicNanoseconds() -> UInt64 { martlet_monotonic_ns() }
}
