import MartletEventLoop
import MartletHTTP1
import MartletHTTPCore
import MartletTestSupport
import Testing

@testable import MartletProxy

@Suite struct FramingTests {
    private static let trailers = "0\r\nSum: 7\r\n\r\n"

    /// A writer with the end of chunked content.
    private func tail() -> HeadWriter {
        var writer = HeadWriter(capacity: 100)
        writer.write("0\r\nSum: 7\r\n\r\n")
        return writer
    }

    /// The bytes as a chunk, and what follows it.
    private func expected(_ bytes: [UInt8], isLast: Bool) -> [UInt8] {
        let end = Array((isLast ? Self.trailers : "").utf8)
        if bytes.isEmpty { return end }
        return Array("\(String(bytes.count, radix: 16))\r\n".utf8) + bytes + Array("\r\n".utf8) + end
    }

    @Test(arguments: [0, 1, 15, 16, 4_095, 4_096, 65_536], [false, true])
    func aReceivedBufferIsFramedInPlace(count: Int, isLast: Bool) throws {
        // There is memory for this one buffer.
        let pool = BufferPool(limitBytes: BufferPool.defaultLargeBytes)
        let bytes = pattern(count, seed: 5)
        var buffer = try pool.received(bytes)
        let isFramed = Framing.chunk(&buffer, isLast: isLast, tail: tail(), pool: pool)
        check(isFramed)
        check(array(buffer.bytes) == expected(bytes, isLast: isLast))
    }

    @Test(arguments: [(0, 31, 500), (1, 31, 500), (16, 0, 500), (300, 32, 331), (300, 0, 300), (65_536, 31, 65_536)])
    func oneWithoutRoomIsMoved(count: Int, headroom: Int, room: Int) throws {
        let pool = BufferPool(limitBytes: 1 << 20)
        for isLast in [false, true] {
            let bytes = pattern(count, seed: 6)
            var buffer = try pool.filled(bytes, room: room, headroom: headroom)
            let isFramed = Framing.chunk(&buffer, isLast: isLast, tail: tail(), pool: pool)
            check(isFramed)
            check(array(buffer.bytes) == expected(bytes, isLast: isLast))
            check(pool.usedBytes == buffer.blockBytes, "the old buffer goes back to the pool")
        }
    }

    @Test func withoutRoomAndMemoryItFails() throws {
        let pool = BufferPool(limitBytes: BufferPool.smallBytes)
        var buffer = try pool.filled([1], room: 500, headroom: 31)
        let isFramed = Framing.chunk(&buffer, isLast: false, tail: tail(), pool: pool)
        check(!isFramed)
    }

    @Test func aLongTailNeedsRoomToo() throws {
        let pool = BufferPool(limitBytes: 1 << 20)
        var long = HeadWriter(capacity: 40_000)
        let end = pattern(30_000, seed: 7)
        long.write(end.span)
        var buffer = try pool.filled([0x61], room: 3_000, headroom: 64)
        let isFramed = Framing.chunk(&buffer, isLast: true, tail: long, pool: pool)
        check(isFramed)
        check(array(buffer.bytes) == Array("1\r\na\r\n".utf8) + end)
    }
}
