// Bytes of buffers for comparing.
import MartletEventLoop
import MartletTestSupport
import Testing

/// An array of the bytes.
func array(_ span: Span<UInt8>) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(span.count)
    for index in 0..<span.count { result.append(span[index]) }
    return result
}

/// `count` bytes that follow from the seed.
func pattern(_ count: Int, seed: UInt64) -> [UInt8] {
    var random = SeededRandom(seed: seed)
    let block = (0..<257).map { _ in UInt8(truncatingIfNeeded: random.next()) }
    return (0..<count).map { block[$0 % block.count] }
}

/// Records an issue unless the condition holds. For what cannot be copied, which the macro has to.
func check(_ condition: Bool, _ what: String = "", _ location: SourceLocation = #_sourceLocation) {
    #expect(condition, Comment(rawValue: what), sourceLocation: location)
}

extension BufferPool {
    /// A buffer for `room` bytes with `headroom` before them, filled with `bytes`.
    func filled(_ bytes: [UInt8], room: Int, headroom: Int) throws(TestFailure) -> Buffer {
        guard var buffer = take(room: room, headroom: headroom), buffer.append(bytes.span) else {
            throw TestFailure("no buffer for \(bytes.count) bytes in \(room)")
        }
        return buffer
    }

    /// A buffer as the loop receives into, with `bytes`.
    func received(_ bytes: [UInt8]) throws(TestFailure) -> Buffer {
        guard var buffer = takeLarge(), buffer.append(bytes.span) else {
            throw TestFailure("no large buffer for \(bytes.count) bytes")
        }
        return buffer
    }
}

/// What is in `value`, or a failure. The macro of this kind has to copy what it looks at.
func require<Value: ~Copyable>(isThere value: consuming Value?, _ location: SourceLocation = #_sourceLocation)
    throws(TestFailure) -> Value
{
    if let value { return value }
    throw TestFailure("nothing is there at line \(location.line)")
}
