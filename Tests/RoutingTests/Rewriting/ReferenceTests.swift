import MartletHTTPCore
import Testing

@testable import MartletRouting

/// What becomes of references of servers called `app.internal:9001`, `10.0.0.1:80` and `[fd00::1]:9001`.
@Suite struct ReferenceTests {
    private static let names = OriginNames([
        (host: "App.internal", port: 9001), (host: "10.0.0.1", port: 80), (host: "fd00::1", port: 9001),
    ])

    private enum Form {
        case reference, refresh, link, cookie
    }

    private func written(_ form: Form, _ value: String, _ inner: String = "", _ outer: String = "") -> String {
        let map = PrefixMap(inner: inner, outer: outer)
        var writer = HeadWriter(capacity: 1_000)
        switch form {
        case .reference: writer.reference(value.utf8.span, from: Self.names, by: map)
        case .refresh: writer.refresh(value.utf8.span, from: Self.names, by: map)
        case .link: writer.link(value.utf8.span, from: Self.names, by: map)
        case .cookie: writer.cookie(value.utf8.span, from: Self.names, by: map)
        }
        var bytes: [UInt8] = []
        for index in writer.bytes.indices { bytes.append(writer.bytes[index]) }
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test(arguments: [
        ("http://app.internal:9001/x?y#z", "/x?y#z"), ("https://APP.internal/x", "/x"), ("http://10.0.0.1", "/"),
        ("http://10.0.0.1:80/", "/"), ("//app.internal:9001/x", "/x"), ("http://[fd00::1]:9001/x", "/x"),
        ("http://app.internal.:9001/x", "/x"), ("http://u:p@10.0.0.1/x", "/x"), ("http://10.0.0.1?a=b", "/?a=b"),
        ("http://10.0.0.1#f", "/#f"),
    ])
    func aServersOwnAddressIsLeftAway(value: String, expected: String) {
        #expect(written(.reference, value) == expected)
    }

    @Test(arguments: [
        "http://other.test/x", "http://app.internal:9002/x", "http://10.0.0.10/x", "/x", "x/y", "",
        "mailto:a@app.internal",
        "http:/app.internal", "http://app.internal.evil.test/", "https://fd00::1/", "http://app.internal:99999999999/",
        "?x", "http:", "//",
    ])
    func whatLeadsElsewhereStays(value: String) { #expect(written(.reference, value) == value) }

    /// What is left of a URL must not lead to another host.
    @Test(arguments: [
        ("http://10.0.0.1//evil.test/x", "/.//evil.test/x"), ("http://10.0.0.1/\\evil.test", "/./\\evil.test"),
        ("http://10.0.0.1\\evil.test", "/.\\evil.test"), ("http://10.0.0.1/\t/evil.test", "/./\t/evil.test"),
    ])
    func noPathBecomesAHost(value: String, expected: String) { #expect(written(.reference, value) == expected) }

    @Test(arguments: [
        ("/login", "", "/app", "/app/login"), ("/", "", "/app", "/app/"), ("/app/login", "", "/app", "/app/login"),
        ("/apple", "", "/app", "/app/apple"), ("http://10.0.0.1/x", "", "/app", "/app/x"),
        ("http://10.0.0.1", "", "/app", "/"),
        ("/v2/x", "/v2", "", "/x"), ("/v2", "/v2", "", "/"), ("/v2", "/v2", "/app", "/app"),
        ("/v3", "/v2", "/app", "/v3"),
        ("/v2?a", "/v2", "/app", "/app?a"), ("/v2//evil.test", "/v2", "", "/.//evil.test"), ("x", "", "/app", "x"),
        ("http://other.test/v2/x", "/v2", "/app", "http://other.test/v2/x"),
        ("//other.test/x", "", "/app", "//other.test/x"),
    ])
    func prefixesComeBack(value: String, inner: String, outer: String, expected: String) {
        #expect(written(.reference, value, inner, outer) == expected)
    }

    @Test(arguments: [
        ("5; url=http://10.0.0.1/x", "5; url=/app/x"), ("0;URL='/x'", "0;URL='/app/x'"), ("5", "5"),
        ("5;url = \"/x\"; y", "5;url = \"/app/x\"; y"),
        ("5; url=", "5; url="), ("curl=/x", "curl=/x"), ("5, url=/x", "5, url=/app/x"),
    ])
    func refreshesToo(value: String, expected: String) { #expect(written(.refresh, value, "", "/app") == expected) }

    @Test(arguments: [
        ("<http://10.0.0.1/a>; rel=next, </b>; rel=prev", "</app/a>; rel=next, </app/b>; rel=prev"),
        ("<x>; title=\"</y>\"; rel=z, </w>", "<x>; title=\"</y>\"; rel=z, </app/w>"), ("<", "<"), ("</a", "</app/a"),
        ("</a>; title=\"\\\"</y>\"", "</app/a>; title=\"\\\"</y>\""), ("", ""), ("\"\\", "\"\\"),
    ])
    func linksToo(value: String, expected: String) { #expect(written(.link, value, "", "/app") == expected) }

    @Test(arguments: [
        ("a=b; Domain=app.internal; Path=/; Secure", "a=b; Path=/app; Secure"), ("a=b;domain=.APP.internal", "a=b"),
        ("a=b; Path=/x", "a=b; Path=/app/x"), ("a=b; path=/x/; HttpOnly", "a=b; path=/app/x/; HttpOnly"),
        ("a=/x; Domain=example.com", "a=/x; Domain=example.com"), ("a=b; Path=/app/x", "a=b; Path=/app/x"),
        ("a=b; Path=", "a=b; Path="), ("a", "a"), ("", ""), (";;", ";;"), ("Path=/x", "Path=/x"),
    ])
    func cookiesToo(value: String, expected: String) { #expect(written(.cookie, value, "", "/app") == expected) }

    @Test func cookiesOfOtherPathsStay() {
        #expect(written(.cookie, "a=b; Path=/", "/v2", "/app") == "a=b; Path=/")
        #expect(written(.cookie, "a=b; Path=/v2", "/v2", "") == "a=b; Path=/")
        #expect(written(.cookie, "a=b; Path=/v2/x", "/v2", "/app") == "a=b; Path=/app/x")
    }

    @Test func manyNamesAreFound() {
        let names = OriginNames((0..<500).map { (host: "server-\($0).test", port: UInt16(9000 + $0)) })
        let hasHost: (String) -> Bool = { names.contains(host: $0.utf8.span) }
        let hasAuthority: (String) -> Bool = { names.contains(authority: $0.utf8.span, isSecure: false) }
        for number in 0..<500 {
            #expect(hasHost("SERVER-\(number).test"))
            #expect(hasAuthority("server-\(number).test:\(9000 + number)"))
            #expect(!hasAuthority("server-\(number).test:\(9001 + number)"))
        }
        #expect(!hasHost("server-500.test"))
        #expect(!hasHost(""))
    }
}
