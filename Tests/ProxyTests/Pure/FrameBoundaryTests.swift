// Where a WebSocket is between two frames.
import MartletTestSupport
import Testing

@testable import MartletProxy

@Suite struct FrameBoundaryTests {
    /// Frames of every kind of length, from servers and from clients.
    private static let frames: [[UInt8]] = [0, 1, 125, 126, 127, 300, 65_535, 65_536, 70_000].flatMap { count in
        let frame = WebSocketFrame(.binary, pattern(count, seed: UInt64(count)))
        return [frame.bytes(maskedBy: nil), frame.bytes(maskedBy: [1, 2, 3, 4])]
    }

    @Test func isAtTheEndOfEachFrameAndNowhereElse() {
        for frame in Self.frames {
            var boundary = FrameBoundary()
            #expect(boundary.isOpen)
            for (index, byte) in frame.enumerated() {
                boundary.pass([byte].span)
                #expect(boundary.isOpen == (index == frame.count - 1), "\(index) of \(frame.count)")
            }
        }
    }

    @Test func doesNotDependOnHowBytesArrive() {
        let stream = Self.frames.flatMap { $0 }
        let ends = Self.frames.reduce(into: [0]) { $0.append(($0.last ?? 0) + $1.count) }
        for size in [2, 3, 7, 13, 1_000, 65_536, stream.count] {
            var boundary = FrameBoundary()
            for start in stride(from: 0, to: stream.count, by: size) {
                let end = min(start + size, stream.count)
                boundary.pass(Array(stream[start..<end]).span)
                #expect(boundary.isOpen == ends.contains(end), "\(end) in pieces of \(size)")
            }
        }
    }

    @Test func nothingComesBehindAClose() {
        var boundary = FrameBoundary()
        boundary.pass(WebSocketFrame.text("bye").bytes(maskedBy: nil).span)
        #expect(boundary.isOpen)
        boundary.pass(WebSocketFrame.close(1000).bytes(maskedBy: nil).span)
        #expect(!boundary.isOpen)
        boundary.pass(WebSocketFrame.text("x").bytes(maskedBy: nil).span)
        #expect(!boundary.isOpen)
    }

    /// The length may be whatever a server writes; nothing overflows.
    @Test func hugeLengthsAreNeverOver() {
        for mask in [UInt8(0), 0x80] {
            var boundary = FrameBoundary()
            boundary.pass(([0x82, mask | 127] + [UInt8](repeating: 0xFF, count: 8)).span)
            boundary.pass([UInt8](repeating: 0, count: 100_000).span)
            #expect(!boundary.isOpen)
        }
    }
}
