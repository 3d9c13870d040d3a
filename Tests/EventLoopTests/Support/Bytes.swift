// Bytes of buffers for comparing. It holds `unsafe`: byte by byte it takes seconds without optimization.
import MartletEventLoop
import MartletTestSupport

/// An array of the bytes.
func bytes(_ buffer: borrowing Buffer) -> [UInt8] { array(buffer.bytes) }

/// An array of the bytes.
func array(_ span: Span<UInt8>) -> [UInt8] { unsafe span.withUnsafeBufferPointer { unsafe Array($0) } }

/// `count` bytes that differ from those of another seed, and from themselves moved by any power of two.
func pattern(_ count: Int, seed: Int = 0) -> [UInt8] {
    var random = SeededRandom(seed: UInt64(seed))
    let block = (0..<509).map { _ in UInt8(truncatingIfNeeded: random.next()) }
    var result: [UInt8] = []
    result.reserveCapacity(count + block.count)
    while result.count < count { result += block }
    result.removeLast(result.count - count)
    return result
}

extension BufferPool {
    /// A large buffer, or a failure.
    func large() throws(TestFailure) -> Buffer {
        guard let buffer = takeLarge() else { throw TestFailure("no large buffer is left") }
        return buffer
    }

    /// A small buffer, or a failure.
    func small() throws(TestFailure) -> Buffer {
        guard let buffer = takeSmall() else { throw TestFailure("no small buffer is left") }
        return buffer
    }

    /// Whether a large buffer can be had.
    var hasLarge: Bool {
        if takeLarge() == nil { return false }
        return true
    }

    /// Whether a small buffer can be had.
    var hasSmall: Bool {
        if takeSmall() == nil { return false }
        return true
    }
}
