// The one form of a path, in which it is matched and forwarded (RFC 3986 section 6.2.2). See docs/routing.md.
import MartletHTTPCore

/// What a path was made into.
package enum NormalizedPath: Equatable, BitwiseCopyable, Sendable {
    /// The first `count` bytes are the path. With `isEncoded`, "%" may be among them. With `hasEncodedSlash`, `%2F` or `%5C` was
    /// there: whether that is a separator is the server's to say, so only some routes take it.
    case path(count: Int, isEncoded: Bool, hasEncodedSlash: Bool)
    /// It means one thing to some servers and another to others, or nothing.
    case refused(HeadRefusal)
}

/// Brings paths in the one form.
package enum PathNormalization {
    /// Whether a path is in the one form without a doubt: a look at 16 bytes at a time, for the many that are.
    /// - Parameters:
    ///   - arena: what the path is part of.
    ///   - path: begins with "/", or is empty.
    @inline(__always)
    package static func isPlain(_ arena: Span<UInt8>, _ path: ByteRange) -> Bool {
        var index = Int(path.start)
        let end = path.end
        // Each byte is looked at with the one behind it.
        while index < end, index &+ 17 <= arena.count {
            let stops = PathDoubt.matches(arena.block(at: index), arena.block(at: index &+ 1))
            if !stops.isEmpty { return index &+ stops.first >= end }
            index &+= 16
        }
        return index >= end || isPlainTail(arena, from: index, to: end)
    }

    @inline(never)
    private static func isPlainTail(_ arena: Span<UInt8>, from start: Int, to end: Int) -> Bool {
        for index in start..<end {
            let next = index + 1 < end ? arena[index + 1] : 0
            if PathDoubt.contains(arena[index], next) { return false }
        }
        return true
    }

    /// Makes of the path at `range` of `bytes`, which begins with "/", its one form, in place: it never gets longer.
    ///
    /// Characters that need no encoding are decoded, other encodings written with capitals; segments of one dot go, and those
    /// of two with the segment before; of several slashes one stays.
    package static func normalize(_ bytes: inout MutableSpan<UInt8>, _ range: Range<Int>) -> NormalizedPath {
        var decoder = PathDecoder()
        let decoded = decoder.decode(&bytes, range)
        if let refusal = decoder.refusal { return .refused(refusal) }
        let first = range.lowerBound
        guard let end = removeSegments(&bytes, first..<decoded) else { return .refused(.ambiguousPath) }
        return .path(count: end - first, isEncoded: decoder.hasEncoded, hasEncodedSlash: decoder.hasEncodedSlash)
    }

    /// Removes empty segments and those of dots; `nil` if there is nothing before "..", or a segment begins like one of dots,
    /// with parameters behind it, which some servers take away.
    /// - Returns: where the path then ends.
    private static func removeSegments(_ path: inout MutableSpan<UInt8>, _ range: Range<Int>) -> Int? {
        var written = range.lowerBound
        var start = range.lowerBound
        while start < range.upperBound {
            // At a slash; the segment goes up to the next one.
            var end = start + 1
            while end < range.upperBound, path[end] != 0x2F { end += 1 }
            let isLast = end == range.upperBound
            switch dots(path, from: start + 1, to: end) {
            case nil: return nil
            case 0? where end == start + 1 && !isLast: break
            case 0?:
                for index in start..<end {
                    path[written] = path[index]
                    written += 1
                }
            case 2?:
                if written == range.lowerBound { return nil }
                repeat { written -= 1 } while path[written] != 0x2F
                if isLast { written += 1 }
            default:
                if isLast {
                    path[written] = 0x2F
                    written += 1
                }
            }
            start = end
        }
        return written
    }

    /// 1 or 2 for a segment of so many dots, 0 for others; `nil` for one with ";" behind the dots.
    private static func dots(_ path: borrowing MutableSpan<UInt8>, from start: Int, to end: Int) -> Int? {
        var index = start
        while index < end, path[index] == 0x2E { index += 1 }
        let count = index - start
        if count == 0 || count > 2 { return 0 }
        if index == end { return count }
        return path[index] == 0x3B ? nil : 0
    }
}

/// What may make a path another than its one form: "%", "\", and "/" before "/" or ".".
private enum PathDoubt {
    @inline(__always)
    static func matches(_ block: SIMD16<UInt8>, _ next: SIMD16<UInt8>) -> BlockMatch {
        let slash = SIMD16<UInt8>(repeating: 0x2F)
        let behind = BlockMatch(next .== slash) | BlockMatch(next .== SIMD16(repeating: 0x2E))
        let single = BlockMatch(block .== SIMD16(repeating: 0x25)) | BlockMatch(block .== SIMD16(repeating: 0x5C))
        return single | BlockMatch(block .== slash) & behind
    }

    static func contains(_ byte: UInt8, _ next: UInt8) -> Bool {
        byte == 0x25 || byte == 0x5C || byte == 0x2F && (next == 0x2F || next == 0x2E)
    }
}
