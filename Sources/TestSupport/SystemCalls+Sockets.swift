// Sockets from the C library. One of the few files that hold `unsafe`: it takes pointers.
import Glibc
import Synchronization

/// Where a socket of a test is.
enum Place {
    /// A port of 127.0.0.1.
    case port(UInt16)
    /// A Unix socket.
    case path(String)
}

/// What a socket of a test is for.
enum Purpose {
    case listening
    /// Nobody else can have the port, and who connects is refused. A shared one may be listened on by those who share it.
    case reserving(isShared: Bool)
    case connecting(receiveBuffer: Int32?)
}

extension SystemCalls {
    /// How many connections may wait to be accepted. A test's server accepts more slowly than a proxy connects, and where the
    /// kernel drops what is too much, its client waits for seconds, or is reset.
    static var backlog: Int32 { SOMAXCONN }

    /// Opens a socket that does not block. A connection may still be in progress.
    static func open(_ place: Place, for purpose: Purpose) throws(TestFailure) -> Descriptor {
        switch place {
        case .port(let port):
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = port.bigEndian
            address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
            return try unsafe open(AF_INET, &address, purpose)
        case .path(let path):
            var address = sockaddr_un()
            address.sun_family = sa_family_t(AF_UNIX)
            let room = MemoryLayout.size(ofValue: address.sun_path)
            if path.utf8.count >= room { throw TestFailure("socket", ENAMETOOLONG) }
            unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: path.utf8) }
            return try unsafe open(AF_UNIX, &address, purpose)
        }
    }

    private static func open<Address>(
        _ family: Int32, _ address: UnsafePointer<Address>, _ purpose: Purpose
    ) throws(TestFailure) -> Descriptor {
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        let number = socket(family, kind, 0)
        if number < 0 { throw TestFailure("socket", errno) }
        let descriptor = Descriptor(number)
        let raw = unsafe UnsafeRawPointer(address).assumingMemoryBound(to: sockaddr.self)
        let size = socklen_t(MemoryLayout<Address>.size)
        switch purpose {
        case .listening:
            if unsafe bind(number, raw, size) != 0 || listen(number, backlog) != 0 {
                throw TestFailure("listen", errno)
            }
        case .reserving(let isShared):
            if isShared {
                for option in [SO_REUSEADDR, SO_REUSEPORT] { set(option, of: number, to: 1) }
            }
            if unsafe bind(number, raw, size) != 0 { throw TestFailure("bind", errno) }
        case .connecting(let receiveBuffer):
            if let receiveBuffer { set(SO_RCVBUF, of: number, to: receiveBuffer) }
            if family == AF_INET { set(Int32(TCP_NODELAY), of: number, level: Int32(IPPROTO_TCP), to: 1) }
            if unsafe connect(number, raw, size) != 0 && errno != EINPROGRESS { throw TestFailure("connect", errno) }
        }
        return descriptor
    }

    /// The port that a socket is bound to.
    static func port(of descriptor: Descriptor) -> UInt16 {
        var address = sockaddr_in()
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        _ = unsafe withUnsafeMutablePointer(to: &address) { pointer in
            let raw = unsafe UnsafeMutableRawPointer(pointer).assumingMemoryBound(to: sockaddr.self)
            return unsafe getsockname(descriptor.number, raw, &size)
        }
        return UInt16(bigEndian: address.sin_port)
    }

    /// The next connection of a listener, which does not block either and goes to no child process.
    static func accept(_ listener: Descriptor) -> Descriptor? {
        Spawning.lock.withLock { _ in
            let number = Glibc.accept(listener.number, nil, nil)
            if number < 0 { return nil }
            _ = fcntl(number, F_SETFD, FD_CLOEXEC)
            _ = fcntl(number, F_SETFL, O_NONBLOCK)
            return Descriptor(number)
        }
    }

    /// What has become of a connection that was being made: 0 or an errno.
    static func error(of descriptor: Descriptor) -> Int32 {
        var code: Int32 = 0
        var size = socklen_t(MemoryLayout<Int32>.size)
        unsafe getsockopt(descriptor.number, SOL_SOCKET, SO_ERROR, &code, &size)
        return code
    }

    static func set(_ option: Int32, of number: Int32, level: Int32 = SOL_SOCKET, to value: Int32) {
        var value = value
        unsafe setsockopt(number, level, option, &value, socklen_t(MemoryLayout<Int32>.size))
    }

    /// Makes the next close a reset.
    static func resetOnClose(_ number: Int32) {
        var now = linger(l_onoff: 1, l_linger: 0)
        unsafe setsockopt(number, SOL_SOCKET, SO_LINGER, &now, socklen_t(MemoryLayout<linger>.size))
    }

    /// What send(2) takes at once; a negative errno if it fails.
    static func send(_ bytes: ArraySlice<UInt8>, to descriptor: Descriptor) -> Int {
        unsafe bytes.withUnsafeBytes { bytes in
            let count = unsafe Glibc.send(descriptor.number, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL))
            return count < 0 ? -Int(errno) : count
        }
    }
}
