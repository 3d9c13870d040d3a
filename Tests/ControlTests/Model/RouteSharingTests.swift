import MartletHTTPCore
import MartletProxyConfig
import MartletRouting
import MartletTestSupport
import Testing

@testable import MartletControl
@testable import MartletProxy

/// Routes that do the same share what they do, and those that have not changed are not compiled anew: nothing follows from that
/// but that it takes less time.
@Suite struct RouteSharingTests {
    private static let actions = [
        "upstream: a", "upstream: b", "split: {upstreams: {a: 1, b: 2}}", "redirect: /new", "respond: {body: text}",
    ]
    /// What routes may say beside host, path and action. Of each list one is said, or nothing.
    private static let settings = [
        ["name: first", "name: second"], ["methods: GET", "methods: [PUT, POST]"], ["headers: {X-A: b}"],
        ["scheme: https"], ["responseFields: {set: {X-A: \"{route}\"}}", "responseFields: {remove: [Server]}"],
        ["secureHeaders: strict", "secureHeaders: off"], ["limits: {requestBody: 1KiB}"],
        ["cors: {origins: [\"https://a.example\"]}"], ["access: [{action: deny, clients: 10.0.0.0/8}]"],
    ]
    /// What only a route to an upstream may say.
    private static let ofUpstreams = [
        ["mirror: c"], ["priority: high"], ["upgrades: off", "upgrades: [tcp]"], ["encodedSlashes: keep"],
        ["hideOrigin: off", "hideOrigin: {fields: [X-Inside]}"], ["bufferRequest: {}"],
        ["requestFields: {set: {X-A: b}}", "requestFields: {set: {X-A: \"{route}\"}}"],
        ["compression: on", "compression: off"], ["timeouts: {stall: 3s}"],
        ["rewrite: {addPrefix: /x}", "rewrite: {path: \"/x{path}\"}"],
    ]

    /// A route that no other one is like. Most say little.
    static func route(_ number: Int, _ random: inout SeededRandom) -> String {
        let isPlain = Int.random(in: 0..<3, using: &random) > 0
        let action = isPlain ? actions[number % 2] : actions.randomElement(using: &random) ?? ""
        var parts = [
            "host: h\(number % 3).example", "path: \"/\(number)/\(["*", "{id}/*", "%41"][number % 3])\"", action,
        ]
        for choices in settings where !isPlain && Bool.random(using: &random) {
            parts.append(choices.randomElement(using: &random) ?? "")
        }
        for choices in ofUpstreams where !isPlain && action.hasPrefix("upstream") && Bool.random(using: &random) {
            parts.append(choices.randomElement(using: &random) ?? "")
        }
        return "  - {\(parts.joined(separator: ", "))}"
    }

    static func text(_ routes: [String], _ more: String = "") -> String {
        """
        listeners: [{address: ":1"}]
        upstreams:
          a: {servers: ["127.0.0.1:1"], hideOrigin: {fields: [X-Of-A]}}
          b: {servers: ["127.0.0.1:2"]}
          c: {servers: ["127.0.0.1:3"]}
        \(more)
        routes:
        \(routes.joined(separator: "\n"))

        """
    }

    /// What is set for all routes.
    private static let common = [
        "", "compression: on", "secureHeaders: basic", "access: [{action: log}]", "hideOrigin: off",
    ]

    /// Something else in the routes, and in what is set for all of them.
    private static func edit(_ routes: inout [String], _ number: inout Int, _ random: inout SeededRandom) {
        for _ in 0..<Int.random(in: 0...3, using: &random) {
            number += 1
            let place = Int.random(in: 0..<routes.count, using: &random)
            switch Int.random(in: 0..<4, using: &random) {
            case 0: routes.insert(route(number, &random), at: place)
            case 1 where routes.count > 4: routes.remove(at: place)
            case 2: routes.swapAt(place, Int.random(in: 0..<routes.count, using: &random))
            default: routes[place] = route(number, &random)
            }
        }
    }

    private func compile(_ configuration: Configuration, after before: CompiledBefore? = nil) throws -> Model {
        let parts = CompiledParts(secure: SecureParts(), guards: GuardParts())
        return try ModelCompiler.compile(configuration, loops: 1, parts, after: before)
    }

    @Test(arguments: 0..<20)
    func whatRoutesShareIsWhatEachWouldHave(seed: Int) throws {
        var random = SeededRandom(seed: UInt64(seed))
        let routes = (0..<40).map { Self.route($0, &random) }
        let configuration = try ConfigurationLoader.parse(
            Self.text(routes, Self.common[seed % Self.common.count]), file: "test")
        let places = ["a": 0, "b": 1, "c": 2]
        let parts = CompiledParts(secure: SecureParts(), guards: GuardParts())
        var sets: [RouteSet] = []
        for isShared in [true, false] {
            var compiler = try RouteSetCompiler(configuration, places: places, parts, isShared: isShared)
            for index in configuration.routes.indices { try compiler.add(index) }
            sets.append(try compiler.finish())
        }
        check(sets[0], isAs: sets[1], routes: 40)
        #expect(sets[0].actions.plans.count < sets[1].actions.plans.count)
    }

    @Test(arguments: 0..<20)
    func aConfigThatIsCompiledAfterAnotherIsAsOneThatIsCompiledAlone(seed: Int) throws {
        var random = SeededRandom(seed: UInt64(seed))
        var number = 30
        var routes = (0..<30).map { Self.route($0, &random) }
        var before: (checked: CheckedConfiguration, model: Model)?
        for round in 0..<12 {
            let more = Self.common[(seed + round / 4) % Self.common.count]
            let text = Self.text(routes, more)
            let checked = try ConfigurationLoader.check(text, file: "test", after: before?.checked)
            #expect(try checked == ConfigurationLoader.check(text, file: "test"))
            let compiled = before.map { CompiledBefore($0.checked.configuration, $0.model, inUse: SlotUse()) }
            let model = try compile(checked.configuration, after: compiled)
            check(model.routeSet, isAs: try compile(checked.configuration).routeSet, routes: number + 1)
            before = (checked, model)
            Self.edit(&routes, &number, &random)
        }
    }

    /// Whether two sets of routes do the same, wherever in their tables that stands.
    /// - Parameter routes: how many there have been.
    private func check(
        _ one: RouteSet, isAs other: RouteSet, routes: Int, _ location: SourceLocation = #_sourceLocation
    ) {
        #expect(one.names == other.names, sourceLocation: location)
        #expect(Self.found(by: one.table, routes) == Self.found(by: other.table, routes), sourceLocation: location)
        #expect(one.targets.count == other.targets.count, sourceLocation: location)
        for (mine, others) in zip(one.targets, other.targets) {
            var (left, right) = (mine, others)
            (left.actions, right.actions) = (0, 0)
            #expect("\(left)" == "\(right)", sourceLocation: location)
            #expect(
                one.upgrades.names(in: mine.upgrades) == other.upgrades.names(in: others.upgrades),
                sourceLocation: location)
            let plan = one.actions.plans[mine.actions - 1]
            var own = other.actions.plans[others.actions - 1]
            #expect(plan.dependsOnPlace == own.dependsOnPlace, sourceLocation: location)
            // What does not depend on its place has none.
            if !plan.dependsOnPlace {
                (own.name, own.depth, own.prefix, own.segments, own.expression) = ("", 0, nil, [], nil)
            }
            #expect(plan == own, sourceLocation: location)
        }
    }

    /// The routes that are taken for requests with all that any of them asks for, or with little of it.
    private static func found(by table: RouteTable, _ routes: Int) -> [Int?] {
        (0..<routes).flatMap { number in
            [
                route(number, .get, isWhole: true, table), route(number, .post, isWhole: true, table),
                route(number, .head, isWhole: false, table),
            ]
        }
    }

    private static func route(_ number: Int, _ method: HTTPMethod, isWhole: Bool, _ table: RouteTable) -> Int? {
        var head = RequestHead(fieldCapacity: 8)
        var arena: [UInt8] = []
        func add(_ text: String) -> ByteRange {
            arena += Array(text.utf8)
            return ByteRange(from: arena.count - text.utf8.count, to: arena.count)
        }
        head.method = method
        head.authority = add("h\(number % 3).example")
        head.path = add("/\(number)/A")
        if isWhole {
            let known = KnownField(token: "X-A".utf8.span)
            _ = head.fields.append(FieldLine(name: add("X-A"), value: add("b"), known: known))
        }
        var memory = RouteMemory()
        let client = RouteClient(address: IPAddress(v4: 0x0A01_0203), isSecure: isWhole)
        return table.route(head, arena.span, client, &memory)
    }
}
