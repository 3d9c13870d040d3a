import MartletHTTPCore
import Testing

@testable import MartletRouting

/// Routes written as "host path" or "path", where "~" begins an expression; the value is the place in the list.
private func table(_ routes: [String], seed: UInt64 = 1) throws -> RouteTable {
    try RouteTable(
        routes.map { route in
            let parts = route.split(separator: " ").map(String.init)
            let hosts = parts.count == 2 ? [try HostPattern(parsing: parts[0])] : []
            let path = parts[parts.count - 1]
            if path.hasPrefix("~") {
                return RouteRule(hosts: hosts, path: .expression(try Expression(parsing: String(path.dropFirst()))))
            }
            return RouteRule(hosts: hosts, path: .pattern(try PathPattern(parsing: path)))
        }, seed: seed)
}

private func find(_ table: RouteTable, _ host: String, _ path: String) -> Int? {
    var memory = RouteMemory()
    return table.lookup(host: host.utf8.span, path: path.utf8.span, &memory)
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

    @Test func wildcardsWantALabelInFront() throws {
        let table = try table(["*.example.com /*", "*.com /*", "www.example.com /only"])
        #expect(find(table, "example.com", "/x") == 1)
        #expect(find(table, "com", "/x") == nil)
        #expect(find(table, "www.example.com", "/x") == 0)
        #expect(find(table, "www.example.com", "/only") == 2)
        #expect(find(table, ".com", "/x") == nil)
        #expect(find(table, ".", "/x") == nil)
        #expect(find(table, "a.www.example.com.:80", "/only") == 0)
    }

    @Test(arguments: ["*", "x", "\0", "http://h/"])
    func matchesOnlyWhatBeginsWithASlash(path: String) throws {
        #expect(find(try table(["/", "/*"]), "h", path) == nil)
    }

    @Test func writtenOutPathsComeBeforeExpressionsAndThoseBeforePatterns() throws {
        let table = try table(["/a/*", "~^/a/[bc]", "/a/b", "~\\.js$", "x.org ~^/a/b$", "/a/{name}/x"])
        #expect(find(table, "h", "/a/b") == 2)
        #expect(find(table, "h", "/a/c") == 1)
        #expect(find(table, "h", "/a/d") == 0)
        #expect(find(table, "h", "/a/d/e.js") == 3)
        #expect(find(table, "h", "/a/c.js") == 1)
        #expect(find(table, "x.org", "/a/b") == 4)
        #expect(find(table, "h", "/a/d/x") == 5)
        #expect(find(table, "h", "/none") == nil)
    }

    @Test func anEncodedCharacterIsTheSameAsItself() throws {
        let table = try table(["/caf%C3%A9/*", "/a%2Fb", "/%40x/{id}", "/a%20b", "/%25", "~^/é\\sé$"])
        #expect(find(table, "h", "/caf%C3%A9/x") == 0)
        #expect(find(table, "h", "/a%2Fb") == 1)
        #expect(find(table, "h", "/a/b") == nil)
        #expect(find(table, "h", "/@x/1") == 2)
        #expect(find(table, "h", "/%40x/1") == 2)
        #expect(find(table, "h", "/a%20b") == 3)
        #expect(find(table, "h", "/%25") == 4)
        #expect(find(table, "h", "/%C3%A9%20%C3%A9") == 5)
    }

    @Test func namesAndRestsAreFound() throws {
        let pattern = try PathPattern(parsing: "/users/{id}/posts/{post}/*")
        let path = Array("/users/7/posts/x%20y/a/b".utf8)
        #expect(pattern.names.map(\.name) == ["id", "post"])
        let texts = pattern.names.map { name in
            PathPattern.segment(name.segment, of: path.span).map { String(decoding: path[$0], as: UTF8.self) }
        }
        #expect(texts == ["7", "x%20y"])
        let rest = pattern.rest(of: path.span)
        #expect(String(decoding: path[rest], as: UTF8.self) == "a/b")
        let short = Array("/users/7/posts/x".utf8)
        let none = pattern.rest(of: short.span)
        #expect(none.isEmpty)
        let ninth = PathPattern.segment(9, of: path.span)
        #expect(ninth == nil)
    }

    @Test func theFirstOfTwoWithTheSamePatternsCounts() throws {
        let table = try table(["/a/*", "/a/*", "H.org /", "h.org. /"])
        #expect(find(table, "x", "/a/b") == 0)
        #expect(find(table, "h.org", "/") == 2)
    }

    @Test(arguments: [
        ("api", 0), ("/a*", 2), ("/a/*b/c", 3), ("/a?b", 2), ("/ü", 1), ("/a//b", 3), ("/a/./b", 3), ("/..", 1),
        ("/a\\b", 2), ("/a{b}", 2), ("/{}", 1), ("/{1a}", 1), ("/{a", 1), ("/{a}b", 1), ("/{a}/{a}", 5), ("/a%2", 2),
        ("/a%zz", 2), ("/%00", 1), ("/%ff", 1), ("/%2e%2E/a", 1),
    ])
    func refusesBadPaths(text: String, offset: Int) {
        #expect { try PathPattern(parsing: text) } throws: { ($0 as? PatternError)?.offset == offset }
    }

    @Test(arguments: [
        ("", 0), (".", 0), ("*.", 0), ("*", 0), ("*..com", 0), (".com", 0), ("a..b", 2), ("a..", 2), ("*.a..", 4),
        ("a:80", 1), ("a.*.b", 2), ("*.*.b", 2), ("ex ample", 2), ("\u{212A}.com", 0), ("[::1", 0), ("[x]", 0),
        ("*.[::1]", 2), ("[::1]:80", 0),
    ])
    func refusesBadHosts(text: String, offset: Int) {
        #expect { try HostPattern(parsing: text) } throws: { ($0 as? PatternError)?.offset == offset }
    }

    @Test(arguments: [
        ("Example.COM", "example.com"), ("*.Example.com.", "*.example.com"), ("[::1]", "[::1]"),
        ("10.0.0.1", "10.0.0.1"),
        ("my_host-1", "my_host-1"),
    ])
    func describesHosts(text: String, description: String) throws {
        #expect(try HostPattern(parsing: text).description == description)
    }
}
