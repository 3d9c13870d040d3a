// What is in frames is between the two ends: every byte passes as it is, the forbidden ones as well, in all pairs of protocols
// and in pieces of any size. (RFC 6455 section 5.8 and RFC 7692 let ends agree on more than a proxy knows.)
import MartletTestSupport
import Testing

@Suite(.timeLimit(.minutes(20))) struct WebSocketBytesTests {
    /// Bytes that a client sends, and what they are.
    private struct Case {
        let name: String
        let bytes: [UInt8]
        /// Pieces in which they are sent; 0 for all at once.
        var pieces = [0, 1, 7, 4_096]
    }

    private static let key: [UInt8] = [0x37, 0xFA, 0x21, 0x3D]

    private static func frame(_ opcode: WebSocketFrame.Opcode, _ payload: [UInt8], isFinal: Bool = true) -> [UInt8] {
        WebSocketFrame(opcode, payload, isFinal: isFinal).bytes(maskedBy: key)
    }

    private static func payload(_ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
    }

    /// A frame's first byte made another: reserved bits, opcodes that mean nothing.
    private static func first(_ byte: UInt8, _ payload: [UInt8] = [1, 2, 3]) -> [UInt8] {
        [byte] + frame(.binary, payload).dropFirst()
    }

    private static var sizes: [Case] {
        [0, 1, 125, 126, 127, 65_535, 65_536].flatMap { count in
            [WebSocketFrame.Opcode.text, .binary].map {
                Case(
                    name: "\($0) of \(count)", bytes: frame($0, payload(count)),
                    pieces: count > 200 ? [0, 4_097] : [0, 1])
            }
        }
    }

    private static var fragments: [Case] {
        let (start, end) = (
            frame(.text, Array("Hell\u{C3}".utf8.dropLast()), isFinal: false), frame(.continuation, [0xB6])
        )
        return [
            Case(name: "fragments, UTF-8 split", bytes: start + end),
            Case(name: "control frames between fragments", bytes: start + frame(.ping, [1]) + frame(.pong, []) + end),
            Case(name: "empty fragments", bytes: frame(.binary, [], isFinal: false) + frame(.continuation, [])),
            Case(name: "a continuation of nothing", bytes: frame(.continuation, [1])),
            Case(name: "a message within a message", bytes: start + frame(.text, [0x61])),
            Case(name: "a fragment of a ping", bytes: frame(.ping, [1], isFinal: false)),
        ]
    }

    private static var forbidden: [Case] {
        [
            Case(name: "UTF-8 that is none", bytes: frame(.text, [0xCE, 0xBA, 0xED, 0xA0, 0x80, 0x65])),
            Case(name: "RSV1, as compressed messages have it", bytes: first(0xC2, [0xAA, 0x56, 0x4A, 0x04, 0x00])),
            Case(name: "RSV2 and RSV3", bytes: first(0xA2) + first(0x92) + first(0xF2)),
            Case(name: "opcodes that mean nothing", bytes: first(0x83) + first(0x8B) + first(0x8F)),
            Case(name: "a ping of 126", bytes: frame(.ping, payload(126))),
            Case(name: "a length longer than it needs to be", bytes: [0x82, 0xFE, 0, 1] + key + [5]),
            Case(name: "the longest length of all", bytes: [0x82, 0xFF] + [UInt8](repeating: 0xFF, count: 8) + key),
            Case(name: "no frame at all", bytes: Array("GET / HTTP/1.1\r\nHost: a\r\n\r\n0\r\n\r\n".utf8)),
            Case(name: "all bytes", bytes: (0...255).map { UInt8($0) }),
        ]
    }

    private static var closes: [Case] {
        let codes: [UInt16] = [0, 999, 1000, 1001, 1005, 1006, 1012, 1015, 1016, 2999, 3000, 4999, 5000, 65_535]
        let all = codes.flatMap { WebSocketFrame.close($0, "because").bytes(maskedBy: key) }
        return [
            Case(name: "close codes", bytes: all), Case(name: "a Close of one byte", bytes: frame(.close, [3])),
            Case(name: "an empty Close, and more behind it", bytes: frame(.close, []) + frame(.text, [0x61])),
        ]
    }

    @Test(arguments: Mix.all) func everyBytePasses(mix: Mix) throws {
        try mix.run(try mix.echo()) { martlet throws in
            let client = try mix.open(martlet)
            for each in Self.sizes + Self.fragments + Self.forbidden + Self.closes {
                for piece in each.pieces {
                    let back = try client.roundTrip(each.bytes, piece: piece == 0 ? each.bytes.count : piece)
                    #expect(back == each.bytes, "\(each.name), \(piece) at a time")
                }
            }
            client.end()
            let rest = try client.rest()
            #expect(rest.bytes.isEmpty && rest.end == .end)
        }
    }

    @Test(arguments: Mix.all) func largeMessagesPass(mix: Mix) throws {
        try mix.run(try mix.echo()) { martlet throws in
            let client = try mix.open(martlet)
            let before = try martlet.peakMemory()
            for count in [1 << 20, 4 << 20] {
                let bytes = Self.frame(.binary, Self.payload(count))
                #expect(try client.roundTrip(bytes, piece: 65_537) == bytes, "\(count) bytes")
            }
            #expect(try martlet.peakMemory() - before < 16 << 10)
        }
    }
}
