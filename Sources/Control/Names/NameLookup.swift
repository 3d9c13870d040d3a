// The system's resolver. One of the few files that hold `unsafe`: its answers are C structures.
import Glibc
import MartletEventLoop

/// Why a name has no address, in the resolver's words.
struct LookupError: Error, CustomStringConvertible {
    let description: String
}

/// Asks the system's resolver: hosts file, DNS, and whatever else nsswitch.conf names.
enum NameLookup {
    /// All addresses of a host, the preferred first (RFC 6724). Blocks, for as long as resolv.conf allows.
    static func addresses(of host: String, port: UInt16) throws(LookupError) -> [SocketAddress] {
        var hints = unsafe addrinfo()
        unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        unsafe hints.ai_flags = AI_ADDRCONFIG
        var list: UnsafeMutablePointer<addrinfo>?
        let code = unsafe getaddrinfo(host, nil, &hints, &list)
        if code != 0 { throw LookupError(description: unsafe String(cString: gai_strerror(code))) }
        defer { unsafe freeaddrinfo(list) }
        var result: [SocketAddress] = []
        var next = unsafe list
        while let entry = unsafe next {
            if let address = unsafe address(entry.pointee, port: port), !result.contains(address) {
                result.append(address)
            }
            unsafe next = entry.pointee.ai_next
        }
        if result.isEmpty { throw LookupError(description: "no IPv4 or IPv6 address") }
        return result
    }

    private static func address(_ entry: addrinfo, port: UInt16) -> SocketAddress? {
        guard let bytes = unsafe UnsafeRawPointer(entry.ai_addr) else { return nil }
        switch unsafe entry.ai_family {
        case AF_INET where unsafe Int(entry.ai_addrlen) >= MemoryLayout<sockaddr_in>.size:
            let v4 = unsafe bytes.loadUnaligned(as: sockaddr_in.self)
            let bits = UInt64(UInt32(bigEndian: v4.sin_addr.s_addr))
            return SocketAddress(high: 0, low: 0xFFFF_0000_0000 | bits, port: port)
        case AF_INET6 where unsafe Int(entry.ai_addrlen) >= MemoryLayout<sockaddr_in6>.size:
            // sin6_addr stands behind family, port and flow information (RFC 3493 section 3.3).
            let high = UInt64(bigEndian: unsafe bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
            let low = UInt64(bigEndian: unsafe bytes.loadUnaligned(fromByteOffset: 16, as: UInt64.self))
            return SocketAddress(high: high, low: low, port: port)
        default:
            return nil
        }
    }
}
