// A section as the head of a request (RFC 9113 sections 8.1 to 8.5). Held to the same rules as a head of HTTP/1, so that
// what is composed of it cannot be understood in two ways.

import MartletHTTPCore

extension FieldSection {
    /// Fills `head`, which afterwards refers to this section's arena, with what the section says.
    ///
    /// Cookies that came in pieces are joined in the arena (RFC 9113 section 8.2.3). Content without a length is framed as
    /// `untilClose`: it ends with the stream.
    ///
    /// - Parameter endStream: no content follows.
    /// - Returns: why this is no request, `nil` if it is one. `head` then has what could be read, for logs.
    package mutating func request(
        into head: inout RequestHead, endStream: Bool, limits: HeadLimits
    ) -> SectionFault? {
        head.reset()
        head.version = .http2
        head.length = used
        do throws(SectionFault) {
            let facts = try requestLines(into: &head, most: limits.fields)
            try RequestRule.apply(facts, to: &head, in: arena, isWhole: !isTooLarge)
            if firstLost == .path || facts.path.count > limits.targetBytes { throw .targetTooLong }
            try checkSize(bytes: head.length, limits)
            try RequestRule.frame(facts, &head, endStream: endStream)
            head.length = used
            return nil
        } catch {
            return error
        }
    }

    @inline(__always)
    private mutating func requestLines(
        into head: inout RequestHead, most: Int
    ) throws(SectionFault) -> SectionFacts {
        var facts = SectionFacts()
        var cookie = CookieJoint()
        for index in 0..<count {
            let line = self[index]
            if line.pseudo != .none {
                try facts.note(line)
                continue
            }
            facts.noteField()
            if line.isPlain, line.known != .cookie {
                guard head.fields.count < most, head.fields.append(line.field) else { throw .tooManyFields }
            } else {
                try takeSpecial(line, &facts, &cookie, into: &head.fields, most: most)
            }
        }
        return facts
    }

    /// Takes in a line that has to be looked at.
    @inline(never)
    private mutating func takeSpecial(
        _ line: SectionLine, _ facts: inout SectionFacts, _ cookie: inout CookieJoint, into fields: inout FieldTable,
        most: Int
    ) throws(SectionFault) {
        var field = try SectionFacts.field(line)
        if line.known.concernsTheHop { try facts.noteRequest(&field, in: arena) }
        if line.known == .cookie, try join(line, &cookie, in: &fields) { return }
        guard fields.count < most, fields.append(field) else { throw .tooManyFields }
    }

    /// Throws if there is more than fits, or more than the limit.
    @inline(__always)
    func checkSize(bytes: Int, _ limits: HeadLimits) throws(SectionFault) {
        if isTooLarge || bytes > limits.headBytes { throw .tooLarge }
    }
}

enum RequestRule {
    /// Judges the pseudo-fields together and puts down in `head` what follows from them.
    ///
    /// - Parameter isWhole: all fields are there, so that what is missing can be told.
    @inline(__always)
    static func apply(
        _ facts: SectionFacts, to head: inout RequestHead, in arena: Span<UInt8>, isWhole: Bool
    ) throws(SectionFault) {
        if facts.has(.status) { throw .misplacedPseudoField }
        head.methodName = facts.method
        head.target = facts.path
        head.protocolName = facts.protocolName
        guard isWhole else {
            head.method = HTTPMethod(name: arena.extracting(facts.method))
            if HostRule.allows(arena, facts.authority) { head.authority = facts.authority }
            return
        }
        try applyMethod(facts, to: &head, in: arena)
        try applyAuthority(facts, to: &head, in: arena)
        if head.method == .connect, !facts.has(.protocol) {
            try applyConnect(facts, to: &head, in: arena)
        } else {
            try applyPath(facts, to: &head, in: arena)
        }
    }

    @inline(__always)
    private static func applyMethod(
        _ facts: SectionFacts, to head: inout RequestHead, in arena: Span<UInt8>
    ) throws(SectionFault) {
        let name = arena.extracting(facts.method)
        head.method = HTTPMethod(name: name)
        if head.method == .other {
            guard facts.has(.method) else { throw .wrongPseudoFields }
            guard ByteScan.isToken(name) else { throw .badMethod }
        }
        guard facts.has(.protocol) else { return }
        guard head.method == .connect, ByteScan.isToken(arena.extracting(facts.protocolName)) else {
            throw .badProtocol
        }
    }

    /// `:authority`, or else Host; if there are both, they say the same (RFC 9113 section 8.3.1).
    @inline(__always)
    private static func applyAuthority(
        _ facts: SectionFacts, to head: inout RequestHead, in arena: Span<UInt8>
    ) throws(SectionFault) {
        guard facts.has(.authority) else {
            guard let host = facts.host else { throw .missingAuthority }
            head.authority = host
            return
        }
        guard HostRule.allows(arena, facts.authority) else { throw .badAuthority }
        head.authority = facts.authority
        guard let host = facts.host else { return }
        guard ByteScan.equalsIgnoringCase(arena.extracting(host), arena.extracting(facts.authority)) else {
            throw .differingHost
        }
    }

    /// CONNECT has nothing but `:method` and `:authority` (RFC 9113 section 8.5).
    @inline(never)
    private static func applyConnect(
        _ facts: SectionFacts, to head: inout RequestHead, in arena: Span<UInt8>
    ) throws(SectionFault) {
        guard facts.has(.authority), !facts.has(.scheme), !facts.has(.path) else { throw .wrongPseudoFields }
        guard HostRule.hasPort(arena, facts.authority) else { throw .badAuthority }
        head.form = .authority
        head.target = facts.authority
    }

    /// `:scheme` and `:path`, which is in origin-form, or "*" for OPTIONS (RFC 9113 section 8.3.1).
    @inline(__always)
    private static func applyPath(
        _ facts: SectionFacts, to head: inout RequestHead, in arena: Span<UInt8>
    ) throws(SectionFault) {
        guard facts.has(.scheme), facts.has(.path) else { throw .wrongPseudoFields }
        guard isWeb(arena.extracting(facts.scheme)) else { throw .badScheme }
        head.scheme = facts.scheme
        let start = Int(facts.path.start)
        let end = facts.path.end
        guard end > start, arena[start] == 0x2F else { return try applyAsterisk(facts, to: &head, in: arena) }
        // Scans end at the CR behind the value.
        let pathEnd = ByteScan.first(PathStop.self, in: arena, from: start)
        head.path = ByteRange(from: start, to: pathEnd)
        guard pathEnd < end else { return }
        guard arena[pathEnd] == 0x3F, ByteScan.first(QueryStop.self, in: arena, from: pathEnd &+ 1) == end else {
            throw .badPath
        }
        head.hasQuery = true
        head.query = ByteRange(from: pathEnd &+ 1, to: end)
    }

    @inline(never)
    private static func applyAsterisk(
        _ facts: SectionFacts, to head: inout RequestHead, in arena: Span<UInt8>
    ) throws(SectionFault) {
        guard head.method == .options, ByteScan.equals(arena.extracting(facts.path), lowercase: "*") else {
            throw .badPath
        }
        head.form = .asterisk
    }

    @inline(__always)
    private static func isWeb(_ scheme: Span<UInt8>) -> Bool {
        ByteScan.equals(scheme, lowercase: "https") || ByteScan.equals(scheme, lowercase: "http")
    }

    /// Where the content ends, and whether the client waits with it.
    @inline(__always)
    static func frame(_ facts: SectionFacts, _ head: inout RequestHead, endStream: Bool) throws(SectionFault) {
        if let length = facts.contentLength {
            guard length == 0 || !endStream else { throw .missingContent }
            head.framing = .length(length)
        } else {
            head.framing = endStream ? .none : .untilClose
        }
        head.acceptsTrailers = facts.acceptsTrailers
        head.expectsContinue = facts.expectsContinue && !endStream && facts.contentLength != 0
    }
}
