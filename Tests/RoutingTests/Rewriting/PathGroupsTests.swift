import MartletHTTPCore
import Testing

@testable import MartletRouting

@Suite struct PathGroupsTests {
    /// The text of each group, `nil` without a match.
    private func groups(_ text: String, in path: String, upTo last: Int, from first: Int = 0) throws -> [String]? {
        var memory = RouteMemory()
        var places = [ByteRange](repeating: ByteRange(from: 1, to: 2), count: 2)
        let expression = try Expression(parsing: text)
        let isFound = PathGroups.find(
            expression, in: path.utf8.span, into: &places, at: first..<first + last + 1, &memory)
        if !isFound { return nil }
        let bytes = Array(path.utf8)
        return places[first...first + last].map { String(decoding: bytes[$0.range], as: UTF8.self) }
    }

    @Test(
        arguments: [
            ("^/a/(.*)/(c)?", "/a/b/", ["/a/b/", "b", ""]), ("^/(x)", "/a", nil),
            ("(?<n>[0-9]+)", "/v12/3", ["12", "12"]), ("^/(.*?)/(.*)$", "/a/b/c", ["/a/b/c", "a", "b/c"]),
            ("^/(a|(b))+$", "/ba", ["/ba", "a", "b"]), ("^/(?:(a)|(b))+$", "/ba", ["/ba", "a", "b"]),
            ("(z*)", "/", ["", ""]),
            // What is encoded stays so, and is one character for the expression.
            ("^/(.)(.)$", "/%3Fb", ["/%3Fb", "%3F", "b"]),
            ("^/(é+)/([^/]*)", "/%C3%A9/%20", ["/%C3%A9/%20", "%C3%A9", "%20"]),
            // A slash, a backslash and a percent sign are seen as they are spelled.
            ("^/([^/]+)/(.*)$", "/a%2Fb/%25%5C", ["/a%2Fb/%25%5C", "a%2Fb", "%25%5C"]),
            ("%(..)", "/%2F", ["%2F", "2F"]), ("(.)$", "/%", ["%", "%"]), ("(a)$", "/%3F%3Fa", ["a", "a"]),
        ] as [(String, String, [String]?)])
    func areAsTheyAreSpelled(text: String, path: String, expected: [String]?) throws {
        let last = expected.map { $0.count - 1 } ?? 1
        #expect(try groups(text, in: path, upTo: last) == expected)
        #expect(try groups(text, in: path, upTo: last, from: 3) == expected)
    }

    /// What was there before of another request is gone, also without a match.
    @Test func nothingStaysOfThoseBefore() throws {
        var memory = RouteMemory()
        var places: [ByteRange] = []
        let expression = try Expression(parsing: "^/(a)(b)?")
        for (path, expected) in [("/ab", [2, 1, 1]), ("/a", [2, 1, 0]), ("/x", [0, 0, 0])] {
            _ = PathGroups.find(expression, in: path.utf8.span, into: &places, at: 0..<3, &memory)
            let counts = path == "/ab" ? [3, 1, 1] : expected
            #expect(places.map { Int($0.count) } == counts, "\(path)")
        }
    }
}
