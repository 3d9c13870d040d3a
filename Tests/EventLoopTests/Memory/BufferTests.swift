import MartletEventLoop
import MartletTestSupport
import Testing

@Suite struct BufferTests: ~Copyable {
    private let pool = BufferPool(limitBytes: 1 << 20)

    @Test func aLargeOneHasRoomInFrontAndFor64KiB() throws {
        let buffer = try pool.large()
        check(buffer.isEmpty && buffer.count == 0)
        check(buffer.roomInFront == Buffer.headroom)
        check(buffer.roomBehind >= 65_536 + Buffer.tailroom)
        check(buffer.blockBytes == BufferPool.defaultLargeBytes)
    }

    @Test func aSmallOneHasRoomBehindOnly() throws {
        let buffer = try pool.small()
        check(buffer.roomInFront == 0 && buffer.roomBehind == BufferPool.smallRoom)
        check(buffer.blockBytes == BufferPool.smallBytes)
    }

    @Test func growsAtBothEnds() throws {
        var buffer = try pool.large()
        check(buffer.append("middle"))
        check(buffer.append(Array(" end".utf8).span))
        check(buffer.prepend(Array("front ".utf8).span))
        check(bytes(buffer) == Array("front middle end".utf8))
        check(buffer.roomInFront == Buffer.headroom - 6)
    }

    @Test func isFilledToTheLastByteAndNotBeyond() throws {
        var buffer = try pool.small()
        check(buffer.append(pattern(BufferPool.smallRoom + 1).span) == false)
        check(buffer.isEmpty)
        check(buffer.append(pattern(BufferPool.smallRoom).span))
        check(buffer.append("x") == false)
        check(buffer.roomBehind == 0 && bytes(buffer) == pattern(BufferPool.smallRoom))
        var large = try pool.large()
        check(large.prepend(pattern(Buffer.headroom + 1).span) == false)
        check(large.prepend(pattern(Buffer.headroom).span))
        check(large.roomInFront == 0 && large.prepend("x".utf8.span) == false)
        check(bytes(large) == pattern(Buffer.headroom))
    }

    @Test func isCutAtBothEnds() throws {
        var buffer = try pool.copied("0123456789")
        buffer.dropFirst(2)
        check(bytes(buffer) == Array("23456789".utf8))
        buffer.keep(1..<5)
        check(bytes(buffer) == Array("3456".utf8))
        buffer.keep(4..<4)
        check(buffer.isEmpty)
    }

    @Test func isChangedInPlace() throws {
        var buffer = try pool.copied("abcdef")
        do {
            var all = buffer.mutableBytes
            all[0] = 0x41
        }
        do {
            var tail = buffer.mutableBytes(from: 4)
            check(tail.count == 2)
            tail[0] = 0x45
        }
        check(bytes(buffer) == Array("AbcdEf".utf8))
    }

    @Test func startsAnew() throws {
        var buffer = try pool.large()
        _ = buffer.append("abc")
        buffer.reset(headroom: 10)
        check(buffer.isEmpty && buffer.roomInFront == 10)
        buffer.reset()
        check(buffer.roomInFront == Buffer.headroom)
        var small = try pool.small()
        small.reset(headroom: 100_000)
        check(small.roomBehind == 0 && small.roomInFront == BufferPool.smallRoom)
    }

    @Test(arguments: 1...5)
    func doesWhatAnArrayDoes(seed: Int) throws {
        var random = SeededRandom(seed: UInt64(seed))
        var buffer = try pool.large()
        var model: [UInt8] = []
        for step in 0..<2_000 {
            let more = pattern(Int(random.next() % 200), seed: step)
            switch random.next() % 6 {
            case 0:
                if buffer.prepend(more.span) { model = more + model }
            case 1, 2:
                if buffer.append(more.span) { model += more }
            case 3:
                let count = Int(random.next() % UInt64(model.count + 1)) / 4
                buffer.dropFirst(count)
                model.removeFirst(count)
            case 4:
                let end = model.count - Int(random.next() % UInt64(model.count + 1)) / 4
                buffer.keep(min(1, end)..<end)
                model = Array(model[min(1, end)..<end])
            default:
                if buffer.roomInFront == 0 || step % 100 == 0 {
                    buffer.reset()
                    model = []
                }
            }
            check(buffer.count == model.count)
        }
        check(bytes(buffer) == model)
    }

    @Test func whatIsOutsideTraps() async {
        await #expect(processExitsWith: .failure) { try withBuffer { $0.dropFirst(4) } }
        await #expect(processExitsWith: .failure) { try withBuffer { $0.dropFirst(-1) } }
        await #expect(processExitsWith: .failure) { try withBuffer { $0.keep(0..<4) } }
        await #expect(processExitsWith: .failure) { try withBuffer { _ = $0.mutableBytes(from: 4) } }
        await #expect(processExitsWith: .failure) { try withBuffer { $0.reset(headroom: -100) } }
        await #expect(processExitsWith: .success) { try withBuffer { $0.dropFirst(3) } }
    }
}

/// Does something with a buffer that holds three bytes.
private func withBuffer(_ body: (inout Buffer) -> Void) throws {
    let pool = BufferPool(limitBytes: 1 << 20)
    var buffer = try pool.copied("abc")
    body(&buffer)
}

extension BufferPool {
    /// A large buffer with a text in it.
    fileprivate func copied(_ text: String) throws(TestFailure) -> Buffer {
        var buffer = try large()
        if !buffer.append(text.utf8.span) { throw TestFailure("no room") }
        return buffer
    }
}
