// Version 2 of the PROXY protocol: a binary header (section 2.2 of the specification).
import MartletHTTPCore

/// The constants of the binary header.
enum ProxyBinary {
    static let signature: [UInt8] = [0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A]
    /// Bytes in front of the addresses.
    static var fixedBytes: Int { 16 }
    static var local: UInt8 { 0x20 }
    static var proxy: UInt8 { 0x21 }
    static var unspecified: UInt8 { 0x00 }
    static var tcp4: UInt8 { 0x11 }
    static var tcp6: UInt8 { 0x21 }
    static var unixStream: UInt8 { 0x31 }
    /// The type of the part that has the header's checksum.
    static var checksum: UInt8 { 0x03 }

    /// Bytes of addresses and ports of a family; `nil` for one that no TCP connection has.
    static func addressBytes(_ family: UInt8) -> Int? {
        switch family {
        case unspecified: 0
        case tcp4: 12
        case tcp6: 36
        case unixStream: 216
        default: nil
        }
    }
}

enum ProxyBinaryReader {
    static func read(_ bytes: Span<UInt8>) -> ProxyHeaderResult {
        for index in 0..<min(bytes.count, ProxyBinary.signature.count)
        where bytes[index] != ProxyBinary.signature[index] { return .refused(.notAHeader) }
        if bytes.count <= 12 { return .incomplete }
        let isLocal = bytes[12] == ProxyBinary.local
        if !isLocal && bytes[12] != ProxyBinary.proxy { return .refused(.badVersion) }
        if bytes.count <= 13 { return .incomplete }
        // The whole block of a LOCAL header is to be passed over, the family included.
        guard let addressBytes = isLocal ? 0 : ProxyBinary.addressBytes(bytes[13]) else { return .refused(.badFamily) }
        if bytes.count < ProxyBinary.fixedBytes { return .incomplete }
        let length = ProxyBinary.fixedBytes + Int(number(bytes, at: 14, bytes: 2))
        if length > ProxyProtocolReader.limit { return .refused(.tooLong) }
        let end = ProxyBinary.fixedBytes + addressBytes
        if length < end { return .refused(.badLength) }
        if bytes.count < length { return .incomplete }
        var header = ProxyHeader(length: length)
        header.isLocal = isLocal
        if isLocal { return .complete(header) }
        if let refusal = checkParts(bytes.extracting(0..<length), from: end) { return .refused(refusal) }
        readAddresses(bytes, family: bytes[13], into: &header)
        return .complete(header)
    }

    private static func readAddresses(_ bytes: Span<UInt8>, family: UInt8, into header: inout ProxyHeader) {
        let start = ProxyBinary.fixedBytes
        if family == ProxyBinary.tcp4 {
            header.source = ProxyEndpoint(v4(bytes, at: start), port: port(bytes, at: start + 8))
            header.destination = ProxyEndpoint(v4(bytes, at: start + 4), port: port(bytes, at: start + 10))
        } else if family == ProxyBinary.tcp6 {
            header.source = ProxyEndpoint(v6(bytes, at: start), port: port(bytes, at: start + 32))
            header.destination = ProxyEndpoint(v6(bytes, at: start + 16), port: port(bytes, at: start + 34))
        }
    }

    /// Type, length and value, one behind the other (section 2.2.1 and on): passed over, but for the checksum.
    private static func checkParts(_ header: Span<UInt8>, from start: Int) -> ProxyHeaderRefusal? {
        var index = start
        while index < header.count {
            if header.count - index < 3 { return .badLength }
            let value = index + 3
            let end = value + Int(number(header, at: index + 1, bytes: 2))
            if end > header.count { return .badLength }
            if header[index] == ProxyBinary.checksum {
                if end - value != 4 { return .badLength }
                let stated = UInt32(truncatingIfNeeded: number(header, at: value, bytes: 4))
                // The checksum is of the header with zeros in its own place (section 2.2.3).
                if CRC32C.checksum(header, zeros: value..<end) != stated { return .badChecksum }
            }
            index = end
        }
        return nil
    }

    private static func v4(_ bytes: Span<UInt8>, at place: Int) -> IPAddress {
        IPAddress(v4: UInt32(truncatingIfNeeded: number(bytes, at: place, bytes: 4)))
    }

    private static func v6(_ bytes: Span<UInt8>, at place: Int) -> IPAddress {
        IPAddress(hi: number(bytes, at: place, bytes: 8), lo: number(bytes, at: place + 8, bytes: 8))
    }

    private static func port(_ bytes: Span<UInt8>, at place: Int) -> UInt16 {
        UInt16(truncatingIfNeeded: number(bytes, at: place, bytes: 2))
    }

    private static func number(_ bytes: Span<UInt8>, at place: Int, bytes count: Int) -> UInt64 {
        var number: UInt64 = 0
        for index in place..<place + count { number = number << 8 | UInt64(bytes[index]) }
        return number
    }
}

/// The checksum of Castagnoli's polynomial (RFC 3309), bit by bit: a header has few bytes.
enum CRC32C {
    /// - Parameter zeros: places that count as zero.
    static func checksum(_ bytes: Span<UInt8>, zeros: Range<Int>) -> UInt32 {
        var sum = UInt32.max
        for index in bytes.indices {
            sum ^= zeros.contains(index) ? 0 : UInt32(bytes[index])
            for _ in 0..<8 { sum = sum & 1 == 0 ? sum >> 1 : sum >> 1 ^ 0x82F6_3B78 }
        }
        return ~sum
    }
}
