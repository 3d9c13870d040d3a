// References that servers write into their responses, as clients can use them (RFC 3986 section 4.1): those to a server's own
// address lead to the same path here, whatever clients call this place.
import MartletHTTPCore

extension HeadWriter {
    /// Writes a URI reference: of one to a server itself only the path is left, and paths get clients' prefix.
    package mutating func reference(
        _ value: Span<UInt8>, from names: borrowing OriginNames, by map: borrowing PrefixMap
    ) {
        guard let start = ReferenceText.pathStart(of: value, names) else { return write(value) }
        let end = ReferenceText.pathEnd(in: value, from: start)
        let path = value.extracting(start..<end)
        let mapped = path.isEmpty ? nil : map.end(in: path)
        if start == 0 && mapped == nil { return write(value) }
        // What is left must not begin with two slashes, as it would lead to another host then (RFC 3986 section 4.2).
        let rest = path.extracting((mapped ?? 0)..<path.count)
        if mapped != nil && !map.outer.isEmpty {
            write(map.outer.span)
        } else if rest.isEmpty {
            write(byte: 0x2F)
        } else if ReferenceText.isLikeAuthority(rest) {
            write("/.")
        }
        write(rest)
        write(value.extracting(end..<value.count))
    }

    /// Writes the value of Refresh: seconds, and after "url=" a reference, perhaps in quotes.
    package mutating func refresh(
        _ value: Span<UInt8>, from names: borrowing OriginNames, by map: borrowing PrefixMap
    ) {
        guard var start = ReferenceText.refreshStart(value) else { return write(value) }
        var end = value.count
        if start < end, value[start] == 0x22 || value[start] == 0x27 {
            let quote = value[start]
            start += 1
            end = start
            while end < value.count && value[end] != quote { end += 1 }
        }
        write(value.extracting(0..<start))
        reference(value.extracting(start..<end), from: names, by: map)
        write(value.extracting(end..<value.count))
    }

    /// Writes the value of Link: references between "<" and ">", each with parameters (RFC 8288 section 3).
    package mutating func link(
        _ value: Span<UInt8>, from names: borrowing OriginNames, by map: borrowing PrefixMap
    ) {
        var done = 0
        var index = 0
        var isQuoted = false
        while index < value.count {
            let byte = value[index]
            index += 1
            if byte == 0x22 { isQuoted.toggle() }
            if byte == 0x5C && isQuoted { index += 1 }
            if byte != 0x3C || isQuoted { continue }
            var end = index
            while end < value.count && value[end] != 0x3E { end += 1 }
            write(value.extracting(done..<index))
            reference(value.extracting(index..<end), from: names, by: map)
            done = end
            index = end
        }
        write(value.extracting(done..<value.count))
    }
}

/// Looks at references.
enum ReferenceText {
    /// Where the path begins of a reference to one of `names`, or to a path of the same host, which begins at 0. `nil` for
    /// references that lead elsewhere, or that depend on the path of the request.
    static func pathStart(of value: Span<UInt8>, _ names: borrowing OriginNames) -> Int? {
        let scheme = schemeEnd(value)
        if scheme == 0 && !hasSlashes(value, at: 0) { return value.count > 0 && value[0] == 0x2F ? 0 : nil }
        guard hasSlashes(value, at: scheme) else { return nil }
        var end = scheme + 2
        while end < value.count && !isAuthorityEnd(value[end]) { end += 1 }
        let authority = value.extracting(scheme + 2..<end)
        return names.contains(authority: authority, isSecure: scheme == 6) ? end : nil
    }

    /// Where "http:" or "https:" ends; 0 if there is no such thing.
    private static func schemeEnd(_ value: Span<UInt8>) -> Int {
        if value.count >= 5, ByteScan.equals(value.extracting(0..<5), lowercase: "http:") { return 5 }
        if value.count >= 6, ByteScan.equals(value.extracting(0..<6), lowercase: "https:") { return 6 }
        return 0
    }

    private static func hasSlashes(_ value: Span<UInt8>, at index: Int) -> Bool {
        index + 1 < value.count && value[index] == 0x2F && value[index + 1] == 0x2F
    }

    private static func isAuthorityEnd(_ byte: UInt8) -> Bool {
        byte == 0x2F || byte == 0x3F || byte == 0x23 || byte == 0x5C
    }

    /// Where the path that begins at `start` ends: at the query, or the fragment.
    static func pathEnd(in value: Span<UInt8>, from start: Int) -> Int {
        var end = start
        while end < value.count && value[end] != 0x3F && value[end] != 0x23 { end += 1 }
        return end
    }

    /// Whether a path would be taken for "//host": browsers read "\" as "/", and leave tabs away.
    static func isLikeAuthority(_ path: Span<UInt8>) -> Bool {
        if path[0] != 0x2F { return true }
        return path.count > 1 && (path[1] == 0x2F || path[1] == 0x5C || path[1] == 0x09)
    }

    /// Where the reference begins in the value of Refresh: behind "url=".
    static func refreshStart(_ value: Span<UInt8>) -> Int? {
        var index = 0
        while index + 4 <= value.count {
            if ByteScan.equals(value.extracting(index..<index + 3), lowercase: "url") {
                var start = index + 3
                while start < value.count && ByteScan.isBlank(value[start]) { start += 1 }
                if start < value.count && value[start] == 0x3D {
                    start += 1
                    while start < value.count && ByteScan.isBlank(value[start]) { start += 1 }
                    return start
                }
            }
            // Only numbers and separators stand in front.
            if value[index] >= 0x41 { return nil }
            index += 1
        }
        return nil
    }
}
