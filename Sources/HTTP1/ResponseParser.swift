// A response's head, parsed in one pass over its bytes.

import MartletHTTPCore

/// Parses response heads (RFC 9112 sections 2 and 4 to 6). A server is held to the same rules as a client: what two
/// readers might understand differently is refused.
package enum ResponseParser {
    /// Parses the head at the front of `bytes` into `head`, which afterwards refers to `bytes` as its arena.
    ///
    /// `head` means nothing unless the result is `complete`.
    ///
    /// - Parameter requestMethod: of the request that is answered; it decides whether there is content.
    package static func parse(
        _ bytes: Span<UInt8>, into head: inout ResponseHead, requestMethod: HTTPMethod, limits: HeadLimits
    ) -> HeadResult {
        head.reset()
        var position = 0
        do throws(HeadStop) {
            let window = bytes.extracting(first: limits.headBytes)
            try StatusLineParser.parse(window, &position, into: &head)
            let facts = try parseFields(window, &position, into: &head, most: limits.fields)
            try ResponseSemantics.apply(facts, to: &head, requestMethod: requestMethod)
            head.length = position
            return .complete
        } catch .refused(let refusal) {
            return .refused(refusal)
        } catch {
            return bytes.count < limits.headBytes ? .incomplete : .refused(.headTooLarge)
        }
    }

    @inline(__always)
    private static func parseFields(
        _ bytes: Span<UInt8>, _ position: inout Int, into head: inout ResponseHead, most: Int
    ) throws(HeadStop) -> FieldFacts {
        var facts = FieldFacts()
        while try !LineEnd.skipBlank(bytes, &position) {
            var line = try FieldLineParser.parse(bytes, &position)
            if line.known.concernsTheHop { try facts.noteResponse(&line, in: bytes) }
            guard head.fields.count < most, head.fields.append(line) else { throw .refused(.tooManyFields) }
        }
        if facts.nominates { ConnectionOptions.markNominated(in: &head.fields, bytes) }
        return facts
    }
}
