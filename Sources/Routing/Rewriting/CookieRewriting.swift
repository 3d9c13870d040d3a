// Cookies that servers set, as clients can use them: with the path that clients know, and for the host that they know.
import MartletHTTPCore

extension HeadWriter {
    /// Writes the value of Set-Cookie (RFC 6265 section 5.2). A Domain that is one of `names` is left out, so that the cookie
    /// is for the host that the client has asked; a Path gets clients' prefix.
    package mutating func cookie(
        _ value: Span<UInt8>, from names: borrowing OriginNames, by map: borrowing PrefixMap
    ) {
        var start = CookiePart.end(of: 0, in: value)
        write(value.extracting(0..<start))
        while start < value.count {
            // At a ";".
            let end = CookiePart.end(of: start + 1, in: value)
            let part = CookiePart(value, from: start + 1, to: end)
            switch part.kind {
            case .domain where names.contains(host: part.domain(in: value)): break
            case .path: cookiePath(value, part, from: start, to: end, map)
            case .domain, .other: write(value.extracting(start..<end))
            }
            start = end
        }
    }

    private mutating func cookiePath(
        _ value: Span<UInt8>, _ part: CookiePart, from start: Int, to end: Int, _ map: borrowing PrefixMap
    ) {
        let path = value.extracting(part.value)
        guard path.count > 0, path[0] == 0x2F, let mapped = map.end(in: path) else {
            return write(value.extracting(start..<end))
        }
        write(value.extracting(start..<Int(part.value.start)))
        var rest = path.extracting(mapped..<path.count)
        // A path with "/" at its end would not be for the path without it (RFC 6265 section 5.1.4).
        if rest.count == 1 && !map.outer.isEmpty { rest = rest.extracting(0..<0) }
        write(map.outer.span)
        if rest.isEmpty && map.outer.isEmpty { write(byte: 0x2F) }
        write(rest)
    }
}

/// An attribute of a cookie.
private struct CookiePart {
    enum Kind {
        case domain, path, other
    }

    let kind: Kind
    /// Without blanks around it.
    let value: ByteRange

    init(_ text: Span<UInt8>, from start: Int, to end: Int) {
        var equals = start
        while equals < end && text[equals] != 0x3D { equals += 1 }
        let name = text.extracting(ByteScan.trimmed(text, from: start, to: equals))
        value = ByteScan.trimmed(text, from: min(equals + 1, end), to: end)
        if ByteScan.equals(name, lowercase: "domain") {
            kind = .domain
        } else {
            kind = ByteScan.equals(name, lowercase: "path") ? .path : .other
        }
    }

    /// The host of a domain: without the dot in front, which means nothing (RFC 6265 section 5.2.3).
    @_lifetime(copy text)
    func domain(in text: Span<UInt8>) -> Span<UInt8> {
        let domain = text.extracting(value)
        return domain.count > 0 && domain[0] == 0x2E ? domain.extracting(1..<domain.count) : domain
    }

    /// Where the part ends that begins at `start`.
    static func end(of start: Int, in text: Span<UInt8>) -> Int {
        var end = start
        while end < text.count && text[end] != 0x3B { end += 1 }
        return end
    }
}
