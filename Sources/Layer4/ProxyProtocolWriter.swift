// Writes PROXY protocol headers.
import MartletHTTPCore

/// Makes the bytes that stand in front of a connection that is passed on.
package enum ProxyProtocolWriter {
    /// Version 1; without both ends, that they are not known (UNKNOWN).
    package static func text(from source: ProxyEndpoint?, to destination: ProxyEndpoint?) -> [UInt8] {
        guard let source, let destination else { return Array("PROXY UNKNOWN\r\n".utf8) }
        let isV4 = source.address.isIPv4 && destination.address.isIPv4
        let ends = "\(text(source.address, isV4: isV4)) \(text(destination.address, isV4: isV4))"
        return Array("PROXY TCP\(isV4 ? 4 : 6) \(ends) \(source.port) \(destination.port)\r\n".utf8)
    }

    /// An address of IPv4 beside one of IPv6 is written as the IPv6 address that maps it.
    private static func text(_ address: IPAddress, isV4: Bool) -> String {
        isV4 || !address.isIPv4 ? "\(address)" : "::ffff:\(address)"
    }

    /// Version 2; without both ends, that the connection is the sender's own (LOCAL).
    package static func binary(from source: ProxyEndpoint?, to destination: ProxyEndpoint?) -> [UInt8] {
        var bytes = ProxyBinary.signature
        guard let source, let destination else { return bytes + [ProxyBinary.local, ProxyBinary.unspecified, 0, 0] }
        let isV4 = source.address.isIPv4 && destination.address.isIPv4
        let family = isV4 ? ProxyBinary.tcp4 : ProxyBinary.tcp6
        bytes += [ProxyBinary.proxy, family, 0, UInt8(ProxyBinary.addressBytes(family) ?? 0)]
        for end in [source, destination] {
            if isV4 {
                append(UInt64(end.address.v4), bytes: 4, to: &bytes)
            } else {
                append(end.address.hi, bytes: 8, to: &bytes)
                append(end.address.lo, bytes: 8, to: &bytes)
            }
        }
        append(UInt64(source.port), bytes: 2, to: &bytes)
        append(UInt64(destination.port), bytes: 2, to: &bytes)
        return bytes
    }

    private static func append(_ number: UInt64, bytes count: Int, to bytes: inout [UInt8]) {
        for place in (0..<count).reversed() { bytes.append(UInt8(truncatingIfNeeded: number >> UInt64(8 * place))) }
    }
}
