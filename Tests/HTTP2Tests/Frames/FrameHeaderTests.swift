// The nine bytes in front of each payload.

import MartletHTTP2
import MartletHTTPCore
import Testing

struct FrameHeaderTests {
    static let headers: [([UInt8], FrameHeader)] = [
        ([0, 0, 0, 0, 0, 0, 0, 0, 0], FrameHeader(.data, stream: 0, length: 0)),
        ([0, 0, 1, 1, 5, 0, 0, 0, 1], FrameHeader(.headers, [.endHeaders, .endStream], stream: 1, length: 1)),
        (
            [0xFF, 0xFF, 0xFF, 9, 4, 0x7F, 0xFF, 0xFF, 0xFF],
            FrameHeader(.continuation, .endHeaders, stream: 0x7FFF_FFFF, length: 0xFF_FFFF)
        ),
        ([1, 2, 3, 0x10, 0, 4, 5, 6, 7], FrameHeader(.priorityUpdate, stream: 0x0405_0607, length: 0x01_0203)),
        ([0, 0x40, 0, 0, 8, 0x12, 0x34, 0x56, 0x78], FrameHeader(.data, .padded, stream: 0x1234_5678, length: 16_384)),
    ]

    @Test(arguments: headers)
    func bothWays(bytes: [UInt8], header: FrameHeader) {
        let padded = [7, 7] + bytes + [7]
        #expect(FrameHeader(reading: padded.span, at: 2) == header)
        let written = header.bytes
        #expect((0..<9).map { written[$0] } == bytes)
        var room = [UInt8](repeating: 7, count: 12)
        var span = room.mutableSpan
        header.write(into: &span, at: 2)
        #expect(room == padded)
    }

    @Test func theReservedBitMeansNothing() {
        let bytes: [UInt8] = [0, 0, 0, 99, 0xFF, 0x80, 0, 0, 1]
        let header = FrameHeader(reading: bytes.span, at: 0)
        #expect(header.stream == 1 && header.type == 99 && FrameType(rawValue: header.type) == nil)
        #expect(header.flags.contains([.endStream, .endHeaders, .padded, .priority]))
    }

    /// As RFC 9113 section 6 and RFC 9218 section 7.1 number them.
    @Test func numbers() {
        #expect(FrameType.allCases.map(\.rawValue) == [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 16])
        #expect(SettingNumber.allCases.map(\.rawValue) == [1, 2, 3, 4, 5, 6, 8, 9])
    }
}
