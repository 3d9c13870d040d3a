// Cookies that come in pieces (RFC 9113 section 8.2.3).

import MartletHTTPCore
import Testing

@testable import MartletHTTP2

struct CookieTests {
    static let joined: [([String], [String])] = [
        (["cookie: a=b"], ["cookie: a=b"]),
        (["cookie: a=b", "cookie: c=d"], ["cookie: a=b; c=d"]),
        (["cookie: a", "cookie: b", "cookie: c", "cookie: d"], ["cookie: a; b; c; d"]),
        (["x: 1", "cookie: a", "cookie: b", "y: 2"], ["x: 1", "cookie: a; b", "y: 2"]),
        // With others between them.
        (["cookie: a", "x: 1", "cookie: b"], ["cookie: a; b", "x: 1"]),
        (
            ["cookie: a", "x: 1", "cookie: b", "y: 2", "cookie: c", "z: 3"],
            ["cookie: a; b; c", "x: 1", "y: 2", "z: 3"]
        ),
        (
            ["cookie: a", "cookie: b", "x: 1", "cookie: c", "cookie: d", "y: 2"],
            ["cookie: a; b; c; d", "x: 1", "y: 2"]
        ),
        (["cookie: a", "x: 1", "cookie: b", "cookie: c", "y: 2"], ["cookie: a; b; c", "x: 1", "y: 2"]),
        // Empty ones.
        (["cookie: ", "cookie: a"], ["cookie: ; a"]), (["cookie: a", "cookie: ", "cookie: b"], ["cookie: a; b"]),
    ]

    @Test(arguments: joined)
    func areOneLine(lines: [String], fields: [String]) {
        let head = readRequest(get() + lines)
        #expect(head.fault == nil && head.fields == fields)
    }

    /// Long ones, of which neither is overwritten before it is moved.
    @Test(arguments: [1, 7, 8, 9, 10, 11, 100, 3000])
    func ofAllLengths(count: Int) {
        let values = ["a", "b", "c", "d"].map { String(repeating: $0, count: count) }
        let lines = values.map { "cookie: \($0)" }
        #expect(readRequest(get() + lines + ["x: y"]).fields == ["cookie: " + values.joined(separator: "; "), "x: y"])
        let apart = lines.flatMap { [$0, "x: y"] }
        let expected = ["cookie: " + values.joined(separator: "; ")] + Array(repeating: "x: y", count: 4)
        #expect(readRequest(get() + apart).fields == expected)
    }

    /// Pieces that stand together need no room; others are refused if there is none.
    @Test func roomForThem() {
        let value = String(repeating: "v", count: 6000)
        var reader = Reader(bytes: 12_100)
        let together = reader.request(block(get("cookie: \(value)", "cookie: \(value)")))
        #expect(together.fault == nil && together.fields == ["cookie: \(value); \(value)"])
        #expect(reader.request(block(get("cookie: \(value)", "x: y", "cookie: \(value)"))).fault == .tooLarge)
    }

    /// They are judged like other fields, and count as one.
    @Test func areFieldsLikeOthers() {
        #expect(readRequest(get("cookie: a", "cookie: b\n")).fault == .badFieldValue)
        #expect(readRequest(get("cookie: a", "Cookie: b")).fault == .upperCaseName)
        let limits = HeadLimits(fields: 2)
        #expect(readRequest(get("cookie: a", "x: y", "cookie: b"), limits: limits).fault == nil)
    }
}
