// The path of a request in its one form.
import MartletHTTPCore

extension RequestHead {
    /// Brings the path in the one form, in place, with the query behind it; why it is refused, if it has none.
    /// - Parameter arena: the bytes that the head refers to.
    package mutating func normalizePath(in arena: inout MutableSpan<UInt8>) -> HeadRefusal? {
        if path.isEmpty { return nil }
        switch PathNormalization.normalize(&arena, path.range) {
        case .refused(let refusal): return refusal
        case .path(let count, let isEncoded, let hasSlash):
            isPathEncoded = isEncoded
            hasEncodedSlash = hasSlash
            shorten(&arena, pathTo: count)
            return nil
        }
    }

    /// Moves the query behind the path, of which `count` bytes are left.
    private mutating func shorten(_ bytes: inout MutableSpan<UInt8>, pathTo count: Int) {
        let start = Int(path.start)
        var end = start + count
        path = ByteRange(from: start, to: end)
        if hasQuery {
            let old = query.range
            bytes[end] = 0x3F
            for index in old.indices { bytes[end + 1 + index - old.lowerBound] = bytes[index] }
            query = ByteRange(from: end + 1, to: end + 1 + old.count)
            end = query.end
        }
        if form == .origin { target = ByteRange(from: start, to: end) }
    }
}
