// Frames of WebSocket (RFC 6455 section 5.2).

/// A frame.
package struct WebSocketFrame: Equatable, Sendable {
    /// What a frame is.
    package enum Opcode: UInt8, Sendable {
        case continuation = 0
        case text = 1
        case binary = 2
        case close = 8
        case ping = 9
        case pong = 10
    }

    package var opcode: Opcode
    /// Whether the message ends with it.
    package var isFinal: Bool
    package var payload: [UInt8]

    package init(_ opcode: Opcode, _ payload: [UInt8] = [], isFinal: Bool = true) {
        self.opcode = opcode
        self.isFinal = isFinal
        self.payload = payload
    }

    /// A message of text in one frame.
    package static func text(_ text: String) -> WebSocketFrame { WebSocketFrame(.text, Array(text.utf8)) }

    /// A Close frame (section 5.5.1).
    package static func close(_ code: UInt16, _ reason: String = "") -> WebSocketFrame {
        WebSocketFrame(.close, [UInt8(code >> 8), UInt8(truncatingIfNeeded: code)] + Array(reason.utf8))
    }

    /// Why a Close frame was sent; nil for another frame, or one without a code.
    package var closeCode: UInt16? {
        opcode == .close && payload.count >= 2 ? UInt16(payload[0]) << 8 | UInt16(payload[1]) : nil
    }

    /// As it is sent.
    /// - Parameter key: with which clients mask what they send; nil for servers, who do not.
    package func bytes(maskedBy key: [UInt8]?) -> [UInt8] {
        let mask: UInt8 = key == nil ? 0 : 0x80
        var bytes = [(isFinal ? 0x80 : 0) | opcode.rawValue]
        switch payload.count {
        case ..<126: bytes.append(mask | UInt8(payload.count))
        case ..<65_536: bytes += [mask | 126] + Self.bigEndian(payload.count, 2)
        default: bytes += [mask | 127] + Self.bigEndian(payload.count, 8)
        }
        guard let key else { return bytes + payload }
        return bytes + key + Self.masked(payload, by: key)
    }

    private static func bigEndian(_ number: Int, _ count: Int) -> [UInt8] {
        (0..<count).reversed().map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
    }

    /// Masked bytes, or what they were before (section 5.3).
    static func masked(_ payload: [UInt8], by key: [UInt8]) -> [UInt8] {
        var result = payload
        for index in result.indices { result[index] ^= key[index & 3] }
        return result
    }
}
