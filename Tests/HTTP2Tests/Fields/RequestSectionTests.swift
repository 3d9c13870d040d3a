// Sections that are requests (RFC 9113 section 8.3.1), and what they mean.

import MartletHTTPCore
import Testing

@testable import MartletHTTP2

struct RequestSectionTests {
    @Test func aPlainOne() {
        let head = readRequest(get("user-agent: x", "accept: */*"))
        #expect(head.fault == nil)
        #expect(head.method == .get && head.methodName == "GET" && head.form == .origin)
        #expect(head.target == "/" && head.path == "/" && head.query == nil)
        #expect(head.authority == "a" && head.scheme == "https" && head.protocolName == "")
        #expect(head.fields == ["user-agent: x", "accept: */*"] && head.dropped == [])
        #expect(head.framing == .none && !head.expectsContinue && !head.acceptsTrailers)
    }

    /// In any order, and with Host in place of `:authority`.
    @Test func pseudoFieldsInAnyOrder() {
        let head = readRequest([":path: /b?c", ":scheme: http", ":method: PUT", "host: b:81", "x: y"])
        #expect(head.fault == nil && head.method == .put && head.target == "/b?c" && head.scheme == "http")
        #expect(head.authority == "b:81" && head.fields == ["host: b:81", "x: y"])
    }

    @Test(
        arguments: [
            ("/", "/", nil), ("/a/b.c", "/a/b.c", nil), ("/?", "/", ""), ("/a?b=c&d", "/a", "b=c&d"),
            ("/a?b?c", "/a", "b?c"),
            ("//a", "//a", nil), ("/%00/..;/~!$&'()*+,=:@", "/%00/..;/~!$&'()*+,=:@", nil),
            ("/\"<>\\^`{|}", "/\"<>\\^`{|}", nil),
            ("/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa?b", "/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "b"),
        ] as [(String, String, String?)])
    func paths(target: String, path: String, query: String?) {
        let head = readRequest(request(path: target, "x: y"))
        #expect(head.fault == nil && head.form == .origin)
        #expect(head.target == target && head.path == path && head.query == query)
    }

    @Test(arguments: ["a", "a.example:443", "a:", "[::1]", "[::1]:80", "127.0.0.1", "a_b", "%41", "A.Example"])
    func authorities(authority: String) {
        let head = readRequest(request(authority: authority))
        #expect(head.fault == nil && head.authority == authority)
        let both = readRequest(request(authority: authority, "host: \(authority.uppercased())"))
        #expect(both.fault == nil && both.authority == authority)
        let host = readRequest(request(authority: nil, "host: \(authority)"))
        #expect(host.fault == nil && host.authority == authority)
    }

    @Test func otherMethods() {
        for method in ["HEAD", "POST", "DELETE", "TRACE", "PATCH", "OPTIONS"] {
            let head = readRequest(request(method: method))
            #expect(head.fault == nil && head.methodName == method && head.method == HTTPMethod(name: method.utf8.span))
        }
        let other = readRequest(request(method: "M-SEARCH!"))
        #expect(other.fault == nil && other.method == .other && other.methodName == "M-SEARCH!")
        // Methods are case-sensitive.
        #expect(readRequest(request(method: "get")).method == .other)
    }

    @Test func optionsOfTheServer() {
        let head = readRequest(request(method: "OPTIONS", path: "*"))
        #expect(head.fault == nil && head.form == .asterisk && head.target == "*" && head.path == "")
    }

    /// CONNECT (RFC 9113 section 8.5) and its extension (RFC 8441 section 4).
    @Test func connect() {
        let head = readRequest(request(method: "CONNECT", scheme: nil, authority: "a:443", path: nil))
        #expect(head.fault == nil && head.method == .connect && head.form == .authority)
        #expect(head.target == "a:443" && head.authority == "a:443" && head.path == "" && head.protocolName == "")
        let lines = [
            ":method: CONNECT", ":protocol: websocket", ":scheme: https", ":path: /chat?a", ":authority: a", "x: y",
        ]
        let extended = readRequest(lines, endStream: false)
        #expect(extended.fault == nil && extended.method == .connect && extended.form == .origin)
        #expect(extended.protocolName == "websocket" && extended.path == "/chat" && extended.query == "a")
        #expect(extended.authority == "a" && extended.framing == .untilClose && extended.fields == ["x: y"])
    }

    @Test func framing() {
        #expect(readRequest(get(), endStream: true).framing == .none)
        #expect(readRequest(get(), endStream: false).framing == .untilClose)
        #expect(readRequest(get("content-length: 5"), endStream: false).framing == .length(5))
        #expect(readRequest(get("content-length: 0"), endStream: false).framing == .length(0))
        #expect(readRequest(get("content-length: 0"), endStream: true).framing == .length(0))
    }

    @Test func whatTheClientWaitsForAndKnows() {
        let head = readRequest(get("expect: 100-Continue", "te: Trailers"), endStream: false)
        #expect(head.fault == nil && head.expectsContinue && head.acceptsTrailers)
        #expect(head.fields == ["expect: 100-Continue"] && head.dropped == ["te: Trailers"])
        // Without content there is nothing to wait with.
        #expect(!readRequest(get("expect: 100-continue"), endStream: true).expectsContinue)
        #expect(!readRequest(get("expect: 100-continue", "content-length: 0"), endStream: false).expectsContinue)
    }

    /// Names that pass for forwarding fields with servers that read "_" as "-", and fields for this proxy only.
    @Test func whatDoesNotPass() {
        let lines = ["x_forwarded_for: 1", "x-forwarded_host: 2", "proxy-authorization: 3", "x_other: 4"]
        let head = readRequest(get() + lines)
        #expect(head.fault == nil && head.dropped == Array(lines.dropLast()) && head.fields == ["x_other: 4"])
        // The same when it comes out of the table.
        var reader = Reader()
        let first = block(get()) + indexed("x_forwarded_for", "1")
        #expect(reader.request(first).dropped == ["x_forwarded_for: 1"])
        #expect(reader.request(block(get()) + [0xBE]).dropped == ["x_forwarded_for: 1"])
        #expect(reader.request(block(get()) + [0x0F, 0x2F, 1, 0x32]).dropped == ["x_forwarded_for: 2"])
    }

    /// Values of bytes beyond US-ASCII, tabs within, and empty ones are as good as in HTTP/1.
    @Test func values() {
        let lines = ["a: \u{E9}\u{FF}", "b: x\ty", "c: ", "d: \"\\\u{80}"]
        #expect(readRequest(get() + lines).fields == lines)
    }

    @Test func limits() {
        let fields = HeadLimits(fields: 2)
        #expect(readRequest(get("a: b", "c: d"), limits: fields).fault == nil)
        #expect(readRequest(get("a: b", "c: d", "e: f"), limits: fields).fault == .tooManyFields)
        let long = request(path: "/" + String(repeating: "a", count: 20))
        #expect(readRequest(long, limits: HeadLimits(targetBytes: 21)).fault == nil)
        #expect(readRequest(long, limits: HeadLimits(targetBytes: 20)).fault == .targetTooLong)
        // Bytes are those of the lines as HTTP/1 has them.
        let bytes = get("a: b").reduce(0) { $0 + $1.utf8.count + 2 }
        #expect(readRequest(get("a: b"), limits: HeadLimits(headBytes: bytes)).fault == nil)
        #expect(readRequest(get("a: b"), limits: HeadLimits(headBytes: bytes - 1)).fault == .tooLarge)
    }

    /// What is too large for the section: the client is told so, and the log has what there was.
    @Test func tooLargeForTheSection() {
        var reader = Reader(bytes: 200)
        let long = String(repeating: "v", count: 300)
        var head = reader.request(block(request(method: "HEAD", authority: "b", path: "/p", "x: \(long)", "y: z")))
        #expect(head.fault == .tooLarge && head.method == .head && head.target == "/p" && head.authority == "b")
        head = reader.request(block([":method: GET", ":scheme: https", ":path: /\(long)", ":authority: a"]))
        #expect(head.fault == .targetTooLong && head.methodName == "GET" && head.authority == "")
        // What is malformed is, too large or not.
        head = reader.request(block(request("A: b", "x: \(long)")))
        #expect(head.fault == .upperCaseName)
        // A pseudo-field that is lost is not missed.
        head = reader.request(block(["x: \(long)", ":method: GET"]))
        #expect(head.fault == .tooLarge)
    }
}
