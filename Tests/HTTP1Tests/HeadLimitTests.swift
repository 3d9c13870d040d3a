// How much of a head is read: 414 for the target, 431 for fields and the whole, each exactly at its limit.

import MartletHTTP1
import MartletHTTPCore
import Testing

struct HeadLimitTests {
    private static func target(_ count: Int) -> String { "/" + String(repeating: "a", count: count - 1) }

    @Test(arguments: [1, 2, 15, 16, 17, 64])
    func theTarget(limit: Int) {
        let limits = HeadLimits(targetBytes: limit)
        let most = request("Host: a", line: "GET \(Self.target(limit)) HTTP/1.1")
        #expect(parseRequest(most, limits: limits).result == .complete)
        expectSameInPieces(most, limits: limits)
        let more = request("Host: a", line: "GET \(Self.target(limit + 1)) HTTP/1.1")
        #expect(parseRequest(more, limits: limits).result == .refused(.targetTooLong))
        expectSameInPieces(more, limits: limits)
    }

    @Test func theQueryIsOfTheTarget() {
        let limits = HeadLimits(targetBytes: 8)
        let most = request("Host: a", line: "GET /a?bcdef HTTP/1.1")
        #expect(parseRequest(most, limits: limits).result == .complete)
        for line in ["GET /a?bcdefg HTTP/1.1", "GET http://a/ HTTP/1.1", "OPTIONS aaaaaaaaa HTTP/1.1"] {
            let bytes = request("Host: a", line: line)
            #expect(parseRequest(bytes, limits: limits).result == .refused(.targetTooLong))
            expectSameInPieces(bytes, limits: limits)
        }
    }

    /// Said as soon as it is known, not when the head is complete.
    @Test func aTargetThatDoesNotEndIsTooLong() {
        let limits = HeadLimits(targetBytes: 8)
        #expect(parseRequest("GET /aaaaaaa", limits: limits).result == .incomplete)
        #expect(parseRequest("GET /aaaaaaaa", limits: limits).result == .refused(.targetTooLong))
        #expect(parseRequest("GET /?aaaaaaa", limits: limits).result == .refused(.targetTooLong))
    }

    /// What takes the whole head and has not got to the fields is told the same.
    @Test func aMethodThatDoesNotEndStandsInTheTargetsPlace() {
        let limits = HeadLimits(headBytes: 64)
        let bytes = [UInt8](repeating: 0x41, count: 64)
        #expect(parseRequest(Array(bytes.dropLast()), limits: limits).result == .incomplete)
        #expect(parseRequest(bytes, limits: limits).result == .refused(.targetTooLong))
        expectSameInPieces(bytes, limits: limits)
    }

    @Test func theFields() {
        for count in [1, 2, 5] {
            let lines = ["GET / HTTP/1.1", "Host: a"] + (1..<count).map { "X\($0): y" }
            let limits = HeadLimits(fields: count)
            #expect(parseRequest(head(lines), limits: limits).result == .complete)
            let more = head(lines + ["Z: z"])
            #expect(parseRequest(more, limits: limits).result == .refused(.tooManyFields))
            expectSameInPieces(more, limits: limits)
            let answer = head(["HTTP/1.1 200 OK"] + lines.dropFirst() + ["Z: z"])
            #expect(parseResponse(answer, limits: limits).result == .refused(.tooManyFields))
            #expect(parseResponse(answer, limits: HeadLimits(fields: count + 1)).result == .complete)
        }
    }

    @Test func aTableIsALimitToo() {
        var head = RequestHead(fieldCapacity: 1)
        let bytes = request("Host: a", "X: y")
        let result = RequestParser.parse(bytes.span, into: &head, limits: HeadLimits(fields: 100))
        #expect(result == .refused(.tooManyFields))
    }

    @Test func theWholeHead() {
        let bytes = request("Host: a", "X: " + String(repeating: "y", count: 40))
        for extra in [0, 1, 100] {
            #expect(parseRequest(bytes, limits: HeadLimits(headBytes: bytes.count + extra)).result == .complete)
        }
        for missing in [1, 2, 3, 4, 5, 20] {
            let limits = HeadLimits(headBytes: bytes.count - missing)
            #expect(parseRequest(bytes, limits: limits).result == .refused(.headTooLarge))
            expectSameInPieces(bytes, limits: limits)
            #expect(parseRequest(bytes + bytes, limits: limits).result == .refused(.headTooLarge))
        }
        expectSameInPieces(bytes + bytes, limits: HeadLimits(headBytes: bytes.count))
    }

    @Test func theWholeHeadOfAResponse() {
        let bytes = response("X: " + String(repeating: "y", count: 40))
        let exact = HeadLimits(headBytes: bytes.count)
        #expect(parseResponse(bytes + [0x61], limits: exact).result == .complete)
        for missing in [1, 2, 3, 4, 5, 50] {
            let limits = HeadLimits(headBytes: bytes.count - missing)
            #expect(parseResponse(bytes, limits: limits).result == .refused(.headTooLarge))
            expectSameInPieces(response: bytes, limits: limits)
        }
    }

    /// What is behind the limit is not looked at.
    @Test func whatIsWrongBehindTheLimitIsNotSeen() {
        let bytes = request("Host: a", "X: yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy", "Z: \0")
        let limits = HeadLimits(headBytes: 50)
        #expect(parseRequest(bytes, limits: limits).result == .refused(.headTooLarge))
    }

    @Test func theDefaults() {
        let limits = HeadLimits()
        #expect(limits.headBytes == 32 << 10 && limits.fields == 100 && limits.targetBytes == 8 << 10)
        let most = request("Host: a", line: "GET \(Self.target(8 << 10)) HTTP/1.1")
        #expect(parseRequest(most).result == .complete)
        let more = request("Host: a", line: "GET \(Self.target((8 << 10) + 1)) HTTP/1.1")
        #expect(parseRequest(more).result == .refused(.targetTooLong))
    }
}
