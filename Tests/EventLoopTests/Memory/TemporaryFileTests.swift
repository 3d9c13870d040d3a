import MartletTestSupport
import Testing

@testable import MartletEventLoop

@Suite struct TemporaryFileTests {
    private func bytes(_ count: Int, seed: UInt64) -> [UInt8] {
        var random = SeededRandom(seed: seed)
        return (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next()) }
    }

    /// All bytes from `start` on, in as many buffers as it takes.
    private func read(_ file: borrowing TemporaryFile, from start: Int, pool: borrowing BufferPool) throws -> [UInt8] {
        var result: [UInt8] = []
        while start + result.count < file.count {
            guard var buffer = pool.takeLarge(), file.read(from: start + result.count, into: &buffer) else {
                throw TestFailure("the file cannot be read")
            }
            if buffer.isEmpty { throw TestFailure("nothing is read") }
            for index in 0..<buffer.count { result.append(buffer.bytes[index]) }
        }
        return result
    }

    @Test(arguments: [[0], [1], [70_000], [1, 2, 3], [65_536, 1, 200_000], [0, 5, 0]])
    func givesBackWhatItWasGiven(pieces: [Int]) throws {
        let pool = BufferPool(limitBytes: 1 << 20)
        var file = try TemporaryFile()
        var all: [UInt8] = []
        for (place, count) in pieces.enumerated() {
            let piece = bytes(count, seed: UInt64(place))
            let isKept = file.append(piece.span)
            #expect(isKept)
            all += piece
        }
        let count = file.count
        #expect(count == all.count)
        for start in Set([0, all.count / 2, max(0, all.count - 1), all.count]) {
            #expect(try read(file, from: start, pool: pool) == Array(all[start...]))
        }
    }

    /// What is in the buffer already stays before what is read.
    @Test func fillsTheRestOfABuffer() throws {
        let pool = BufferPool(limitBytes: 1 << 20)
        var file = try TemporaryFile()
        let isKept = file.append("world".utf8.span)
        guard var buffer = pool.takeSmall(), buffer.append("hello " as StaticString) else {
            throw TestFailure("no buffer")
        }
        let isRead = file.read(from: 0, into: &buffer)
        #expect(isKept && isRead)
        var text: [UInt8] = []
        for index in 0..<buffer.count { text.append(buffer.bytes[index]) }
        #expect(String(decoding: text, as: UTF8.self) == "hello world")
    }

    @Test func nobodyReadsBehindTheEnd() async {
        await #expect(processExitsWith: .failure) {
            let pool = BufferPool(limitBytes: 1 << 20)
            let file = try TemporaryFile()
            guard var buffer = pool.takeSmall() else { return }
            _ = file.read(from: 1, into: &buffer)
        }
    }
}
