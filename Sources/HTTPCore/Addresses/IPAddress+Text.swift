// Writing addresses, in the one form RFC 5952 recommends: for logs without an allocation, elsewhere as a string.

extension IPAddress {
    /// The room `text(into:)` asks for, in bytes.
    package static let maximumTextLength = 45

    /// Writes the address in the form of RFC 5952 (IPv4 with dots, also when mapped) to the front of `span`, which
    /// has room for `maximumTextLength` bytes. Returns the number of bytes written. Does not allocate.
    package func text(into span: inout MutableSpan<UInt8>) -> Int {
        precondition(span.count >= IPAddress.maximumTextLength, "no room for an address")
        return isIPv4 ? writeV4(into: &span) : writeV6(into: &span)
    }

    private func writeV4(into span: inout MutableSpan<UInt8>) -> Int {
        var count = 0
        for index in 0..<4 {
            if index > 0 { put(UInt8(ascii: "."), &span, &count) }
            let octet = UInt8(truncatingIfNeeded: v4 >> UInt32(24 - 8 * index))
            if octet >= 100 { put(0x30 + octet / 100, &span, &count) }
            if octet >= 10 { put(0x30 + octet / 10 % 10, &span, &count) }
            put(0x30 + octet % 10, &span, &count)
        }
        return count
    }

    private func writeV6(into span: inout MutableSpan<UInt8>) -> Int {
        let zeros = longestZeros
        var count = 0
        var index = 0
        while index < 8 {
            if index == zeros.start, zeros.count > 0 {
                put(UInt8(ascii: ":"), &span, &count)
                put(UInt8(ascii: ":"), &span, &count)
                index += zeros.count
                continue
            }
            if index > 0, index != zeros.start + zeros.count || zeros.count == 0 {
                put(UInt8(ascii: ":"), &span, &count)
            }
            putHex(group(index), &span, &count)
            index += 1
        }
        return count
    }

    /// The longest run of groups that are zero, the first of equals; none when there is only a single one (RFC 5952
    /// section 4.2).
    private var longestZeros: (start: Int, count: Int) {
        var best = (start: 0, count: 1)
        var run = 0
        for index in 0..<8 {
            run = group(index) == 0 ? run + 1 : 0
            if run > best.count { best = (start: index + 1 - run, count: run) }
        }
        return best.count > 1 ? best : (start: 0, count: 0)
    }

    private func putHex(_ group: UInt16, _ span: inout MutableSpan<UInt8>, _ count: inout Int) {
        for index in 0..<4 where index == 3 || group >> UInt16(12 - 4 * index) != 0 {
            let shift = UInt16(12 - 4 * index)
            let digit = UInt8(group >> shift & 15)
            put(digit < 10 ? 0x30 + digit : 0x57 + digit, &span, &count)
        }
    }

    private func put(_ byte: UInt8, _ span: inout MutableSpan<UInt8>, _ count: inout Int) {
        span[count] = byte
        count += 1
    }
}

extension IPAddress: CustomStringConvertible {
    /// The address in the form of RFC 5952.
    package var description: String {
        var bytes = [UInt8](repeating: 0, count: IPAddress.maximumTextLength)
        var span = bytes.mutableSpan
        let count = text(into: &span)
        return String(decoding: bytes[..<count], as: UTF8.self)
    }
}
