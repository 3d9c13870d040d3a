// The bytes of a host: "uri-host [':' port]" (RFC 9110 section 7.2, RFC 3986 section 3.2), never empty, no user
// information (RFC 9110 section 4.2.4).

/// What may stand for a host in a target, in Host or in `:authority`.
@usableFromInline
package enum HostRule {
    /// Whether `slice` is a valid host with or without port.
    @inlinable @inline(__always)
    package static func allows(_ bytes: Span<UInt8>, _ slice: ByteRange) -> Bool {
        let end = slice.end
        let stop = ByteScan.first(PlainHostStop.self, in: bytes, from: Int(slice.start))
        if stop >= end { return !slice.isEmpty }
        if stop == Int(slice.start) || bytes[stop] != 0x3A { return allowsUnusual(bytes.extracting(slice)) }
        return allowsPort(bytes, from: stop &+ 1, to: end)
    }

    /// Whether `slice`, a valid host, ends with a port that is not empty.
    package static func hasPort(_ bytes: Span<UInt8>, _ slice: ByteRange) -> Bool {
        var index = slice.end - 1
        while index > Int(slice.start), bytes[index] &- 0x30 < 10 { index -= 1 }
        return bytes[index] == 0x3A && index < slice.end - 1
    }

    /// Whether `bytes[start..<end]` is a port: empty, or a number up to 65535 (RFC 3986 section 3.2.3).
    @usableFromInline
    static func allowsPort(_ bytes: Span<UInt8>, from start: Int, to end: Int) -> Bool {
        guard end &- start <= 5 else { return false }
        var port = 0
        for index in start..<end {
            let digit = bytes[index] &- 0x30
            guard digit < 10 else { return false }
            port = port &* 10 &+ Int(digit)
        }
        return port <= 65535
    }

    /// A host that is an address in brackets, or a name with other characters than letters, digits, "-" and ".".
    @usableFromInline @inline(never)
    static func allowsUnusual(_ host: Span<UInt8>) -> Bool {
        var end = 0
        if host[0] == 0x5B {
            guard let close = literalEnd(host) else { return false }
            end = close
        } else {
            while end < host.count, isNameByte(host[end]) { end += 1 }
            guard end > 0, allowsEscapes(host.extracting(0..<end)) else { return false }
        }
        if end == host.count { return true }
        return host[end] == 0x3A && allowsPort(host, from: end + 1, to: host.count)
    }

    /// The index behind the "]" of an IP literal: hexadecimal digits, ":" and "." between brackets. Versions to come
    /// ("[v1.…]") and zones are refused: nothing here could route to them.
    private static func literalEnd(_ host: Span<UInt8>) -> Int? {
        var index = 1
        var colons = 0
        while index < host.count, host[index] != 0x5D {
            let byte = host[index]
            guard byte == 0x3A || byte == 0x2E || ByteNumber.hexDigit(byte) != nil else { return nil }
            if byte == 0x3A { colons += 1 }
            index += 1
        }
        guard index < host.count, colons >= 2, index <= 46 else { return nil }
        return index + 1
    }

    /// unreserved, sub-delims and "%" (RFC 3986 section 3.2.2).
    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x21, 0x24...0x2E, 0x30...0x39, 0x3B, 0x3D, 0x41...0x5A, 0x5F, 0x61...0x7A, 0x7E: true
        default: false
        }
    }

    /// Whether each "%" is followed by two hexadecimal digits.
    private static func allowsEscapes(_ name: Span<UInt8>) -> Bool {
        for index in name.indices where name[index] == 0x25 {
            guard index + 2 < name.count, ByteNumber.hexDigit(name[index + 1]) != nil,
                ByteNumber.hexDigit(name[index + 2]) != nil
            else { return false }
        }
        return true
    }
}
