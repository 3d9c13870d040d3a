// Reading addresses: dotted IPv4, and IPv6 as RFC 4291 section 2.2 writes it. Strict, one pass, no allocation.

extension IPAddress {
    /// The address `text` spells, or nil. IPv4 is four decimal numbers without leading zeros (which some systems take
    /// for octal); IPv6 is any form of RFC 4291 section 2.2. Brackets, zones (`%eth0`), ports and spaces are refused.
    package init?(parsing text: some StringProtocol) {
        let bytes = Array(text.utf8)
        self.init(parsing: bytes.span)
    }

    /// The same for bytes, for fields of a request.
    package init?(parsing bytes: Span<UInt8>) {
        guard bytes.count >= 2, bytes.count <= 45 else { return nil }
        for index in bytes.indices where bytes[index] == UInt8(ascii: ":") {
            guard let address = IPAddress.parseV6(bytes) else { return nil }
            self = address
            return
        }
        guard let v4 = IPAddress.parseV4(bytes, from: 0) else { return nil }
        self.init(v4: v4)
    }

    /// Four decimal numbers 0...255 from `start` to the end.
    static func parseV4(_ bytes: Span<UInt8>, from start: Int) -> UInt32? {
        var result: UInt32 = 0
        var value: UInt32 = 0
        var digits = 0
        var dots = 0
        for index in start..<bytes.count {
            let byte = bytes[index]
            if byte == UInt8(ascii: ".") {
                guard digits > 0, dots < 3 else { return nil }
                result = result << 8 | value
                (value, digits, dots) = (0, 0, dots + 1)
            } else {
                guard byte &- 0x30 <= 9, digits == 0 || value != 0 else { return nil }
                value = value * 10 + UInt32(byte &- 0x30)
                digits += 1
                guard value <= 255 else { return nil }
            }
        }
        return digits > 0 && dots == 3 ? result << 8 | value : nil
    }

    /// Eight groups of hexadecimal digits, of which `::` stands for one or more that are zero; the last two may be an
    /// IPv4 address.
    private static func parseV6(_ bytes: Span<UInt8>) -> IPAddress? {
        var groups = V6Groups()
        var index = 0
        if bytes[0] == UInt8(ascii: ":") {
            guard bytes[1] == UInt8(ascii: ":") else { return nil }
            groups.gap = 0
            index = 2
        }
        while index < bytes.count {
            guard let end = groups.readGroup(bytes, at: index) else { return nil }
            guard end < bytes.count else { return groups.address }
            index = end + 1
            if index < bytes.count, bytes[index] == UInt8(ascii: ":") {
                guard groups.gap < 0 else { return nil }
                groups.gap = groups.count
                index += 1
            } else if index == bytes.count {
                return nil  // a single colon at the end
            }
        }
        return groups.address
    }
}

/// The groups read so far and where `::` stood.
private struct V6Groups {
    /// The groups, the last one lowest.
    var bits: UInt128 = 0
    /// How many groups were read, at most 8.
    var count = 0
    /// How many groups stood before `::`; -1 without one.
    var gap = -1

    /// Reads the group (or the IPv4 address) that begins at `start`. Returns the index of the colon behind it, or of
    /// the end.
    mutating func readGroup(_ bytes: Span<UInt8>, at start: Int) -> Int? {
        var value: UInt16 = 0
        var index = start
        while index < bytes.count, let digit = hexDigit(bytes[index]) {
            guard index - start < 4 else { return nil }
            value = value << 4 | UInt16(digit)
            index += 1
        }
        if index < bytes.count, bytes[index] == UInt8(ascii: ".") {
            return readV4(bytes, at: start)
        }
        guard index > start, count < 8, index == bytes.count || bytes[index] == UInt8(ascii: ":") else { return nil }
        bits = bits << 16 | UInt128(value)
        count += 1
        return index
    }

    private mutating func readV4(_ bytes: Span<UInt8>, at start: Int) -> Int? {
        guard count <= 6, let v4 = IPAddress.parseV4(bytes, from: start) else { return nil }
        bits = bits << 32 | UInt128(v4)
        count += 2
        return bytes.count
    }

    /// The whole address, or nil when there are too few groups, or so many that `::` would stand for none.
    var address: IPAddress? {
        guard gap >= 0 else { return count == 8 ? IPAddress(bits: bits) : nil }
        guard count < 8 else { return nil }
        let behind = 16 * (count - gap)
        let tail = behind == 0 ? 0 : bits & (UInt128.max >> UInt128(128 - behind))
        let head = behind == 128 ? 0 : bits >> UInt128(behind)
        let shifted = gap == 0 ? 0 : head << UInt128(128 - 16 * gap)
        return IPAddress(bits: shifted | tail)
    }

    private func hexDigit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x37
        case 0x61...0x66: byte - 0x57
        default: nil
        }
    }
}
