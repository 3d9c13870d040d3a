import Testing

@testable import MartletRouting

/// Steps, not time, so that the tests are exact: slots and nodes that a look-up looks at.
@Suite struct LookupCostTests {
    private func table(_ routes: [(host: String?, path: String)], seed: UInt64 = 42) throws -> RouteTable {
        try RouteTable(
            routes.map { host, path in
                let hosts = try host.map { [try HostPattern(parsing: $0)] } ?? []
                return RouteRule(hosts: hosts, path: .pattern(try PathPattern(parsing: path)))
            }, seed: seed)
    }

    private func steps(_ table: RouteTable, _ host: String, _ path: String, is value: Int?) -> Int {
        var memory = RouteMemory()
        let found = table.lookup(host: host.utf8.span, path: path.utf8.span, &memory)
        #expect(found == value)
        return memory.steps
    }

    /// The worst look-up of ten, in the middle of three seeds.
    private func worst(of count: Int) throws -> Int {
        try [UInt64(1), 2, 3].map { seed in
            let routes = (0..<count).map { (host: Optional("h\($0).example.com"), path: "/service/\($0)/*") }
            let table = try table(routes, seed: seed)
            return (0..<10).map { (index: Int) in
                steps(table, "h\(index).example.com", "/service/\(index)/some/thing", is: index)
            }.max() ?? 0
        }.sorted()[1]
    }

    @Test func tenThousandRoutesCostNoMoreThanTen() throws {
        #expect(try worst(of: 10_000) <= 2 * worst(of: 10))
    }

    @Test func tenThousandPathsOfOneHostCostNoMoreThanTen() throws {
        let few = try table((0..<10).map { (nil, "/s/\($0)/x") })
        let many = try table((0..<10_000).map { (nil, "/s/\($0)/x") })
        #expect(steps(many, "h", "/s/7/x", is: 7) <= 2 * steps(few, "h", "/s/7/x", is: 7))
        #expect(steps(many, "h", "/s/none/x", is: nil) <= 2 * steps(few, "h", "/s/none/x", is: nil))
    }

    /// Each label of a host used to be taken for the beginning of a wildcard's name, and the rest of the host hashed.
    @Test func aHostOfManyLabelsCostsNoMoreThanThePatternsHave() throws {
        let table = try table([("*.example.com", "/*")])
        let labels = String(repeating: "a.", count: 16_000)
        #expect(steps(table, labels + "com", "/", is: nil) < 10)
        #expect(steps(table, labels + "example.com", "/", is: 0) < 10)
        #expect(steps(table, String(repeating: "com.", count: 8_000), "/", is: nil) < 10)
    }

    @Test func aPathOfManySegmentsCostsNoMoreThanThePatternsHave() throws {
        let table = try table([(nil, "/a/*/c/*"), (nil, "/*/b/*"), (nil, "/*")])
        #expect(steps(table, "h", "/a" + String(repeating: "/a", count: 4_000), is: 2) < 20)
    }

    /// `*` beside a literal at each place: a look-up that fails at the very end has tried every pattern, none of them
    /// twice, whatever the path.
    @Test func branchesVisitNoNodeTwice() throws {
        let depth = 8
        let routes = (0..<1 << depth).map { bits in
            (host: String?.none, path: (0..<depth).map { bits >> $0 & 1 == 1 ? "/*" : "/a" }.joined() + "/end")
        }
        let table = try table(routes)
        let nodes = (1 << (depth + 1)) - 1 + (1 << depth)
        let taken = steps(table, "h", String(repeating: "/a", count: depth) + "/none", is: nil)
        // A visit, and a probe that collides seldom.
        #expect(taken <= 4 * nodes)
        let longer = steps(table, "h", String(repeating: "/a", count: 4_000), is: nil)
        #expect(longer <= taken * 2)
    }

    /// Expressions of other first segments are not even looked at.
    @Test func tenThousandExpressionsCostNoMoreThanTen() throws {
        func table(_ count: Int) throws -> RouteTable {
            try RouteTable(
                (0..<count).map { index in
                    RouteRule(path: .expression(try Expression(parsing: "^/s\(index)/[0-9]+$", hasAutomaton: false)))
                }, seed: 42)
        }
        let (few, many) = (try table(10), try table(10_000))
        #expect(steps(many, "h", "/s7/12", is: 7) <= 2 * steps(few, "h", "/s7/12", is: 7))
        #expect(steps(many, "h", "/s7/x", is: nil) <= 2 * steps(few, "h", "/s7/x", is: nil))
    }

    /// Routes with conditions elsewhere cost those without nothing.
    @Test func conditionsOfOtherRoutesCostNothing() throws {
        let plain = (0..<100).map { RouteRule(path: .pattern(PathPattern(literal: "/s/\($0)"))) }
        let conditional = (0..<100).map { index in
            RouteRule(
                path: .pattern(PathPattern(literal: "/s/\(index)")),
                condition: index == 7 ? .none : .methods(["POST"]))
        }
        let (one, other) = (RouteTable(plain, seed: 42), RouteTable(conditional, seed: 42))
        #expect(steps(one, "h", "/s/7", is: 7) == steps(other, "h", "/s/7", is: 7))
    }
}

extension PathPattern {
    /// For tests, whose patterns are right.
    init(literal text: String) {
        do { try self.init(parsing: text) } catch { preconditionFailure("\(text): \(error)") }
    }
}
