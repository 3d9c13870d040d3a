// Trailer sections: what is accepted is clear, and what frames, routes or authenticates does not pass.

import MartletHTTP1
import MartletHTTPCore

enum TrailersTarget: FuzzTarget {
    static let name = "trailers"
    static let corpus = Corpus.trailers

    static func check(_ input: [UInt8], _ random: inout Randomness) throws(Violation) -> Bool {
        // Sections are found by the decoder, so one that it does not find is not parsed.
        let found = try Decoding.decode(
            .chunked, Array("0\r\n".utf8) + input, cuts: [input.count + 3], trailerLimit: 8192)
        guard found.isComplete, !found.trailers.isEmpty else { return false }
        return try checkSection(found.trailers)
    }

    private static func checkSection(_ section: [UInt8]) throws(Violation) -> Bool {
        var fields = FieldTable(capacity: 100)
        let refusal = TrailerParser.parse(section.span, into: &fields, limits: Parsing.wide)
        let reference = ReferenceHead(section, hasStart: false)
        try require(refusal == .tooManyFields || (refusal == nil) == (reference != nil), "as another reader")
        guard refusal == nil, let reference else { return false }
        try require(reference.length == section.count && reference.fields.count == fields.count, "all of it is read")
        try checkRewriting(fields, in: section)
        return true
    }

    private static func checkRewriting(_ fields: borrowing FieldTable, in arena: [UInt8]) throws(Violation) {
        var writer = HeadWriter(capacity: 2 * arena.count + 64)
        writer.trailers(fields, in: arena.span)
        let sent = array(writer.bytes)
        try require(!writer.overflowed && sent.starts(with: "0\r\n".utf8), "what is sent fits")
        var again = FieldTable(capacity: 100)
        let section = Array(sent.dropFirst(3))
        let refusal = TrailerParser.parse(section.span, into: &again, limits: Parsing.wide)
        try require(refusal == nil, "what is sent is accepted: \(escaped(sent))")
        try require(passing(again, in: section) == passing(fields, in: arena), "what is sent has the same fields")
        let names = ReferenceHead(section, hasStart: false)?.fields.map { String(decoding: $0.name, as: UTF8.self) }
        for name in names ?? forbidden { try require(!forbidden.contains(name), "no \(name) passes: \(escaped(sent))") }
    }

    private static let forbidden = [
        "host", "connection", "content-length", "transfer-encoding", "te", "upgrade", "keep-alive", "expect",
        "authorization", "cookie", "set-cookie", "x-forwarded-for", "x-real-ip", "forwarded", "via",
        "proxy-connection", "proxy-authorization", "content-type", "content-encoding", "cache-control", "location",
    ]
}
