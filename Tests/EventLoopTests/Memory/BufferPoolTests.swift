import MartletEventLoop
import MartletTestSupport
import Testing

@Suite struct BufferPoolTests {
    private static let large = 16_384

    @Test func countsWhatIsWithOwners() throws {
        let pool = BufferPool(limitBytes: 1 << 20, largeBytes: Self.large)
        check(pool.usedBytes == 0 && pool.largeBytes == Self.large && pool.limitBytes == 1 << 20)
        do {
            let first = try pool.large()
            check(pool.usedBytes == Self.large)
            let second = try pool.small()
            check(pool.usedBytes == Self.large + BufferPool.smallBytes)
            _ = (first.count, second.count)
        }
        check(pool.usedBytes == 0)
    }

    @Test func givesNoMoreThanItsLimit() throws {
        let pool = BufferPool(limitBytes: 2 * Self.large + BufferPool.smallBytes, largeBytes: Self.large)
        let first = try pool.large()
        let second = try pool.large()
        check(pool.hasLarge == false)
        let third = try pool.small()
        check(pool.hasSmall == false)
        release(second)
        check(pool.hasLarge && pool.hasSmall)
        _ = (first.count, third.count)
    }

    @Test func aBufferThatIsUsedAgainIsEmpty() throws {
        let pool = BufferPool(limitBytes: Self.large, largeBytes: Self.large)
        for round in 0..<3 {
            var buffer = try pool.large()
            check(buffer.isEmpty && buffer.roomInFront == Buffer.headroom)
            check(buffer.prepend(pattern(10, seed: round).span))
        }
    }

    @Test func manyBuffersDoNotOverlap() throws {
        let pool = BufferPool(limitBytes: 1 << 22, largeBytes: Self.large)
        var held: [Held] = []
        for seed in 0..<100 {
            var buffer = seed % 2 == 0 ? try pool.large() : try pool.small()
            check(buffer.append(pattern(4_000, seed: seed).span))
            held.append(Held(buffer))
        }
        for seed in 0..<100 { check(held[seed].contents == pattern(4_000, seed: seed)) }
        held = []
        check(pool.usedBytes == 0)
    }

    @Test(arguments: [0, 1, BufferPool.smallRoom, BufferPool.smallRoom + 1, 10_000])
    func copiesIntoASmallOneIfItFits(count: Int) throws {
        let pool = BufferPool(limitBytes: 1 << 20, largeBytes: Self.large)
        guard let buffer = pool.copy(pattern(count).span) else { throw TestFailure("no copy") }
        check(bytes(buffer) == pattern(count))
        check((buffer.blockBytes == BufferPool.smallBytes) == (count <= BufferPool.smallRoom))
        check(pool.usedBytes == buffer.blockBytes)
    }

    @Test func copiesNothingBeyondItsLimit() {
        let pool = BufferPool(limitBytes: 1 << 20, largeBytes: Self.large)
        check(isNil(pool.copy(pattern(1 << 20).span)))
        check(pool.usedBytes == 0)
    }

    @Test func buffersOutliveTheirPool() throws {
        var held: [Held] = []
        do {
            let pool = BufferPool(limitBytes: 1 << 20, largeBytes: Self.large)
            for seed in 0..<4 {
                var buffer = seed % 2 == 0 ? try pool.large() : try pool.small()
                check(buffer.append(pattern(4_000, seed: seed).span))
                held.append(Held(buffer))
            }
        }
        for seed in 0..<4 { check(held[seed].contents == pattern(4_000, seed: seed)) }
    }

    @Test(arguments: [0, 1_024, 4_096, 10_000])
    func oddSizesTrap(size: Int) async {
        await #expect(processExitsWith: .failure) { [size] in _ = BufferPool(limitBytes: 1 << 20, largeBytes: size) }
    }
}

private func release(_ buffer: consuming Buffer) {}

private func isNil(_ buffer: consuming Buffer?) -> Bool {
    if buffer == nil { return true }
    return false
}
