// What else a request's head says: persistence, expectation, trailers (RFC 9112 section 9, RFC 9110 section 10.1).

import MartletHTTP1
import MartletHTTPCore
import Testing

struct RequestMeaningTests {
    @Test(arguments: [
        ("1.1", [], true), ("1.1", ["close"], false), ("1.1", ["Close"], false), ("1.1", ["keep-alive"], true),
        ("1.1", ["keep-alive, close"], false), ("1.1", ["close, keep-alive"], false),
        ("1.1", ["close", "keep-alive"], false),
        ("1.1", ["keep-alive", "close"], false), ("1.1", ["x,close"], false), ("1.1", ["x , CLOSE ,"], false),
        ("1.1", ["closed"], true), ("1.1", ["x-close"], true), ("1.1", [""], true),
        ("1.0", [], false), ("1.0", ["close"], false), ("1.0", ["keep-alive"], true), ("1.0", ["Keep-Alive"], true),
        ("1.0", ["x, Keep-Alive"], true), ("1.0", ["keep-alive, close"], false), ("1.0", ["keepalive"], false),
    ])
    func persistence(version: String, options: [String], isPersistent: Bool) {
        let lines = ["GET / HTTP/\(version)", "Host: a"] + options.map { "Connection: \($0)" }
        let parsed = parseRequest(head(lines))
        #expect(parsed.result == .complete && parsed.isPersistent == isPersistent)
        #expect(parsed.dropped.count == options.count)
        let status = ["HTTP/\(version) 204 No Content"] + lines.dropFirst(2)
        #expect(parseResponse(head(status)).isPersistent == isPersistent)
    }

    @Test func keepAliveAndProxyConnectionSayNothing() {
        let old = request("Keep-Alive: timeout=5", "Proxy-Connection: keep-alive", line: "GET / HTTP/1.0")
        #expect(!parseRequest(old).isPersistent && parseRequest(old).fields.isEmpty)
        #expect(parseRequest(request("Host: a", "Proxy-Connection: close")).isPersistent)
    }

    @Test(arguments: [
        (hosted("Content-Length: 5", "Expect: 100-continue"), true),
        (hosted("Content-Length: 5", "expect: 100-Continue"), true),
        (hosted("Transfer-Encoding: chunked", "Expect: 100-continue"), true),
        (hosted("Expect: 100-continue", "Content-Length: 0"), false),
        (hosted("Expect: 100-continue"), false),
        (hosted("Expect: 100-continue", "Content-Length: 5", line: "POST / HTTP/1.0"), false),
        (hosted("Content-Length: 5"), false),
    ])
    func expectation(bytes: [UInt8], expects: Bool) {
        let parsed = parseRequest(bytes)
        #expect(parsed.result == .complete && parsed.expectsContinue == expects)
    }

    @Test(arguments: ["", "100", "100-continue, x", "200-ok", "100-continue;a", "x"])
    func anUnknownExpectationIsRefused(value: String) {
        let bytes = hosted("Content-Length: 5", "Expect: \(value)")
        #expect(parseRequest(bytes).result == .refused(.unknownExpectation))
        expectSameInPieces(bytes)
    }

    @Test(arguments: [
        ("trailers", true), ("Trailers", true), ("deflate, trailers", true), ("trailers,gzip;q=0.5", true),
        ("deflate", false), ("", false), ("trailers;q=0", false), ("xtrailers", false), ("chunked", false),
    ])
    func trailersAreWelcome(value: String, accepts: Bool) {
        let parsed = parseRequest(hosted("TE: \(value)", "Connection: TE"))
        #expect(parsed.result == .complete && parsed.acceptsTrailers == accepts)
        #expect(parsed.fields == ["Host: a"])
    }
}
