// Bytes of buffers for comparing.
import MartletEventLoop
import MartletTestSupport

/// An array of the bytes.
func bytes(_ buffer: borrowing Buffer) -> [UInt8] { array(buffer.bytes) }

/// An array of the bytes.
func array(_ span: Span<UInt8>) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(span.count)
    for index in 0..<span.count { result.append(span[index]) }
    return result
}

/// `count` bytes that differ from their neighbours and from those of another seed.
func pattern(_ count: Int, seed: Int = 0) -> [UInt8] {
    var random = SeededRandom(seed: UInt64(seed))
    return (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next()) }
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
