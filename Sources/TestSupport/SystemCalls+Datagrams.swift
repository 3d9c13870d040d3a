// Datagrams from the C library. One of the few files that hold `unsafe`: it takes pointers.
import Glibc

extension SystemCalls {
    /// A socket for datagrams to a port of 127.0.0.1.
    static func openDatagrams(_ port: UInt16) throws(TestFailure) -> Descriptor {
        let kind = Int32(SOCK_DGRAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        let number = socket(AF_INET, kind, 0)
        if number < 0 { throw TestFailure("socket", errno) }
        let descriptor = Descriptor(number)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        let result = unsafe withUnsafePointer(to: &address) { pointer in
            let raw = unsafe UnsafeRawPointer(pointer).assumingMemoryBound(to: sockaddr.self)
            return unsafe bind(number, raw, socklen_t(MemoryLayout<sockaddr_in>.size))
        }
        if result != 0 { throw TestFailure("bind", errno) }
        return descriptor
    }

    /// The next datagram, and the port of 127.0.0.1 that it came from; `nil` when there is none.
    static func receive(_ descriptor: Descriptor) -> (bytes: [UInt8], port: UInt16)? {
        var bytes = [UInt8](repeating: 0, count: 65_536)
        var address = sockaddr_in()
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let count = unsafe withUnsafeMutablePointer(to: &address) { pointer in
            let raw = unsafe UnsafeMutableRawPointer(pointer).assumingMemoryBound(to: sockaddr.self)
            return unsafe recvfrom(descriptor.number, &bytes, bytes.count, 0, raw, &size)
        }
        return count < 0 ? nil : (Array(bytes[..<count]), UInt16(bigEndian: address.sin_port))
    }

    /// Sends a datagram to a port of 127.0.0.1.
    static func send(_ bytes: [UInt8], to port: UInt16, from descriptor: Descriptor) {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        _ = unsafe withUnsafePointer(to: &address) { pointer in
            let raw = unsafe UnsafeRawPointer(pointer).assumingMemoryBound(to: sockaddr.self)
            return unsafe sendto(
                descriptor.number, bytes, bytes.count, Int32(MSG_NOSIGNAL), raw,
                socklen_t(MemoryLayout<sockaddr_in>.size))
        }
    }
}
