import MartletEventLoop
import MartletTestSupport
import Testing

@testable import MartletProxy

@Suite struct KeptBytesTests {
    /// - Parameter block: the size of the block that the bytes are kept in, by how many they are.
    @Test(arguments: [
        (0, 4_096), (1, 4_096), (3_904, 4_096), (3_905, 8_192), (8_000, 8_192), (8_001, 12_288), (36_864, 40_960),
        (36_865, 73_728), (65_536, 73_728),
    ])
    func takesNoMoreMemoryThanBytesNeed(count: Int, block: Int) throws {
        let pool = BufferPool(limitBytes: 1 << 20)
        let bytes = pattern(count, seed: 3)
        let kept = KeptBytes.compact(try pool.received(bytes), pool: pool)
        check(array(kept.bytes) == bytes)
        check(kept.blockBytes == block, "in \(kept.blockBytes)")
        check(kept.roomBehind >= Buffer.tailroom)
        check(kept.roomInFront >= KeptBytes.headroom)
        check(pool.usedBytes == block)
    }

    @Test func aSmallBufferStaysAsItIs() throws {
        let pool = BufferPool(limitBytes: BufferPool.smallBytes)
        let kept = KeptBytes.compact(try pool.filled([1, 2], room: 100, headroom: 7), pool: pool)
        check(array(kept.bytes) == [1, 2] && kept.roomInFront == 7)
    }

    @Test func withoutMemoryTheBufferItselfIsKept() throws {
        let pool = BufferPool(limitBytes: BufferPool.defaultLargeBytes)
        let kept = KeptBytes.compact(try pool.received([1, 2]), pool: pool)
        check(array(kept.bytes) == [1, 2] && kept.blockBytes == BufferPool.defaultLargeBytes)
        check(KeptBytes.copy([3].span, pool: pool) == nil)
    }

    @Test func aCopyHasRoomAroundIt() throws {
        let pool = BufferPool(limitBytes: 1 << 20)
        let bytes = pattern(5_000, seed: 4)
        let copy = try require(isThere: KeptBytes.copy(bytes.span, pool: pool))
        check(array(copy.bytes) == bytes)
        check(copy.roomInFront >= KeptBytes.headroom && copy.roomBehind >= Buffer.tailroom)
    }
}
