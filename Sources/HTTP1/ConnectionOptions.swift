// The Connection field (RFC 9110 section 7.6.1): its own options, and the fields it nominates to end at this hop.

import MartletHTTPCore

enum ConnectionOptions {
    /// The most options in a head, all Connection fields together. Each may have to be compared with each field.
    static let most = 32

    /// Takes in one Connection field.
    @inline(__always)
    static func note(_ value: ByteRange, in bytes: Span<UInt8>, into facts: inout FieldFacts) throws(HeadStop) {
        let text = bytes.extracting(value)
        if ByteScan.equals(text, lowercase: "keep-alive") {
            facts.saysKeepAlive = true
        } else if ByteScan.equals(text, lowercase: "close") {
            facts.saysClose = true
        } else {
            try noteList(value, in: bytes, into: &facts)
        }
    }

    @inline(never)
    private static func noteList(
        _ value: ByteRange, in bytes: Span<UInt8>, into facts: inout FieldFacts
    ) throws(HeadStop) {
        var list = ListCursor(value)
        while let element = list.next(in: bytes) {
            facts.options += 1
            guard facts.options <= most else { throw .refused(.badConnection) }
            // Empty elements are legal in a list that is received (RFC 9110 section 5.6.1.2).
            if !element.isEmpty { try noteOption(bytes.extracting(element), into: &facts) }
        }
    }

    private static func noteOption(_ option: Span<UInt8>, into facts: inout FieldFacts) throws(HeadStop) {
        if ByteScan.equals(option, lowercase: "close") {
            facts.saysClose = true
        } else if ByteScan.equals(option, lowercase: "keep-alive") {
            facts.saysKeepAlive = true
        } else if ByteScan.isToken(option) {
            facts.nominates = true
        } else {
            throw .refused(.badConnection)
        }
    }

    /// Marks the fields that Connection nominates as hop-by-hop.
    @inline(never)
    static func markNominated(in fields: inout FieldTable, _ bytes: Span<UInt8>) {
        for index in 0..<fields.count where fields[index].known == .connection {
            var list = ListCursor(fields[index].value)
            while let element = list.next(in: bytes) { mark(element, in: &fields, bytes) }
        }
    }

    private static func mark(_ option: ByteRange, in fields: inout FieldTable, _ bytes: Span<UInt8>) {
        let name = bytes.extracting(option)
        let known = KnownField(token: name)
        guard !protected.contains(known) else { return }
        // What is for the hop anyway never stands in trailers.
        if !known.concernsTheHop && known != .upgrade { fields.isNominating = true }
        for index in 0..<fields.count where fields[index].known == known {
            guard known != .other || ByteScan.equalsIgnoringCase(bytes.extracting(fields[index].name), name) else {
                continue
            }
            fields[index].isHopByHop = true
        }
    }

    /// What a client cannot take out by nominating it: the fields that frame and route the message, and those in which
    /// proxies tell where it comes from.
    private static var protected: KnownFieldSet {
        [
            .host, .contentLength, .via, .forwarded, .xForwardedFor, .xForwardedProto, .xForwardedHost,
            .xForwardedPort, .xRealIP, .xRequestID,
        ]
    }
}
