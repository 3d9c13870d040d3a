import MartletEventLoop
import MartletTestSupport
import Testing

@testable import MartletProxy

@Suite struct JoiningTests {
    /// A piece that waited: its bytes, and the room around them.
    struct Piece: Sendable, CustomTestStringConvertible {
        let count: Int
        let room: Int
        let headroom: Int
        var testDescription: String { "\(count) in \(headroom)+\(room)" }
    }

    static let pieces = [
        Piece(count: 1, room: 200, headroom: 0), Piece(count: 100, room: 3_000, headroom: 64),
        Piece(count: 959, room: 3_000, headroom: 64), Piece(count: 960, room: 3_000, headroom: 64),
        Piece(count: 961, room: 3_000, headroom: 64), Piece(count: 3_900, room: 3_968, headroom: 64),
        Piece(count: 20_000, room: 20_064, headroom: 64), Piece(count: 65_536, room: 65_600, headroom: 1_024),
    ]

    @Test(arguments: pieces, [0, 1, 36, 1_000, 2_836, 30_000, 64 << 10])
    func joinsPiecesOfAnySize(piece: Piece, more: Int) throws {
        let pool = BufferPool(limitBytes: 1 << 20)
        let (one, two) = (pattern(piece.count, seed: 1), pattern(more, seed: 2))
        let first = try pool.filled(one, room: piece.room, headroom: piece.headroom)
        let second = try pool.received(two)
        let joined = try require(isThere: Joining.join(first, second, pool: pool))
        check(array(joined.bytes) == one + two)
        check(joined.roomBehind >= Buffer.tailroom, "wide loads need slack behind \(joined.count) bytes")
        check(pool.usedBytes == joined.blockBytes, "the other buffers go back to the pool")
    }

    @Test func takesTheRoomBehindTheFirst() throws {
        let pool = BufferPool(limitBytes: 1 << 20)
        let first = try pool.filled([1], room: 3_000, headroom: 64)
        let second = try pool.received([2])
        let joined = try require(isThere: Joining.join(first, second, pool: pool))
        check(joined.blockBytes == BufferPool.smallBytes)
    }

    @Test func takesTheRoomInFrontOfTheSecond() throws {
        let pool = BufferPool(limitBytes: 1 << 20)
        let first = try pool.filled(pattern(960, seed: 1), room: 1_000, headroom: 0)
        let second = try pool.received(pattern(9_000, seed: 2))
        let joined = try require(isThere: Joining.join(first, second, pool: pool))
        check(joined.roomInFront == KeptBytes.headroom && joined.count == 9_960)
    }

    @Test func withoutRoomAndMemoryThereIsNothing() throws {
        let pool = BufferPool(limitBytes: 2 * BufferPool.defaultLargeBytes)
        do {
            let first = try pool.received(pattern(65_536, seed: 1))
            let second = try pool.received(pattern(65_536, seed: 2))
            check(Joining.join(first, second, pool: pool) == nil)
        }
        check(pool.usedBytes == 0, "what could not be joined goes back to the pool")
    }
}
