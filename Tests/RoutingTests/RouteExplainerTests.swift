import MartletHTTPCore
import Testing

@testable import MartletRouting

@Suite struct RouteExplainerTests {
    private static let client = RouteClient(address: IPAddress(v4: 0x0A01_0203), isSecure: false)

    private static func rule(_ host: String?, _ path: String, _ condition: RouteCondition = .none) throws -> RouteRule {
        let hosts = try host.map { try $0.split(separator: ",").map { try HostPattern(parsing: String($0)) } } ?? []
        if path.hasPrefix("~") {
            let expression = try Expression(parsing: String(path.dropFirst()))
            return RouteRule(hosts: hosts, path: .expression(expression), condition: condition)
        }
        return RouteRule(hosts: hosts, path: .pattern(try PathPattern(parsing: path)), condition: condition)
    }

    @Test func saysWhyEachRouteIsTakenOrNot() throws {
        let rules = [
            try Self.rule("a.org", "/*"), try Self.rule("b.org", "/*"), try Self.rule(nil, "/x/y"),
            try Self.rule("*.org,a.org", "/x/*"), try Self.rule("a.org", "/x/{id}", .methods(["POST"])),
            try Self.rule("a.org", "/x/{id}", .all([.methods(["GET"]), .not(.field("X-A", .present))])),
            try Self.rule("a.org", "/x/{id}"), try Self.rule("a.org", "~^/x/", .cookie("c", .exact("1"))),
            try Self.rule("a.org", "/z"),
        ]
        let request = RequestText("GET", "A.org:80", "/x/y", [("Cookie", "c=2")])
        let arena = request.arena
        let verdicts = RouteExplainer(rules).explain(request.head, arena.span, Self.client)
        #expect(
            verdicts == [
                .behind(other: 5, reason: .path), .host, .behind(other: 5, reason: .host),
                .behind(other: 5, reason: .path), .conditions(["the method is POST"]), .taken,
                .behind(other: 5, reason: .conditions), .conditions(["cookie c is '1'"]), .path,
            ])
    }

    /// The tables find the route that looking at each one by itself finds, for random routes and requests.
    @Test func theTableAgrees() throws {
        var random = SeededRandom(seed: 7)
        let hosts = [nil, "a.org", "*.org", "b.a.org,c.org", "*.a.org", nil]
        let paths = [
            "/*", "/", "/a", "/a/*", "/*/b", "/a/b", "/{x}/b/*", "/a/*/c", "~^/a", "~b$", "~^/a/b/", "~/b/", "/a/",
            "/{x}/{y}", "~^/(a|b)/(b|c)$", "/a/b/*",
        ]
        let conditions: [RouteCondition] = [
            .none, .none, .methods(["GET"]), .methods(["POST"]), .field("X-A", .exact("1")),
            .all([.methods(["GET"]), .field("X-A", .present)]), .not(.parameter("q", .present)),
        ]
        let names = ["a.org", "b.org", "b.a.org", "x.b.a.org", "c.org", "other", ""]
        let targets = [
            "/", "/a", "/a/", "/a/b", "/a/b/", "/b/b", "/a/x/c", "/a/b/c?q=1", "/b/c", "/%61", "/b", "/x/y?q",
        ]
        var taken = 0
        for _ in 0..<2_000 {
            let rules = try (0..<1 + random.next(12)).map { _ in
                try Self.rule(random.pick(hosts), random.pick(paths), random.pick(conditions))
            }
            let table = RouteTable(rules, seed: UInt64(random.next(1_000)))
            let explainer = RouteExplainer(rules)
            for _ in 0..<8 {
                let fields = random.next(2) == 0 ? [] : [("X-A", random.pick(["1", "2"]))]
                let request = RequestText(
                    random.pick(["GET", "POST"]), random.pick(names), random.pick(targets), fields)
                let arena = request.arena
                var memory = RouteMemory()
                let found = table.route(request.head, arena.span, Self.client, &memory)
                let verdicts = explainer.explain(request.head, arena.span, Self.client)
                #expect(found == verdicts.firstIndex(of: .taken))
                if found != nil { taken += 1 }
            }
        }
        #expect(taken > 5_000)
    }
}

/// Numbers that are the same each time.
struct SeededRandom {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    /// A number below `limit`.
    mutating func next(_ limit: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int(state >> 33) % limit
    }

    mutating func pick<Element>(_ elements: [Element]) -> Element { elements[next(elements.count)] }
}
