// The fields behind chunked content (RFC 9112 section 7.1.2).

import MartletHTTPCore

/// Parses trailer sections.
package enum TrailerParser {
    /// Parses the whole trailer section `bytes`, the blank line included, into `fields`, whose lines then refer to
    /// `bytes`. Nil if it is in order.
    ///
    /// Fields that must not stand in trailers (RFC 9110 section 6.5.1) are marked as hop-by-hop, so that they are dropped.
    package static func parse(
        _ bytes: Span<UInt8>, into fields: inout FieldTable, limits: HeadLimits
    ) -> HeadRefusal? {
        fields.removeAll()
        var position = 0
        do throws(HeadStop) {
            while try !LineEnd.skipBlank(bytes, &position) {
                var line = try FieldLineParser.parse(bytes, &position)
                if KnownFieldSet.forbiddenInTrailers.contains(line.known) { line.isHopByHop = true }
                guard fields.count < limits.fields, fields.append(line) else { return .tooManyFields }
            }
            return nil
        } catch .refused(let refusal) {
            return refusal
        } catch {
            // Sections are found by their blank line; one without was cut short by the caller.
            return .badFieldName
        }
    }
}
