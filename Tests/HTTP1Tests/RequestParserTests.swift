import MartletHTTP1
import MartletHTTPCore
import Testing

struct RequestParserTests {
    @Test func aPlainRequest() {
        let string = "GET /a/b?c=d HTTP/1.1\r\nHost: example.com\r\nUser-Agent:  me \r\nX-Odd_Name!: \r\n\r\nrest"
        let parsed = parseRequest(string)
        #expect(parsed.result == .complete)
        #expect(parsed.target == "/a/b?c=d" && parsed.path == "/a/b" && parsed.query == "c=d")
        #expect(parsed.authority == "example.com")
        #expect(parsed.fields == ["Host: example.com", "User-Agent: me", "X-Odd_Name!: "])
        #expect(parsed.framing == .none && parsed.isPersistent && parsed.length == string.utf8.count - 4)
    }

    @Test(arguments: [
        request("Host: a"),
        request("Host: a", "Accept: */*", "Accept-Encoding: gzip", "X-Empty:", "X-Blank: \t ", "X-Tab: a\tb"),
        request("hOST:a", line: "OPTIONS * HTTP/1.1"),
        request("Host: other", line: "GET http://example.com:8080/a?b HTTP/1.1"),
        request("Host: a:1", line: "CONNECT a:1 HTTP/1.1"),
        request(line: "GET / HTTP/1.0"),
        request("Connection: keep-alive", line: "GET / HTTP/1.0"),
        hosted("Content-Length: 5", "Expect: 100-continue"),
        hosted("Transfer-Encoding: chunked", "TE: trailers, deflate;q=0.5", "Connection: TE, x-secret", "X-Secret: 1"),
        hosted("X-Obs: caf\u{E9}", line: "BREW /pot HTTP/1.1"),
        Array("\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n".utf8),
        Array("\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n".utf8),
        request("Host: a") + Array("GET /next HTTP/1.1\r\n".utf8),
    ])
    func whatIsAcceptedIsAcceptedInPieces(bytes: [UInt8]) {
        #expect(parseRequest(bytes).result == .complete)
        expectSameInPieces(bytes)
    }

    /// The parser looks at 4, 8 and 16 bytes at a time: the end of the bytes may be near anywhere.
    @Test func everyLengthOfTargetNameAndValue() {
        for count in 0..<40 {
            let filler = String(repeating: "x", count: count)
            let bytes = request("Host: a", "n\(filler): v\(filler)", line: "GET /\(filler) HTTP/1.1")
            let parsed = parseRequest(bytes)
            #expect(parsed.result == .complete && parsed.target == "/" + filler)
            #expect(parsed.fields == ["Host: a", "n\(filler): v\(filler)"])
            #expect(parsed.length == bytes.count)
        }
    }

    @Test func aHeadIsParsedAnewIntoTheSameStorage() {
        var head = RequestHead(fieldCapacity: 8)
        let first = hosted("Content-Length: 3", "Connection: close", "TE: trailers", line: "PUT http://b/?q HTTP/1.1")
        _ = RequestParser.parse(first.span, into: &head, limits: HeadLimits())
        let second = request("Host: a")
        let result = RequestParser.parse(second.span, into: &head, limits: HeadLimits())
        #expect(values(of: head, in: second, result) == parseRequest(second))
        let isClean = !head.hasQuery && head.scheme.isEmpty && head.query.isEmpty
        #expect(isClean)
    }

    @Test(arguments: HTTPMethod.allCases)
    func everyMethodIsKnownByItsNameAndNoOther(method: HTTPMethod) {
        let target = method == .connect ? "a:1" : "/"
        let name = method.name.description
        let parsed = parseRequest(request("Host: a", line: "\(name) \(target) HTTP/1.1"))
        #expect(parsed.result == .complete && parsed.method == method)
        // Methods are case-sensitive (RFC 9110 section 9.1); in lower case they are methods that nobody knows.
        let lower = parseRequest(request("Host: a", line: "\(name.lowercased()) / HTTP/1.1"))
        #expect(lower.result == .complete && lower.method == .other)
        let longer = parseRequest(request("Host: a", line: "\(name)X / HTTP/1.1"))
        #expect(longer.result == .complete && longer.method == .other)
    }

    @Test func everyTokenByteMayStandInAMethodAndAName() {
        let all = "!#$%&'*+-.^_`|~0aZ"
        let parsed = parseRequest(request("Host: a", "\(all): 1", line: "\(all) / HTTP/1.1"))
        #expect(parsed.result == .complete && parsed.method == .other)
        #expect(parsed.fields == ["Host: a", "\(all): 1"])
    }
}
