// What a response needs of its request, which is gone by then.
import MartletEventLoop
import MartletHTTPCore

extension ProxyDriver {
    /// Keeps the values that templates of the route's responses have; why that is not possible, if so.
    mutating func keepValues(
        _ exchange: UInt32, _ arena: Span<UInt8>, on loop: inout EventLoop
    ) -> FailureKind? {
        let kept = actions.requests[Int(exchanges[exchange].actions)].kept
        if kept.isEmpty || kept.count == 1 && keepsOrigin(exchange) && !request.fields.present.contains(.origin) {
            return nil
        }
        writer.removeAll()
        for place in kept.range {
            let start = writer.count
            writer.write("\0\0\0\0")
            write(parts: ByteRange(from: place, to: place + 1), arena, exchange)
            if writer.overflowed { return .headTooLargeToForward }
            writer.store(bigEndian: UInt32(writer.count - start - KeptValues.head), at: start)
        }
        exchanges[exchange].kept = loop.pool.copy(writer.bytes)
        return exchanges[exchange].kept == nil ? .noBuffers : nil
    }
}

extension ProxyDriver {
    /// Whether the first of the values that are kept is the origin of the page that asks.
    private func keepsOrigin(_ exchange: UInt32) -> Bool {
        let policy = Int(actions.requests[Int(exchanges[exchange].actions)].policy)
        return policy != 0 && !actions.policies[policy].isForAll
    }

    /// The answer does without what its route would put in.
    mutating func dropRouteFields(_ exchange: UInt32) {
        exchanges[exchange].actions = 0
        exchanges[exchange].kept = nil
    }
}

/// Values one after the other, each behind its length in four bytes.
enum KeptValues {
    static var head: Int { 4 }

    /// Where a value stands; nowhere if there are not so many.
    static func range(of place: Int, in bytes: Span<UInt8>) -> ByteRange {
        var start = 0
        for _ in 0..<place where start + head <= bytes.count { start += head + length(at: start, bytes) }
        if start + head > bytes.count { return ByteRange() }
        return ByteRange(from: start + head, to: min(start + head + length(at: start, bytes), bytes.count))
    }

    private static func length(at start: Int, _ bytes: Span<UInt8>) -> Int {
        var length = 0
        for index in start..<start + head { length = length << 8 | Int(bytes[index]) }
        return length
    }
}
