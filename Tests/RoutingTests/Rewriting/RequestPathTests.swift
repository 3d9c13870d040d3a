import MartletHTTPCore
import Testing

@testable import MartletRouting

@Suite struct RequestPathTests {
    @Test(
        arguments: [
            ("/app", "/app", 4), ("/app", "/app/", 4), ("/app", "/app/x", 4), ("/app", "/apple", nil),
            ("/app", "/ap", nil),
            ("/app", "/App", nil), ("/a/b", "/a/b/c", 4), ("/app", "/%61pp", nil), ("", "/x", 0),
        ] as [(String, String, Int?)])
    func endsAtASegment(prefix: String, path: String, end: Int?) {
        let found = RequestPath.end(of: prefix.utf8.span, in: path.utf8.span)
        #expect(found == end)
    }

    @Test(arguments: [
        (0, "/a/b", 1), (1, "/a/b", 3), (1, "/a", 2), (1, "/a/", 3), (2, "/a", 2), (1, "/a//b", 3),
        (0, "/", 1), (3, "", 0),
    ])
    func skipsSegments(count: Int, path: String, start: Int) {
        let found = RequestPath.start(behind: count, in: path.utf8.span)
        #expect(found == start)
    }

    @Test(arguments: [
        "/..", "/a/../b", "/a/.", "/./a", "/%2e%2E/x", "/a/.%2e", "/a/..%2fb", "/a/..%5Cb", "/..\\x", "/a%2f..", "/%2e",
    ])
    func seesDots(path: String) {
        let hasDots = RequestPath.hasDotSegment(path.utf8.span)
        #expect(hasDots)
    }

    @Test(arguments: ["/", "", "/a.b", "/...", "/.a", "/a..", "/..a/b", "/%2e%2e%2e", "/a/%2e%2", "//a"])
    func seesNoDots(path: String) {
        let hasDots = RequestPath.hasDotSegment(path.utf8.span)
        #expect(!hasDots)
    }

    @Test(arguments: [
        ("a", "a=1", true), ("a", "a", true), ("a", "%61=1", true), ("a b", "a+b=1", true), ("a b", "a%20b", true),
        ("a", "ab=1", false), ("ab", "a=b", false), ("a", "", false), ("a", "A=1", false), ("a%", "a%=1", true),
        ("a", "a%3D=1", false), ("", "=x", true),
    ])
    func knowsParameters(name: String, parameter: String, isNamed: Bool) {
        let found = QueryText.isNamed(name.utf8.span, parameter.utf8.span)
        #expect(found == isNamed)
    }
}
