import MartletEventLoop
import MartletTestSupport
import Testing

@testable import MartletProxy

@Suite struct ReplayLogTests {
    private func all(of log: inout ReplayLog, pool: borrowing BufferPool) throws -> [UInt8] {
        var result: [UInt8] = []
        log.position = 0
        while !log.isAtEnd {
            guard var buffer = pool.takeLarge(), log.read(into: &buffer) else {
                throw TestFailure("nothing can be read at \(log.position)")
            }
            result += array(buffer.bytes)
        }
        return result
    }

    struct Row: Sendable, CustomTestStringConvertible {
        let pieces: [Int]
        let memory: Int
        let file: Int
        /// The bytes in the file at the end; `nil` if nothing is kept.
        let inFile: Int?
        var testDescription: String { "\(pieces) \(memory) \(file)" }

        init(_ pieces: [Int], _ memory: Int, _ file: Int, inFile: Int?) {
            self.pieces = pieces
            self.memory = memory
            self.file = file
            self.inFile = inFile
        }
    }

    @Test(arguments: [
        Row([10], 10, 0, inFile: 0), Row([11], 10, 0, inFile: nil), Row([5, 5], 10, 0, inFile: 0),
        Row([5, 6], 10, 0, inFile: nil), Row([5, 6], 10, 6, inFile: 6), Row([5, 6], 10, 5, inFile: nil),
        // What has gone to the file once is followed by all that comes, though there be room in memory.
        Row([5, 6, 1], 10, 7, inFile: 7), Row([5, 6, 1], 10, 6, inFile: nil),
        Row([11], 10, 11, inFile: 11), Row([1], 0, 1, inFile: 1), Row([65_536, 1], 65_536, 100_000, inFile: 1),
        Row([70_000, 70_000, 70_000], 65_536, 1 << 20, inFile: 210_000),
        Row([30_000, 30_000, 70_000, 5_000], 65_536, 1 << 20, inFile: 75_000),
    ])
    func keepsWithinTheLimits(row: Row) throws {
        let pool = BufferPool(limitBytes: 1 << 20)
        var log = ReplayLog()
        log.start()
        var sent: [UInt8] = []
        var isKept = true
        for (place, count) in row.pieces.enumerated() where isKept {
            let piece = pattern(count, seed: UInt64(place))
            sent += piece
            isKept = log.append(piece.span, ReplayLog.Limits(memory: row.memory, file: row.file), pool: pool)
        }
        check(isKept == (row.inFile != nil) && log.isComplete == isKept)
        check(log.fileBytes == row.inFile ?? 0, "\(log.fileBytes)")
        if isKept {
            check(log.isAtEnd && log.count == sent.count)
            for _ in 0..<2 { check(try all(of: &log, pool: pool) == sent) }
        }
        log.stop()
        check(log.count == 0 && log.fileBytes == 0 && !log.isComplete && pool.usedBytes == 0)
    }

    /// Pieces of any size, limits anywhere: what is read is what was kept.
    @Test(arguments: 1...8)
    func isWhatWasSent(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let pool = BufferPool(limitBytes: 4 << 20)
        for _ in 0..<40 {
            var log = ReplayLog()
            log.start()
            let limits = ReplayLog.Limits(memory: Int.random(in: 0...100_000, using: &random), file: 1 << 20)
            var sent: [UInt8] = []
            for piece in 0..<Int.random(in: 1...9, using: &random) {
                let bytes = pattern(Int.random(in: 1...60_000, using: &random), seed: UInt64(piece))
                sent += bytes
                let isKept = log.append(bytes.span, limits, pool: pool)
                check(isKept)
            }
            check(try all(of: &log, pool: pool) == sent)
            log.stop()
        }
        check(pool.usedBytes == 0)
    }

    /// Memory that is short is not taken for what may never be needed.
    @Test func withoutMemoryNothingIsKept() {
        let pool = BufferPool(limitBytes: 8 << 10)
        var log = ReplayLog()
        log.start()
        let limits = ReplayLog.Limits(memory: 1 << 20, file: 0)
        let isKept = log.append(pattern(100, seed: 1).span, limits, pool: pool)
        let isKeptToo = log.append(pattern(9_000, seed: 2).span, limits, pool: pool)
        check(isKept && !isKeptToo && !log.isComplete && pool.usedBytes == 0)
    }

    /// A file may be begun in the middle, when memory has become short.
    @Test func goesOnInTheFileWhenMemoryMayNotBeUsedAnyMore() throws {
        let pool = BufferPool(limitBytes: 1 << 20)
        var log = ReplayLog()
        log.start()
        let pieces = (0..<3).map { pattern(100, seed: $0) }
        for (place, memory) in [1_000, 0, 1_000].enumerated() {
            let piece = pieces[place]
            let isKept = log.append(piece.span, ReplayLog.Limits(memory: memory, file: 1_000), pool: pool)
            check(isKept)
        }
        check(log.fileBytes == 200)
        check(try all(of: &log, pool: pool) == pieces.flatMap { $0 })
    }
}
