import Testing

@testable import MartletRouting

@Suite struct RouteShadowsTests {
    private func rule(_ host: String, _ path: String, _ condition: RouteCondition = .none) throws -> RouteRule {
        let hosts = try host.split(separator: ",").map { try HostPattern(parsing: String($0)) }
        let path: RoutePath =
            path.hasPrefix("~")
            ? .expression(try Expression(parsing: String(path.dropFirst())))
            : .pattern(try PathPattern(parsing: path))
        return RouteRule(hosts: hosts, path: path, condition: condition)
    }

    private func shadows(_ rules: RouteRule...) -> [String] {
        RouteShadows.find(in: rules).map { shadow in
            "\(shadow.route)\(shadow.host.map { ".\($0)" } ?? "") by \(shadow.other)\(shadow.isTwin ? " twin" : "")"
        }
    }

    @Test func routesForTheSameAreTwins() throws {
        #expect(shadows(try rule("", "/a"), try rule("", "/a")) == ["1 by 0 twin"])
        #expect(shadows(try rule("", "/{a}/*"), try rule("", "/*/*")) == ["1 by 0 twin"])
        #expect(shadows(try rule("", "/%61"), try rule("", "/a")) == ["1 by 0 twin"])
        #expect(shadows(try rule("a.b,c.d", "/a"), try rule("c.d", "/a")) == ["1.0 by 0 twin"])
        #expect(shadows(try rule("", "~^/a"), try rule("", "~^/a")) == ["1 by 0 twin"])
        #expect(shadows(try rule("", "/a"), try rule("a.b", "/a"), try rule("", "/a/*"), try rule("*.b", "/a")) == [])
    }

    @Test func conditionsTellRoutesApart() throws {
        let (get, env) = (RouteCondition.methods(["GET"]), RouteCondition.field("X-Env", .exact("a")))
        #expect(shadows(try rule("", "/a"), try rule("", "/a", get), try rule("", "/a", env)) == [])
        #expect(shadows(try rule("", "/a", get), try rule("", "/a", .all([get]))) == ["1 by 0 twin"])
        #expect(
            shadows(try rule("", "/a", .all([get, env])), try rule("", "/a", .all([env, get]))) == ["1 by 0 twin"])
        // One that says the same twice comes first, and is for all that the other is for.
        #expect(shadows(try rule("", "/a", get), try rule("", "/a", .all([get, get]))) == ["0 by 1 twin"])
    }

    @Test func expressionsCoverWhatComesBehindThem() throws {
        let get = RouteCondition.methods(["GET"])
        #expect(shadows(try rule("", "~^/a"), try rule("", "~^/ab"), try rule("", "/a/*")) == ["1 by 0", "2 by 0"])
        #expect(shadows(try rule("", "~^/ab"), try rule("", "~^/a"), try rule("", "/a/*")) == ["2 by 1"])
        // What is written out comes first, more conditions as well; and other hosts have nothing to do with it.
        #expect(shadows(try rule("", "~^/"), try rule("", "/a"), try rule("", "/a/*", get)) == ["2 by 0"])
        #expect(shadows(try rule("", "~^/"), try rule("", "~^/b", get)) == [])
        #expect(shadows(try rule("a.b", "~^/"), try rule("", "/a/*"), try rule("*.b", "/*")) == [])
        #expect(shadows(try rule("", "~^/", get), try rule("", "/a/*", get), try rule("", "/b/*")) == ["1 by 0"])
        #expect(shadows(try rule("", "~\\.js$"), try rule("", "/a/*"), try rule("", "/{x}")) == [])
        #expect(shadows(try rule("", "~^/[^/]+/x$"), try rule("", "/a/{y}"), try rule("", "/{z}/x")) == ["2 by 0"])
        #expect(shadows(try rule("", "~^/users/\\d+$"), try rule("", "~^/users/[0-9]{3}$")) == ["1 by 0"])
    }

    /// Comparing each with each takes long, so it ends some time.
    @Test func manyExpressionsAreNotComparedForEver() throws {
        let rules = try (0..<3_000).map { try rule("", "~^/s\($0)/[a-z]+$") }
        let clock = ContinuousClock()
        let taken = clock.measure { #expect(RouteShadows.find(in: rules) == []) }
        #expect(taken < .seconds(60))
    }
}
