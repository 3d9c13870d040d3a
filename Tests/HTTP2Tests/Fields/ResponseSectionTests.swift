// Sections that are responses or trailers (RFC 9113 section 8.1), and those that are not.

import MartletHTTPCore
import Testing

@testable import MartletHTTP2

struct ResponseSectionTests {
    @Test func aPlainOne() {
        let head = readResponse([":status: 200", "server: x", "content-length: 5", "set-cookie: a", "set-cookie: b"])
        #expect(head.fault == nil && head.status == 200 && head.framing == .length(5) && head.declaredLength == 5)
        #expect(head.fields == ["server: x", "content-length: 5", "set-cookie: a", "set-cookie: b"])
    }

    /// Where the content ends, with and without a length, with and without an end of the stream.
    static let framings: [(String, HTTPMethod, ContentFraming, ContentFraming)] = [
        ("200", .get, .untilClose, .length(0)), ("404", .post, .untilClose, .length(0)), ("204", .get, .none, .none),
        ("304", .get, .none, .none), ("200", .head, .none, .none), ("200", .connect, .untilClose, .length(0)),
    ]

    @Test(arguments: framings)
    func framing(status: String, method: HTTPMethod, open: ContentFraming, ended: ContentFraming) {
        let lines = [":status: \(status)"]
        #expect(readResponse(lines, to: method, endStream: false).framing == open)
        #expect(readResponse(lines, to: method, endStream: true).framing == ended)
        // With a length, which is passed on where there is no content because of the method or status.
        let declared = readResponse(lines + ["content-length: 7"], to: method)
        #expect(declared.fault == nil && declared.declaredLength == (status == "204" ? nil : 7))
        #expect(declared.framing == (open == .none ? .none : .length(7)))
        let missing = readResponse(lines + ["content-length: 7"], to: method, endStream: true)
        #expect(missing.fault == (open == .none ? nil : .missingContent))
        #expect(readResponse(lines + ["content-length: 0"], to: method, endStream: true).fault == nil)
    }

    @Test func interim() {
        let head = readResponse([":status: 103", "link: </a>", "content-length: 5"])
        #expect(head.fault == nil && head.status == 103 && head.framing == .none && head.declaredLength == nil)
        #expect(readResponse([":status: 100"], endStream: true).fault == .interimEnd)
    }

    static let faults: [([String], SectionFault)] = [
        ([], .wrongPseudoFields), (["a: b"], .wrongPseudoFields), ([":status: "], .badStatus),
        ([":status: 20"], .badStatus),
        ([":status: 2000"], .badStatus), ([":status: 099"], .badStatus), ([":status: 600"], .badStatus),
        ([":status: 2x0"], .badStatus), ([":status: 101"], .badStatus), ([":status: 20\u{E9}"], .badStatus),
        ([":status: 200", ":status: 200"], .repeatedPseudoField), (["a: b", ":status: 200"], .latePseudoField),
        ([":status: 200", ":path: /"], .misplacedPseudoField), ([":method: GET"], .misplacedPseudoField),
        ([":status: 200", ":x: y"], .unknownPseudoField), ([":status: 200", "Server: x"], .upperCaseName),
        ([":status: 200", "a b: x"], .badFieldName), ([":status: 200", "a: x\r\nb: y"], .badFieldValue),
        ([":status: 200", "connection: close"], .connectionField), ([":status: 200", "upgrade: x"], .connectionField),
        ([":status: 200", "transfer-encoding: chunked"], .connectionField),
        ([":status: 200", "keep-alive: 5"], .connectionField), ([":status: 200", "te: trailers"], .badTE),
        ([":status: 200", "content-length: x"], .badContentLength),
        ([":status: 200", "content-length: 1", "content-length: 1"], .repeatedContentLength),
    ]

    @Test(arguments: faults)
    func isRefused(lines: [String], fault: SectionFault) {
        #expect(readResponse(lines).fault == fault, "\(lines)")
    }

    @Test func fieldsOfTheHop() {
        let head = readResponse([":status: 407", "proxy-authenticate: Basic", "x_real_ip: 1", "host: a", "expect: b"])
        #expect(head.fault == nil && head.dropped == ["proxy-authenticate: Basic", "x_real_ip: 1"])
        #expect(head.fields == ["host: a", "expect: b"])
    }

    @Test func limits() {
        let lines = [":status: 200", "a: b", "c: d"]
        #expect(readResponse(lines, limits: HeadLimits(fields: 2)).fault == nil)
        #expect(readResponse(lines, limits: HeadLimits(fields: 1)).fault == .tooManyFields)
        #expect(readResponse(lines, limits: HeadLimits(headBytes: 26)).fault == nil)
        #expect(readResponse(lines, limits: HeadLimits(headBytes: 25)).fault == .tooLarge)
        var reader = Reader(bytes: 20)
        #expect(reader.response(block(lines)).fault == .tooLarge)
    }
}

struct TrailerSectionTests {
    /// The lines that pass and those that do not, or a fault.
    private func read(_ lines: [String], limits: HeadLimits = HeadLimits(), room: Int = 4096) -> ReadResponse {
        var reader = Reader(bytes: room)
        _ = reader.read(block(lines))
        var table = FieldTable(capacity: 16)
        let fault = reader.section.trailers(into: &table, limits: limits)
        return ReadResponse(
            fault: fault, fields: MartletHTTP2Tests.lines(of: table, in: reader.section.arena, hopByHop: false),
            dropped: MartletHTTP2Tests.lines(of: table, in: reader.section.arena, hopByHop: true))
    }

    @Test func whatPasses() {
        let trailers = read([
            "grpc-status: 0", "content-length: 5", "etag: \"a\"", "authorization: x", "x_forwarded_for: 1", "host: a",
        ])
        #expect(trailers.fault == nil && trailers.fields == ["grpc-status: 0", "etag: \"a\""])
        #expect(trailers.dropped == ["content-length: 5", "authorization: x", "x_forwarded_for: 1", "host: a"])
        #expect(read([]).fault == nil)
    }

    @Test(
        arguments: [
            ([":status: 200"], .misplacedPseudoField), (["a: b", ":path: /"], .misplacedPseudoField),
            ([":x: y"], .misplacedPseudoField), (["A: b"], .upperCaseName), (["a: \0"], .badFieldValue),
            (["a b: c"], .badFieldName), (["connection: x"], .connectionField),
            (["transfer-encoding: chunked"], .connectionField),
            (["te: trailers"], .badTE),
        ] as [([String], SectionFault)])
    func isRefused(lines: [String], fault: SectionFault) {
        #expect(read(lines).fault == fault)
    }

    @Test func limits() {
        #expect(read(["a: b", "c: d"], limits: HeadLimits(fields: 1)).fault == .tooManyFields)
        #expect(read(["a: b", "c: d"], limits: HeadLimits(headBytes: 11)).fault == .tooLarge)
        #expect(read(["a: b", "c: d"], room: 11).fault == .tooLarge)
        #expect(read(["a: b", "c: d"], limits: HeadLimits(headBytes: 12, fields: 2), room: 12).fault == nil)
    }
}
