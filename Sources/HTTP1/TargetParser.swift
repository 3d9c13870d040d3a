// The request target in its four forms (RFC 9112 section 3.2).

import MartletHTTPCore

enum TargetParser {
    /// Parses the target and the space behind it, and steps behind both. The method is known already.
    @inline(__always)
    static func parse(
        _ bytes: Span<UInt8>, _ position: inout Int, into head: inout RequestHead, limit: Int
    ) throws(HeadStop) {
        let start = position
        let pathEnd = ByteScan.first(PathStop.self, in: bytes, from: start)
        var end = pathEnd
        if end < bytes.count, bytes[end] == 0x3F {
            end = ByteScan.first(QueryStop.self, in: bytes, from: pathEnd &+ 1)
            head.hasQuery = true
            head.query = ByteRange(from: pathEnd &+ 1, to: end)
        }
        // Judged by length first, so that the answer does not depend on how much has arrived.
        guard end &- start <= limit else { throw .refused(.targetTooLong) }
        guard end < bytes.count else { throw .incomplete }
        guard bytes[end] == 0x20, end > start else { throw .refused(refusal(of: bytes[end])) }
        head.target = ByteRange(from: start, to: end)
        position = end &+ 1
        if bytes[start] == 0x2F, head.method != .connect {
            head.path = ByteRange(from: start, to: pathEnd)
        } else {
            try parseOther(bytes, from: start, pathEnd: pathEnd, into: &head)
        }
    }

    /// What is wrong when a target ends with `byte`: a line end means that the version is missing.
    private static func refusal(of byte: UInt8) -> HeadRefusal {
        switch byte {
        case 0x0A: .bareLineFeed
        case 0x0D: .badRequestLine
        default: .badTarget
        }
    }

    /// The forms other than origin-form; `head.target` is set.
    @inline(never)
    private static func parseOther(
        _ bytes: Span<UInt8>, from start: Int, pathEnd: Int, into head: inout RequestHead
    ) throws(HeadStop) {
        if head.method == .connect {
            try parseAuthority(bytes, into: &head)
        } else if bytes[start] == 0x2A {
            guard head.target.count == 1, head.method == .options else { throw .refused(.badTarget) }
            head.form = .asterisk
        } else {
            try parseAbsolute(bytes, from: start, pathEnd: pathEnd, into: &head)
        }
    }

    /// "host:port", of CONNECT, where the port is never left out (RFC 9112 section 3.2.3).
    private static func parseAuthority(_ bytes: Span<UInt8>, into head: inout RequestHead) throws(HeadStop) {
        guard !head.hasQuery, HostRule.allows(bytes, head.target), HostRule.hasPort(bytes, head.target) else {
            throw .refused(.badTarget)
        }
        head.form = .authority
        head.authority = head.target
    }

    /// "http://host/path?query" (RFC 9112 section 3.2.2).
    private static func parseAbsolute(
        _ bytes: Span<UInt8>, from start: Int, pathEnd: Int, into head: inout RequestHead
    ) throws(HeadStop) {
        var authority = start
        while authority < pathEnd, bytes[authority] != 0x3A { authority += 1 }
        head.scheme = ByteRange(from: start, to: authority)
        guard isWeb(bytes.extracting(head.scheme)), pathEnd - authority >= 3,
            bytes[authority + 1] == 0x2F, bytes[authority + 2] == 0x2F
        else { throw .refused(.badTarget) }
        authority += 3
        var path = authority
        while path < pathEnd, bytes[path] != 0x2F { path += 1 }
        head.form = .absolute
        head.authority = ByteRange(from: authority, to: path)
        head.path = ByteRange(from: path, to: pathEnd)
        guard HostRule.allows(bytes, head.authority) else { throw .refused(.badHost) }
    }

    private static func isWeb(_ scheme: Span<UInt8>) -> Bool {
        ByteScan.equals(scheme, lowercase: "http") || ByteScan.equals(scheme, lowercase: "https")
    }
}
