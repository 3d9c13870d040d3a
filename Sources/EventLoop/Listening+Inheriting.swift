// Listening sockets that another process has opened. One of the few files that hold `unsafe`: the kernel takes pointers.
import CEventLoop
import Glibc

extension Listening {
    /// Room for the path of a Unix socket, with its NUL.
    private static let pathRoom = 128

    /// Readies a socket that this process was started with: it goes to no other process, and blocks nobody.
    /// - Returns: where clients connect to.
    /// - Throws: ENOTSOCK or EBADF for a descriptor that is no socket, EINVAL for a socket on which nobody can connect.
    package static func adopt(_ descriptor: Int32) throws(SystemError) -> SocketAddress {
        var system = martlet_address()
        var isAny: Int32 = 0
        var path = [UInt8](repeating: 0, count: pathRoom)
        let result = unsafe path.withUnsafeMutableBytes { room in
            unsafe martlet_adopt_listener(descriptor, &system, &isAny, room.baseAddress, room.count)
        }
        _ = try SystemError.check(result)
        if path[0] != 0 { return SocketAddress(path: String(decoding: path.prefix { $0 != 0 }, as: UTF8.self)) }
        if isAny == 1 { return SocketAddress(anyPort: system.port) }
        return SocketAddress(high: system.high, low: system.low, port: system.port)
    }

    /// A second descriptor of a socket, which whoever gets it closes.
    package static func copy(_ descriptor: Int32) throws(SystemError) -> Int32 {
        let copy = fcntl(descriptor, F_DUPFD_CLOEXEC, 3)
        if copy < 0 { throw SystemError(errno) }
        return copy
    }

    /// What all descriptors of a socket have in common, and no other socket has.
    package static func identity(of descriptor: Int32) -> UInt64 { martlet_socket_identity(descriptor) }

    /// Closes a descriptor that nobody wants.
    package static func close(_ descriptor: Int32) { Glibc.close(descriptor) }
}

extension EventLoop {
    /// A second descriptor of an open socket, such as a listener, which whoever gets it closes, and may accept on.
    package mutating func copyDescriptor(of socket: Token) throws(SystemError) -> Int32 {
        if !sockets.contains(socket) { throw SystemError(EBADF) }
        let copy = try Listening.copy(sockets[socket.index].descriptor)
        if engine == .ring { share(socket) }
        return copy
    }
}
