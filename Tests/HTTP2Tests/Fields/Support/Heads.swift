// Sections as heads, in values that can be compared.

import MartletHTTPCore
import Testing

@testable import MartletHTTP2

/// A request's head: text in place of positions.
struct ReadRequest: Equatable {
    var fault: SectionFault?
    var method = HTTPMethod.get
    var methodName = ""
    var target = ""
    var form = TargetForm.origin
    var path = ""
    var query: String?
    var authority = ""
    var scheme = ""
    var protocolName = ""
    /// The lines that pass, "name: value".
    var fields: [String] = []
    /// The others.
    var dropped: [String] = []
    var framing = ContentFraming.none
    var expectsContinue = false
    var acceptsTrailers = false

    init(_ head: borrowing RequestHead, in arena: Span<UInt8>, fault: SectionFault?) {
        self.fault = fault
        method = head.method
        methodName = string(arena.extracting(head.methodName))
        target = string(arena.extracting(head.target))
        form = head.form
        path = string(arena.extracting(head.path))
        query = head.hasQuery ? string(arena.extracting(head.query)) : nil
        authority = string(arena.extracting(head.authority))
        scheme = string(arena.extracting(head.scheme))
        protocolName = string(arena.extracting(head.protocolName))
        fields = lines(of: head.fields, in: arena, hopByHop: false)
        dropped = lines(of: head.fields, in: arena, hopByHop: true)
        framing = head.framing
        expectsContinue = head.expectsContinue
        acceptsTrailers = head.acceptsTrailers
    }
}

/// The lines of a table, "name: value".
func lines(of table: borrowing FieldTable, in arena: Span<UInt8>, hopByHop: Bool) -> [String] {
    (0..<table.count).filter { table[$0].isHopByHop == hopByHop }.map { index in
        "\(string(arena.extracting(table[index].name))): \(string(arena.extracting(table[index].value)))"
    }
}

/// Reads a request of these lines, "name: value".
func readRequest(_ lines: [String], endStream: Bool = true, limits: HeadLimits = HeadLimits()) -> ReadRequest {
    var reader = Reader(bytes: 64_000)
    return reader.request(block(lines), endStream: endStream, limits: limits)
}

/// A GET of "/" from "a", with more lines behind.
func get(_ lines: String...) -> [String] {
    [":method: GET", ":scheme: https", ":authority: a", ":path: /"] + lines
}

/// The same with other pseudo-fields, of which those without a value are left out.
func request(
    method: String? = "GET", scheme: String? = "https", authority: String? = "a", path: String? = "/",
    _ lines: String...
) -> [String] {
    let pseudo = [(":method", method), (":scheme", scheme), (":authority", authority), (":path", path)]
    return pseudo.compactMap { name, value in value.map { "\(name): \($0)" } } + lines
}

extension Reader {
    /// Reads a request.
    mutating func request(_ block: [UInt8], endStream: Bool = true, limits: HeadLimits = HeadLimits()) -> ReadRequest {
        let fault = decoder.decode(block.span, into: &section)
        #expect(fault == nil)
        // One that has been used before.
        var head = RequestHead(fieldCapacity: 128)
        head.protocolName = ByteRange(from: 1, to: 2)
        head.framing = .chunked
        let refusal = section.request(into: &head, endStream: endStream, limits: limits)
        let isOfHTTP2 = head.version == .http2 && head.isPersistent && head.length == section.arena.count
        #expect(isOfHTTP2 || refusal != nil)
        return ReadRequest(head, in: section.arena, fault: refusal)
    }

    /// Reads a response.
    mutating func response(
        _ block: [UInt8], to method: HTTPMethod = .get, endStream: Bool = false, limits: HeadLimits = HeadLimits()
    ) -> ReadResponse {
        let fault = decoder.decode(block.span, into: &section)
        #expect(fault == nil)
        var head = ResponseHead(fieldCapacity: 128)
        let refusal = section.response(into: &head, endStream: endStream, requestMethod: method, limits: limits)
        let isOfHTTP2 = head.version == .http2 && head.isPersistent && head.length == section.arena.count
        #expect(isOfHTTP2)
        return ReadResponse(
            fault: refusal, status: head.status,
            fields: MartletHTTP2Tests.lines(of: head.fields, in: section.arena, hopByHop: false),
            dropped: MartletHTTP2Tests.lines(of: head.fields, in: section.arena, hopByHop: true), framing: head.framing,
            declaredLength: head.declaredLength)
    }
}

/// A response's head: text in place of positions.
struct ReadResponse: Equatable {
    var fault: SectionFault?
    var status = 200
    /// The lines that pass, "name: value".
    var fields: [String] = []
    /// The others.
    var dropped: [String] = []
    var framing = ContentFraming.none
    var declaredLength: UInt64?
}

/// Reads a response of these lines, "name: value".
func readResponse(
    _ lines: [String], to method: HTTPMethod = .get, endStream: Bool = false, limits: HeadLimits = HeadLimits()
) -> ReadResponse {
    var reader = Reader(bytes: 64_000)
    return reader.response(block(lines), to: method, endStream: endStream, limits: limits)
}
