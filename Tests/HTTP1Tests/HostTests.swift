// Host: one, and valid (RFC 9112 section 3.2, RFC 9110 section 7.2).

import MartletHTTP1
import MartletHTTPCore
import Testing

struct HostTests {
    static let allowed = [
        "a", "example.com", "EXAMPLE.com.", "a-b.c_d", "1.2.3.4", "1.2.3.4:80", "a:", "a:0", "a:80", "a:65535",
        "a:00080", "[::1]", "[::1]:8080", "[::1]:", "[2001:db8::ffff:1.2.3.4]:1", "a%20b", "a%2fB", "a!$&'()*+,;=~b",
        "xn--bcher-kva.example", ".", "-", "a..b", "[ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255]",
    ]

    @Test(arguments: allowed)
    func isAllowed(host: String) {
        let field = parseRequest(request("Host: \(host)"))
        #expect(field.result == .complete && field.authority == host)
        let target = parseRequest(request("Host: other", line: "GET http://\(host)/ HTTP/1.1"))
        #expect(target.result == .complete && target.authority == host)
    }

    static let forbidden = [
        "", ":", ":80", "a:b", "a:8o", "a:65536", "a:99999", "a:100000", "a:-1", "a:+1", "a:80:80", "a: 80", "a b",
        "a\tb", "a/b", "a/", "a?b", "a#b", "@a", "u@a", "u:p@a", "a\\b", "a\"b", "<a>", "a|b", "a^b", "a{b}", "a`b",
        "%", "a%", "a%2", "a%2g", "a%g0", "%%41", "[", "]", "[]", "[a]", "[:]", "[::1", "::1", "a[::1]", "[::1]a",
        "[::1]]", "[[::1]]", "[::1]80", "[::1]:x", "[::1]:65536", "[::1%25eth0]", "[::g]", "[v1.a]", "[1.2.3.4]",
        "[ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.2555]", "caf\u{E9}", "a\u{7F}",
    ]

    @Test(arguments: forbidden)
    func isForbidden(host: String) {
        // A control byte cannot stand in any value.
        let refusal: HeadRefusal = host.utf8.contains(0x7F) ? .badFieldValue : .badHost
        let bytes = request("Host: \(host)")
        #expect(parseRequest(bytes).result == .refused(refusal))
        expectSameInPieces(bytes)
    }

    static let refused: [Refused] = [
        Refused(request(), .missingHost),
        Refused(request("Accept: */*"), .missingHost),
        Refused(request("Hosts: a"), .missingHost),
        Refused(request(line: "GET http://a/ HTTP/1.1"), .missingHost),
        Refused(request(line: "OPTIONS * HTTP/1.1"), .missingHost),
        Refused(request("Host: a", "Host: a"), .repeatedHost),
        Refused(request("Host: a", "X: y", "hOsT: b"), .repeatedHost),
        Refused(request("Host: a", "Host:"), .repeatedHost),
        Refused(request("Host: a", "Host: b", line: "GET / HTTP/1.0"), .repeatedHost),
        Refused(request("Host: a", "Host: b", line: "GET http://a/ HTTP/1.1"), .repeatedHost),
        Refused(request("Host: a, b"), .badHost),
        Refused(request("Host:"), .badHost),
        Refused(request("Host:", line: "GET / HTTP/1.0"), .badHost),
        Refused(request("Host: /", line: "GET http://a/ HTTP/1.1"), .badHost),
        Refused(request("Host : a"), .spaceBeforeColon),
        Refused(request("Host: a\r\n b"), .obsoleteFolding),
    ]

    @Test(arguments: refused)
    func isRefused(row: Refused) {
        #expect(parseRequest(row.bytes).result == .refused(row.refusal))
        expectSameInPieces(row.bytes)
    }

    @Test func theTargetsAuthorityGoesBeforeHost() {
        let parsed = parseRequest(request("Host: internal", line: "GET http://public:80/ HTTP/1.1"))
        #expect(parsed.result == .complete && parsed.authority == "public:80")
    }

    @Test func http10NeedsNone() {
        let parsed = parseRequest(request(line: "GET / HTTP/1.0"))
        #expect(parsed.result == .complete && parsed.authority.isEmpty)
        let absolute = parseRequest(request(line: "GET http://a/ HTTP/1.0"))
        #expect(absolute.result == .complete && absolute.authority == "a")
        #expect(parseRequest(request("Host: a", line: "GET / HTTP/1.0")).authority == "a")
    }

    @Test func whatIsForbiddenIsFoundBehindAnyNumberOfPlainBytes() {
        for count in 1..<40 {
            let name = String(repeating: "x", count: count)
            #expect(parseRequest(request("Host: \(name)")).authority == name)
            #expect(parseRequest(request("Host: \(name):8")).authority == name + ":8")
            #expect(parseRequest(request("Host: \(name)/")).result == .refused(.badHost))
            #expect(parseRequest(request("Host: \(name)@a")).result == .refused(.badHost))
        }
    }
}
