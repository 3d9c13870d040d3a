// Addresses as the kernel takes them.
import CEventLoop
import Glibc

/// Where a socket listens or connects to: an IP address with a port, or the path of a Unix socket.
package struct SocketAddress: Hashable, Sendable {
    /// The upper and lower half of the IPv6 address; an IPv4 address is IPv4-mapped (::ffff:a.b.c.d).
    package var high: UInt64
    package var low: UInt64
    package var port: UInt16
    /// Listening only: all addresses of the host, IPv6 and IPv4.
    package var isAny = false
    /// The path of a Unix socket; then the rest means nothing.
    package var path: String?
    /// Listening on a path only: nobody but the owner of this process and root may connect.
    package var isPrivate = false

    package init(high: UInt64, low: UInt64, port: UInt16) {
        self.high = high
        self.low = low
        self.port = port
    }

    /// All addresses of this host.
    package init(anyPort port: UInt16) {
        self.init(high: 0, low: 0, port: port)
        isAny = true
    }

    package init(path: String) {
        self.init(high: 0, low: 0, port: 0)
        self.path = path
    }

    /// 127.0.0.1.
    package static func loopback(port: UInt16) -> SocketAddress {
        SocketAddress(high: 0, low: 0xffff_7f00_0001, port: port)
    }

    var system: martlet_address { martlet_address(high: high, low: low, port: port, family: 0) }
}

/// Who is at the other end of an accepted connection. Plain bytes, so that a connection record may hold it.
package struct PeerAddress: Hashable, Sendable, BitwiseCopyable {
    /// As in `SocketAddress`.
    package var high: UInt64
    package var low: UInt64
    package var port: UInt16
    /// The peer came through a Unix socket and has no address.
    package var isLocal: Bool

    package init(high: UInt64, low: UInt64, port: UInt16, isLocal: Bool = false) {
        self.high = high
        self.low = low
        self.port = port
        self.isLocal = isLocal
    }

    init(_ address: martlet_address) {
        let isLocal = address.family == UInt16(AF_UNIX)
        self.init(high: address.high, low: address.low, port: address.port, isLocal: isLocal)
    }
}
