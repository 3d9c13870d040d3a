import MartletHTTPCore
import Testing

@testable import MartletRouting

/// Routes written as "host path" or "path"; the value is the place in the list.
private func table(_ routes: [String], seed: UInt64 = 1) throws -> RouteTable {
    try RouteTable(
        routes.enumerated().map { index, route in
            let parts = route.split(separator: " ").map(String.init)
            let host = parts.count == 2 ? try HostPattern(parsing: parts[0]) : nil
            return (host, try PathPattern(parsing: parts[parts.count - 1]), index)
        }, seed: seed)
}

private func find(_ table: RouteTable, _ host: String, _ path: String) -> Int? {
    table.lookup(host: host.utf8.span, path: path.utf8.span)
}

@Suite struct RouteTableTests {
    @Test(
        arguments: [
            ("/a", 0), ("/a/", nil), ("/b", nil), ("/api", 1), ("/api/", 1), ("/api/x/y", 1), ("/apix", nil),
            ("/users/7/posts", 2), ("/users/7", nil), ("/users//posts", nil), ("/users/7/posts/1", nil),
            ("/users/me/posts", 3), ("/users/me/likes", nil), ("/api/v2/x", 4), ("/api/v2", 4), ("/A", nil),
        ] as [(String, Int?)])
    func matchesPaths(path: String, expected: Int?) throws {
        let table = try table(["/a", "/api/*", "/users/*/posts", "/users/me/posts", "/api/v2/*"])
        #expect(find(table, "any", path) == expected)
    }

    @Test(arguments: [
        ("example.com", 0), ("EXAMPLE.com:8080", 0), ("example.com.", 0), ("www.example.com", 1),
        ("a.b.example.com", 1), ("deep.cdn.example.com", 2), ("cdn.example.com", 1), ("other.org", 3), ("", 3),
        ("badexample.com", 3), ("[::1]:80", 4), (".example.com", 3),
    ])
    func matchesHosts(host: String, expected: Int) throws {
        let table = try table(["example.com /*", "*.example.com /*", "*.cdn.example.com /*", "/*", "[::1] /*"])
        #expect(find(table, host, "/x") == expected)
    }

    @Test func fallsBackToTheNextHostWhenThePathIsMissing() throws {
        let table = try table(["example.com /only", "*.com /some", "/*"])
        #expect(find(table, "example.com", "/only") == 0)
        #expect(find(table, "example.com", "/some") == 1)
        #expect(find(table, "example.com", "/other") == 2)
    }

    @Test func literalSegmentsComeBeforeWildcardsAndBacktrack() throws {
        let table = try table(["/a/x", "/*/y", "/*"])
        #expect(find(table, "h", "/a/x") == 0)
        #expect(find(table, "h", "/a/y") == 1)
        #expect(find(table, "h", "/a/z") == 2)
    }

    @Test func anEmptyPathIsTheRoot() throws {
        let table = try table(["/", "/*"])
        #expect(find(table, "h", "") == 0)
        #expect(find(table, "h", "/") == 0)
        #expect(find(table, "h", "/x") == 1)
        #expect(find(try self.prefixOnly(), "h", "") == 0)
    }

    private func prefixOnly() throws -> RouteTable { try table(["/*"]) }

    @Test func theOrderOfTheListDoesNotMatter() throws {
        let routes = ["/a", "/a/*", "/*", "/a/b", "/*/b", "x.org /a", "*.org /a/*"]
        let paths = ["/a", "/a/b", "/a/c", "/z/b", "/z"]
        let forward = try table(routes)
        let backward = try table(routes.reversed())
        for path in paths {
            for host in ["x.org", "y.org", "z"] {
                let one = find(forward, host, path).map { routes[$0] }
                let other = find(backward, host, path).map { routes.reversed()[$0] }
                #expect(one == other, "\(host)\(path)")
            }
        }
    }

    /// Steps, not time, so that the test is exact: what a look-up does must not grow with the number of routes.
    @Test func tenThousandRoutesCostNoMoreThanTen() throws {
        var steps: [Int] = []
        for count in [10, 10_000] {
            let routes = (0..<count).map { "host\($0).example.com /service/\($0)/*" }
            let table = try table(routes, seed: 42)
            var total = 0
            for index in 0..<10 {
                let host = "host\(index).example.com"
                let path = "/service/\(index)/some/thing"
                #expect(table.lookup(host: host.utf8.span, path: path.utf8.span, steps: &total) == index)
            }
            steps.append(total)
        }
        #expect(steps[1] <= steps[0] * 2)
    }

    @Test(arguments: [
        ("api", 0), ("/a*", 2), ("/a/*b/c", 3), ("/a?b", 2), ("/ü", 1),
    ])
    func refusesBadPaths(text: String, offset: Int) {
        #expect { try PathPattern(parsing: text) } throws: { ($0 as? PatternError)?.offset == offset }
    }

    @Test(arguments: [("", 0), ("a..b", 2), ("a:80", 1), ("a.*.b", 2), ("ex ample", 2)])
    func refusesBadHosts(text: String, offset: Int) {
        #expect { try HostPattern(parsing: text) } throws: { ($0 as? PatternError)?.offset == offset }
    }
}
