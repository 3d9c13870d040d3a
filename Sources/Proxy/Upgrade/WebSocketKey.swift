// The key of a WebSocket's handshake in HTTP/1.1, for servers of HTTP/2, where there is none: who asked gets from us what shows
// that the handshake was understood (RFC 6455 section 4.2.2, RFC 8441 section 5). And the other way round: for clients of HTTP/2
// we make the key, and see whether a server has understood.
import MartletHTTPCore
import MartletTLS

enum WebSocketKey {
    /// Base64 of 16 bytes.
    private static var length: Int { 24 }
    /// What is put behind each key (RFC 6455 section 1.3).
    private static let suffix = Array("258EAFA5-E914-47DA-95CA-C5AB0DC85B11".utf8)

    /// What Sec-WebSocket-Accept has to be for the one Sec-WebSocket-Key among `fields`; `nil` if there is none, several, or
    /// one that is no key.
    static func accept(_ fields: borrowing FieldTable, in arena: Span<UInt8>) -> [UInt8]? {
        var key: ByteRange?
        for index in 0..<fields.count where isKey(fields[index], arena) {
            if key != nil { return nil }
            key = fields[index].value
        }
        guard let key, isWhole(arena.extracting(key)) else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(length + suffix.count)
        for index in key.range { bytes.append(arena[index]) }
        return accept(bytes)
    }

    /// What Sec-WebSocket-Accept has to be for a key.
    static func accept(_ key: [UInt8]) -> [UInt8] { Array(Base64.text(SHA1.digest(of: key + suffix)).utf8) }

    /// Whether there is one Sec-WebSocket-Accept among `fields`, and it says this.
    static func isAccepted(_ fields: borrowing FieldTable, in arena: Span<UInt8>, as expected: [UInt8]) -> Bool {
        var accepted: Bool?
        for index in 0..<fields.count where fields[index].known == .other {
            if !ByteScan.equals(arena.extracting(fields[index].name), lowercase: "sec-websocket-accept") { continue }
            accepted = accepted == nil && ByteScan.equals(arena.extracting(fields[index].value), expected.span)
        }
        return accepted == true
    }

    private static func isKey(_ line: FieldLine, _ arena: Span<UInt8>) -> Bool {
        line.known == .other && ByteScan.equals(arena.extracting(line.name), lowercase: "sec-websocket-key")
    }

    /// Whether it is Base64 of 16 bytes (RFC 6455 section 4.1).
    private static func isWhole(_ key: Span<UInt8>) -> Bool {
        if key.count != length || key[length - 1] != 0x3D || key[length - 2] != 0x3D { return false }
        for index in 0..<length - 2 {
            switch key[index] {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2B, 0x2F: continue
            default: return false
            }
        }
        return true
    }
}

extension FieldTable {
    /// Has the lines with a name end here.
    mutating func drop(lowercase name: StaticString, in arena: Span<UInt8>) {
        for index in 0..<count where self[index].known == .other {
            if ByteScan.equals(arena.extracting(self[index].name), lowercase: name) { self[index].isHopByHop = true }
        }
    }
}
