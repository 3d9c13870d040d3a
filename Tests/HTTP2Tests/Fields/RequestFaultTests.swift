// Sections that are no requests: every rule, violated once or in all its ways (RFC 9113 sections 8.2 and 8.3).

import MartletHTTPCore
import Testing

@testable import MartletHTTP2

struct RequestFaultTests {
    static let lines: [([String], SectionFault)] = [
        // Field lines.
        (get("Accept: x"), .upperCaseName), (get("acceptZ: x"), .upperCaseName), (get("x-A: b"), .upperCaseName),
        (get("a b: x"), .badFieldName), (get("a\r: x"), .badFieldName), (get("a\0: x"), .badFieldName),
        (get("a:b: x"), .badFieldName), (get("\u{E9}: x"), .badFieldName), (get("a\n: x"), .badFieldName),
        (get("(: x"), .badFieldName), (get("A b: x"), .badFieldName), (get("a\u{7F}: x"), .badFieldName),
        (get("a: x\r"), .badFieldValue), (get("a: x\ny"), .badFieldValue), (get("a: \0"), .badFieldValue),
        (get("a:  x"), .badFieldValue), (get("a: x "), .badFieldValue), (get("a: \tx"), .badFieldValue),
        (get("a: x\t"), .badFieldValue), (get("a:  "), .badFieldValue), (get("a: \u{7F}"), .badFieldValue),
        (get("a: \u{1}"), .badFieldValue), (get("a: b\r\nc: d"), .badFieldValue),
        // Fields of HTTP/1.
        (get("connection: close"), .connectionField), (get("connection: "), .connectionField),
        (get("keep-alive: 5"), .connectionField), (get("proxy-connection: x"), .connectionField),
        (get("transfer-encoding: chunked"), .connectionField), (get("upgrade: h2c"), .connectionField),
        (get("te: gzip"), .badTE), (get("te: trailers, gzip"), .badTE), (get("te: "), .badTE),
        (get("te: trailers;q=1"), .badTE),
        // Pseudo-fields.
        (get() + [":path: /"], .repeatedPseudoField), (get() + [":method: GET"], .repeatedPseudoField),
        (get("a: b") + [":authority: a"], .latePseudoField), (["a: b"] + get(), .latePseudoField),
        ([":method: GET", ":scheme: https", ":path: /", "a: b", ":authority: a"], .latePseudoField),
        (get() + [":status: 200"], .misplacedPseudoField), (get() + [":foo: x"], .unknownPseudoField),
        (get() + [": x"], .unknownPseudoField), (get() + [":Path: /"], .unknownPseudoField),
        (get() + [":path\0: /"], .unknownPseudoField), (get() + [":protocol: x"], .badProtocol),
        (request(method: nil), .wrongPseudoFields), (request(scheme: nil), .wrongPseudoFields),
        (request(path: nil), .wrongPseudoFields), (request(authority: nil), .missingAuthority),
        ([":authority: a"], .wrongPseudoFields), (["a: b"], .wrongPseudoFields),
        // Their values.
        (request(method: "GE T"), .badMethod), (request(method: ""), .badMethod),
        (request(method: "G\u{E9}T"), .badMethod),
        (request(method: "GET\n"), .badFieldValue), (request(method: " GET"), .badFieldValue),
        (request(scheme: "ftp"), .badScheme), (request(scheme: ""), .badScheme),
        (request(scheme: "httpss"), .badScheme),
        (request(path: ""), .badPath), (request(path: "a"), .badPath), (request(path: "*"), .badPath),
        (request(path: "http://a/"), .badPath), (request(path: "?a"), .badPath), (request(path: "/a b"), .badPath),
        (request(path: "/#"), .badPath), (request(path: "/a?b#c"), .badPath), (request(path: "/\u{E9}"), .badPath),
        (request(path: "/a?b c"), .badPath), (request(path: "/\t"), .badFieldValue), (request(path: "/a\tb"), .badPath),
        (request(path: "/ HTTP/1.1\r\nx: y"), .badFieldValue), (request(path: "/\0"), .badFieldValue),
        (request(method: "OPTIONS", path: "**"), .badPath), (request(method: "OPTIONS", path: "*?"), .badPath),
        (request(authority: ""), .badAuthority), (request(authority: "user@a"), .badAuthority),
        (request(authority: "a b"), .badAuthority), (request(authority: "a/b"), .badAuthority),
        (request(authority: "a:b"), .badAuthority), (request(authority: "a:65536"), .badAuthority),
        (request(authority: "a, b"), .badAuthority), (request(authority: "[::1"), .badAuthority),
        // Host.
        (request(authority: nil, "host: "), .badAuthority), (request(authority: nil, "host: a@b"), .badAuthority),
        (get("host: b"), .differingHost), (get("host: a:443"), .differingHost), (get("host: "), .badAuthority),
        (get("host: a", "host: a"), .repeatedHost), (request(authority: nil, "host: a", "host: a"), .repeatedHost),
        // CONNECT.
        (request(method: "CONNECT", scheme: nil, authority: "a", path: nil), .badAuthority),
        (request(method: "CONNECT", scheme: nil, authority: "a:", path: nil), .badAuthority),
        (request(method: "CONNECT", scheme: nil, authority: nil, path: nil), .missingAuthority),
        (request(method: "CONNECT", scheme: nil, authority: nil, path: nil, "host: a:1"), .wrongPseudoFields),
        (request(method: "CONNECT", authority: "a:1", path: nil), .wrongPseudoFields),
        (request(method: "CONNECT", scheme: nil, authority: "a:1", path: "/"), .wrongPseudoFields),
        ([":protocol: web socket"] + request(method: "CONNECT"), .badProtocol),
        ([":protocol: "] + request(method: "CONNECT"), .badProtocol),
        ([":protocol: websocket"] + request(method: "CONNECT", scheme: nil), .wrongPseudoFields),
        ([":protocol: websocket"] + request(method: "CONNECT", path: nil), .wrongPseudoFields),
        ([":protocol: websocket"] + request(method: "GET"), .badProtocol),
        // Lengths and expectations.
        (get("content-length: "), .badContentLength), (get("content-length: +5"), .badContentLength),
        (get("content-length: 5, 5"), .badContentLength), (get("content-length: 0x5"), .badContentLength),
        (get("content-length: 9223372036854775808"), .badContentLength), (get("content-length: -1"), .badContentLength),
        (get("content-length: 0", "content-length: 0"), .repeatedContentLength),
        (get("content-length: 5"), .missingContent),
        (get("expect: 200-ok"), .unknownExpectation), (get("expect: "), .unknownExpectation),
    ]

    @Test(arguments: lines)
    func isRefused(lines: [String], fault: SectionFault) {
        #expect(readRequest(lines).fault == fault, "\(lines)")
        if fault != .missingContent { #expect(readRequest(lines, endStream: false).fault == fault, "\(lines)") }
    }

    /// The same line by line out of the table, where its faults are remembered.
    @Test(arguments: lines)
    func isRefusedOutOfTheTable(lines: [String], fault: SectionFault) {
        var reader = Reader()
        let all = lines.flatMap { line in
            let (name, value) = parts(of: line)
            return indexed(name, value)
        }
        #expect(reader.request(all).fault == fault)
        let indexes = lines.indices.map { UInt8(0x80 + 61 + lines.count - $0) }
        #expect(reader.request(indexes).fault == fault)
    }

    /// A name's fault stays with its index; a value's fault does not.
    @Test func faultsOfNamesAndValues() {
        var reader = Reader()
        #expect(reader.request(block(get()) + indexed("Bad", "x")).fault == .upperCaseName)
        #expect(reader.request(block(get()) + [0x7E, 1, 0x61]).fault == .upperCaseName)
        #expect(reader.request(block(get()) + indexed("good", "x\n")).fault == .badFieldValue)
        #expect(reader.request(block(get()) + [0x0F, 0x2F, 1, 0x61]).fault == nil)
        #expect(reader.request(block(get()) + [0xBE]).fault == .badFieldValue)
    }

    /// An empty block, and an empty name.
    @Test func nothing() {
        #expect(readRequest([]).fault == .wrongPseudoFields)
        var reader = Reader()
        #expect(reader.request(block(get()) + plain("", "x")).fault == .badFieldName)
    }

    /// Control bytes at each place of a value, whatever its length: what looks at 16 bytes at a time finds all.
    @Test func controlBytesEverywhere() {
        for count in 1...40 {
            for place in 0..<count {
                for byte: UInt8 in [0x00, 0x0A, 0x0D, 0x1F, 0x7F] {
                    var value = [UInt8](repeating: 0x61, count: count)
                    value[place] = byte
                    var reader = Reader()
                    let block = block(get()) + [0] + literal([0x78]) + literal(value)
                    #expect(reader.request(block).fault == .badFieldValue)
                }
            }
        }
    }

    @Test func eachHasItsWordsAndStatus() {
        let reasons = SectionFault.allCases.map(\.reason)
        #expect(Set(reasons).count == reasons.count && !reasons.contains(""))
        #expect(reasons.allSatisfy { $0.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F && $0 != 0x22 } })
        let statuses = SectionFault.allCases.compactMap { fault in fault.status.map { "\(fault) \($0)" } }
        #expect(statuses == ["unknownExpectation 417", "targetTooLong 414", "tooLarge 431", "tooManyFields 431"])
    }
}
