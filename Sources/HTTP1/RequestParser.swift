// A request's head, parsed in one pass over its bytes.

import MartletHTTPCore

/// Parses request heads (RFC 9112 sections 2 to 6).
package enum RequestParser {
    /// Parses the head at the front of `bytes` into `head`, which afterwards refers to `bytes` as its arena.
    ///
    /// A head that has not arrived as a whole is parsed from its start again next time; look for its end with
    /// `HeadEndScanner` before that. `head` means nothing unless the result is `complete`.
    package static func parse(
        _ bytes: Span<UInt8>, into head: inout RequestHead, limits: HeadLimits
    ) -> HeadResult {
        head.reset()
        var position = 0
        var isInFields = false
        do throws(HeadStop) {
            let window = bytes.extracting(first: limits.headBytes)
            try RequestLineParser.skipEmptyLines(window, &position)
            try RequestLineParser.parse(window, &position, into: &head, targetLimit: limits.targetBytes)
            isInFields = true
            try parseFields(window, &position, into: &head, most: limits.fields)
            head.length = position
            return .complete
        } catch .refused(let refusal) {
            return .refused(refusal)
        } catch {
            if bytes.count < limits.headBytes { return .incomplete }
            return .refused(isInFields ? .headTooLarge : .targetTooLong)
        }
    }

    @inline(__always)
    private static func parseFields(
        _ bytes: Span<UInt8>, _ position: inout Int, into head: inout RequestHead, most: Int
    ) throws(HeadStop) {
        var facts = FieldFacts()
        while try !LineEnd.skipBlank(bytes, &position) {
            var line = try FieldLineParser.parse(bytes, &position)
            if line.known.concernsTheHop { try facts.noteRequest(&line, in: bytes) }
            guard head.fields.count < most, head.fields.append(line) else { throw .refused(.tooManyFields) }
        }
        try RequestSemantics.apply(facts, to: &head)
        if facts.nominates { ConnectionOptions.markNominated(in: &head.fields, bytes) }
    }
}
