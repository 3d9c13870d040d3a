// A section as the head of a response, or as trailers (RFC 9113 section 8.1).

import MartletHTTPCore

extension FieldSection {
    /// Fills `head`, which afterwards refers to this section's arena, with what the section says. There is no reason phrase.
    ///
    /// Content without a length is framed as `untilClose`: it ends with the stream. Where the stream has ended already,
    /// there could have been content, and no length is said, the length is 0.
    ///
    /// - Parameters:
    ///   - endStream: no content follows.
    ///   - requestMethod: of the request that is answered; it decides whether there is content.
    /// - Returns: why this is no response, `nil` if it is one.
    package mutating func response(
        into head: inout ResponseHead, endStream: Bool, requestMethod: HTTPMethod, limits: HeadLimits
    ) -> SectionFault? {
        head.reset()
        head.version = .http2
        head.length = used
        do throws(SectionFault) {
            let facts = try responseLines(into: &head, most: limits.fields)
            try checkSize(bytes: used, limits)
            head.status = try ResponseRule.status(facts, in: arena)
            try ResponseRule.frame(facts, &head, endStream: endStream, requestMethod)
            return nil
        } catch {
            return error
        }
    }

    @inline(__always)
    private func responseLines(into head: inout ResponseHead, most: Int) throws(SectionFault) -> SectionFacts {
        var facts = SectionFacts()
        for index in 0..<count {
            let line = self[index]
            if line.pseudo != .none {
                try facts.note(line)
                guard line.pseudo == .status else { throw .misplacedPseudoField }
                continue
            }
            facts.noteField()
            if line.isPlain {
                guard head.fields.count < most, head.fields.append(line.field) else { throw .tooManyFields }
            } else {
                var field = try SectionFacts.field(line)
                if line.known.concernsTheHop { try facts.noteResponse(&field, in: arena) }
                guard head.fields.count < most, head.fields.append(field) else { throw .tooManyFields }
            }
        }
        return facts
    }

    /// Fills `table`, whose lines then refer to this section's arena, with trailers. Those that must not stand there (RFC
    /// 9110 section 6.5.1) are marked as hop-by-hop, so that they are dropped.
    ///
    /// - Returns: why these are no trailers, `nil` if they are.
    package mutating func trailers(into table: inout FieldTable, limits: HeadLimits) -> SectionFault? {
        table.removeAll()
        do throws(SectionFault) {
            var facts = SectionFacts()
            for index in 0..<count {
                let line = self[index]
                guard line.pseudo == .none else { throw .misplacedPseudoField }
                var field = try SectionFacts.field(line)
                if line.known.concernsTheHop { try facts.noteResponse(&field, in: arena) }
                if KnownFieldSet.forbiddenInTrailers.contains(line.known) { field.isHopByHop = true }
                guard table.count < limits.fields, table.append(field) else { throw .tooManyFields }
            }
            try checkSize(bytes: used, limits)
            return nil
        } catch {
            return error
        }
    }
}

enum ResponseRule {
    /// Three digits, 100 to 599 (RFC 9113 section 8.3.2), but for 101, as there is nothing to switch to (section 8.6).
    @inline(__always)
    static func status(_ facts: SectionFacts, in arena: Span<UInt8>) throws(SectionFault) -> Int {
        guard facts.has(.status) else { throw .wrongPseudoFields }
        guard facts.status.count == 3 else { throw .badStatus }
        var status = 0
        for index in facts.status.range {
            let digit = arena[index] &- 0x30
            guard digit < 10 else { throw .badStatus }
            status = status &* 10 &+ Int(digit)
        }
        guard status >= 100, status <= 599, status != 101 else { throw .badStatus }
        return status
    }

    /// Where the content ends (RFC 9112 section 6.3, and the end of the stream in place of the connection's).
    @inline(__always)
    static func frame(
        _ facts: SectionFacts, _ head: inout ResponseHead, endStream: Bool, _ requestMethod: HTTPMethod
    ) throws(SectionFault) {
        if head.isInformational, endStream { throw .interimEnd }
        // A 1xx or 204 has no Content-Length, so one that a server sends all the same ends here (RFC 9110 section 8.6).
        let mayDeclare = !head.isInformational && head.status != 204
        head.declaredLength = mayDeclare ? facts.contentLength : nil
        if requestMethod == .head || !mayDeclare || head.status == 304 {
            head.framing = .none
        } else if let length = facts.contentLength {
            guard length == 0 || !endStream else { throw .missingContent }
            head.framing = .length(length)
        } else {
            head.framing = endStream ? .length(0) : .untilClose
        }
    }
}
