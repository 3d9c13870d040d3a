// What ends at this hop (RFC 9110 section 7.6.1), and what no nomination can take out.

import MartletHTTP1
import MartletHTTPCore
import Testing

struct ConnectionTests {
    @Test(arguments: [
        "Connection: x-other", "Keep-Alive: timeout=5", "Proxy-Connection: close", "TE: gzip", "Upgrade: websocket",
        "Transfer-Encoding: chunked", "Proxy-Authorization: Basic x", "Proxy-Authenticate: Basic",
        "HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA",
    ])
    func neverPasses(line: String) {
        let name = line.prefix { $0 != ":" }
        for spelling in [line, line.replacing(name, with: name.uppercased())] {
            let parsed = parseRequest(hosted(spelling, "X: y"))
            #expect(parsed.fields == ["Host: a", "X: y"] && parsed.dropped == [spelling])
            #expect(parseResponse(response(spelling, "X: y")).fields == ["X: y"])
        }
    }

    @Test func anExpectationPassesAsTheServerMeetsIt() {
        let bytes = hosted("Expect: 100-continue", "Content-Length: 5")
        #expect(parseRequest(bytes).fields == ["Host: a", "Expect: 100-continue", "Content-Length: 5"])
    }

    /// Lines of Connection, fields, and which of them pass.
    static let nominations: [(options: [String], fields: [String], passing: [String])] = [
        (["X-A"], ["X-A: 1", "X-B: 2"], ["X-B: 2"]),
        (["x-a"], ["X-A: 1", "X-B: 2"], ["X-B: 2"]),
        (["X-A, X-B"], ["x-a: 1", "X-b: 2"], []),
        (["X-A,X-B,,"], ["X-A: 1", "X-B: 2", "X-A: 3"], []),
        (["X-A", "X-B"], ["X-A: 1", "X-B: 2"], []),
        (["close, X-A"], ["X-A: 1"], []),
        (["keep-alive , X-A"], ["X-A: 1"], []),
        (["\t X-A\t,\tX-B "], ["X-A: 1", "X-B: 2"], []),
        (["X-A"], ["X-AB: 1", "X-: 2", "XX-A: 3", "X_A: 4"], ["X-AB: 1", "X-: 2", "XX-A: 3", "X_A: 4"]),
        (["Accept, Cookie"], ["Accept: 1", "Cookie: 2"], []),
        (["close"], ["Close: 1"], ["Close: 1"]),
        ([", ,"], ["X-A: 1"], ["X-A: 1"]),
        ([""], ["X-A: 1"], ["X-A: 1"]),
    ]

    @Test(arguments: nominations)
    func whatIsNominatedEndsHere(options: [String], fields: [String], passing: [String]) {
        let connection = options.map { "Connection: \($0)" }
        for lines in [connection + fields, fields + connection] {
            let bytes = head(["GET / HTTP/1.1", "Host: a"] + lines)
            #expect(parseRequest(bytes).fields == ["Host: a"] + passing)
            expectSameInPieces(bytes)
            #expect(parseResponse(head(["HTTP/1.1 200 OK"] + lines)).fields == passing)
        }
    }

    /// Whoever nominates these wants the server to believe something else of the message.
    @Test(arguments: [
        "X-Forwarded-For: 1.2.3.4", "X-Forwarded-Proto: https", "X-Forwarded-Host: a", "X-Forwarded-Port: 1",
        "X-Real-IP: 1.2.3.4", "Forwarded: for=1.2.3.4", "Via: 1.1 a", "X-Request-ID: 1",
    ])
    func whatTellsTheWayCannotBeNominated(line: String) {
        let name = String(line.prefix { $0 != ":" })
        for option in [name, name.lowercased(), "close, \(name)", "x,\(name.uppercased()),y"] {
            let bytes = hosted(line, "Connection: \(option)")
            #expect(parseRequest(bytes).fields == ["Host: a", line])
            #expect(sentRequest(bytes) == "POST / HTTP/1.1\r\nHost: a\r\n\(line)\r\n\r\n")
        }
    }

    @Test func framingAndHostCannotBeNominated() {
        let length = hosted("Content-Length: 5", "Connection: X-Forwarded-For, Host, Content-Length")
        #expect(parseRequest(length).framing == .length(5))
        #expect(parseRequest(length).fields == ["Host: a", "Content-Length: 5"])
        #expect(sentRequest(length) == "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n")
        let chunked = hosted("Transfer-Encoding: chunked", "Connection: Transfer-Encoding, Host")
        #expect(parseRequest(chunked).framing == .chunked)
        #expect(sentRequest(chunked) == "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
        let answer = response("Content-Length: 5", "Connection: Content-Length")
        #expect(sentResponse(answer) == "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n")
    }

    @Test(arguments: ["x y", "x;y", "\"x\"", "x=1", "a, b c", "(x)", "x/y", "close; x", "a, \u{E9}", "@"])
    func isNoListOfTokens(value: String) {
        let bytes = hosted("Connection: \(value)")
        #expect(parseRequest(bytes).result == .refused(.badConnection))
        expectSameInPieces(bytes)
        #expect(parseResponse(response("Connection: \(value)")).result == .refused(.badConnection))
    }

    @Test func atMost32OptionsInAll() {
        let names = (0..<32).map { "x\($0)" }
        let most = hosted("Connection: " + names.joined(separator: ","), "X31: 1", "X32: 2")
        #expect(parseRequest(most).fields == ["Host: a", "X32: 2"])
        let more = hosted("Connection: " + names.joined(separator: ",") + ",")
        #expect(parseRequest(more).result == .refused(.badConnection))
        let twice = hosted("Connection: " + names.joined(separator: ","), "Connection: a, b")
        #expect(parseRequest(twice).result == .refused(.badConnection))
    }
}
