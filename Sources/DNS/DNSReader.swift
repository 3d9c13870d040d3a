// Reads messages, which anybody may have sent.

/// A place in a message. Reading beyond its end throws, and never traps.
struct DNSReader {
    /// Pointers in one name: more than labels are a loop, or are to cost time.
    private static let mostPointers = 16

    private let bytes: [UInt8]
    private(set) var place = 0
    private let end: Int

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        end = bytes.count
    }

    private init(_ bytes: [UInt8], from place: Int, to end: Int) {
        self.bytes = bytes
        self.place = place
        self.end = end
    }

    var isAtEnd: Bool { place == end }

    mutating func byte() throws(DNSFault) -> UInt8 {
        if place >= end { throw .malformed }
        defer { place += 1 }
        return bytes[place]
    }

    mutating func number16() throws(DNSFault) -> UInt16 { UInt16(try byte()) << 8 | UInt16(try byte()) }

    mutating func number32() throws(DNSFault) -> UInt32 { UInt32(try number16()) << 16 | UInt32(try number16()) }

    mutating func number64() throws(DNSFault) -> UInt64 { UInt64(try number32()) << 32 | UInt64(try number32()) }

    /// A reader of the next `count` bytes, whose names may point to what came before; goes on behind them.
    mutating func part(_ count: Int) throws(DNSFault) -> DNSReader {
        if count > end - place { throw .malformed }
        defer { place += count }
        return DNSReader(bytes, from: place, to: place + count)
    }

    /// A name, whose end may be that of another one before it (RFC 1035 section 4.1.4). Each pointer leads to before where the
    /// last one led, so that there are no loops.
    mutating func name() throws(DNSFault) -> DNSName {
        var wire: [UInt8] = []
        var at = place
        var limit = end
        var next: Int?
        var pointers = 0
        var lowest = place
        while true {
            if at >= limit { throw .malformed }
            let length = Int(bytes[at])
            switch length >> 6 {
            case 0:
                let labelEnd = at + 1 + length
                if labelEnd > limit || wire.count + 1 + length > DNSName.mostBytes { throw .malformed }
                wire.append(UInt8(length))
                wire += bytes[at + 1..<labelEnd].map(DNSName.lowercase)
                at = labelEnd
                if length == 0 {
                    place = next ?? at
                    return DNSName(wire: wire)
                }
            case 3:
                if at + 1 >= limit { throw .malformed }
                let target = (length & 0x3F) << 8 | Int(bytes[at + 1])
                pointers += 1
                if target >= lowest || pointers > Self.mostPointers { throw .malformed }
                if next == nil { next = at + 2 }
                lowest = target
                at = target
                limit = bytes.count
            default:
                throw .malformed
            }
        }
    }
}
