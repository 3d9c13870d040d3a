import MartletProxyConfig
import Testing

/// What is said of two configs.
struct ConfigurationDiffTests {
    private static let old = """
        listeners:
          - {address: ":8080"}
          - {address: ":8081", name: second}
        routes:
          - {path: /v1/*, upstream: api}
          - {path: /v2/*, upstream: api}
          - {path: /v2/*, methods: POST, upstream: api}
          - {host: [a.example, b.example], regex: ^/x, upstream: web}
        upstreams:
          api: {servers: ["127.0.0.1:9001", "127.0.0.1:9002"], check: /healthz}
          web: {servers: ["127.0.0.1:9003"]}
        limits: {connections: 100}

        """

    private static func lines(_ changes: [(String, String)]) throws -> [String] {
        let new = changes.reduce(old) { text, change in text.replacing(change.0, with: change.1) }
        try #require(changes.isEmpty || new != old)
        return ConfigurationDiff(
            from: try ConfigurationLoader.parse(old, file: "old"), to: try ConfigurationLoader.parse(new, file: "new")
        ).lines
    }

    static let tables: [(changes: [(String, String)], lines: [String])] = [
        ([], ["no change"]),
        ([("limits:", "# a comment\nlimits:")], ["no change"]),
        ([("\"127.0.0.1:9002\"", "\"127.0.0.1:9002\", \"127.0.0.1:9004\"")], ["+1 server api/127.0.0.1:9004"]),
        ([(", \"127.0.0.1:9002\"", "")], ["-1 server api/127.0.0.1:9002"]),
        (
            [("\"127.0.0.1:9002\"", "{address: \"127.0.0.1:9002\", weight: 3, backup: true}")],
            ["~ server api/127.0.0.1:9002 (weight, backup)"]
        ),
        (
            [("check: /healthz", "check: /health, balance: first")], ["~ upstream api (balance, check)"]
        ),
        (
            [
                ("  web: {servers", "  other: {servers"), ("regex: ^/x, upstream: web", "regex: ^/x, upstream: other"),
            ],
            [
                "- upstream web", "+ upstream other", "~ route a.example,b.example~^/x (upstream)",
            ]
        ),
        (
            [("{path: /v1/*, upstream: api}", "{path: /v1/*, upstream: web, priority: high}")],
            ["~ route /v1/* (upstream, priority)"]
        ),
        ([("  - {path: /v1/*, upstream: api}\n", "")], ["- route /v1/*"]),
        (
            [("  - {path: /v1/*, upstream: api}\n", "  - {path: /v3, host: c.example, upstream: api}\n")],
            ["- route /v1/*", "+ route c.example/v3"]
        ),
        ([("methods: POST, upstream: api", "methods: POST, upstream: web")], ["~ route /v2/* (upstream)"]),
        ([("methods: POST", "methods: PUT")], ["- route /v2/*", "+ route /v2/*"]),
        (
            [
                (
                    "  - {path: /v1/*, upstream: api}\n  - {path: /v2/*, upstream: api}\n",
                    "  - {path: /v2/*, upstream: api}\n  - {path: /v1/*, upstream: api}\n"
                )
            ], ["~ routes (order)"]
        ),
        ([("  - {address: \":8081\", name: second}\n", "")], ["- listener :8081"]),
        ([(", name: second", ", name: other, http2: off")], ["~ listener :8081 (name, http2)"]),
        (
            [("  - {address: \":8080\"}\n", "  - {address: \":8080\"}\n  - {address: \":8443\"}\n")],
            ["+ listener :8443"]
        ),
        (
            [
                ("connections: 100", "connections: 101, uri: 2KiB"),
                ("limits:", "workers: 3\nadmin: {address: \"127.0.0.1:1\"}\nlimits:"),
            ],
            ["~ workers", "~ limits (uri, connections)", "~ admin (address)"]
        ),
        ([("limits:", "rates: {grace: 3s}\naccessLog: off\nlimits:")], ["~ rates (grace)", "~ accessLog"]),
    ]

    @Test(arguments: tables.indices)
    func isSaidInWords(index: Int) throws {
        let row = Self.tables[index]
        #expect(try Self.lines(row.changes) == row.lines)
    }

    @Test func isNotSaidWithoutEnd() throws {
        func text(_ range: Range<Int>) -> String {
            "listeners: [{address: ':1'}]\nroutes:\n" + range.map { "  - {path: /\($0), upstream: a}\n" }.joined()
                + "upstreams: {a: {servers: ['a:1']}}\n"
        }
        let diff = ConfigurationDiff(
            from: try ConfigurationLoader.parse(text(0..<10), file: "old"),
            to: try ConfigurationLoader.parse(text(0..<100), file: "new"))
        #expect(diff.changes.count == 90 && diff.lines.count == 51)
        #expect(diff.lines.last == "and 40 more" && diff.lines.first == "+ route /10")
        let name = "/" + String(repeating: "long", count: 100)
        let long = ConfigurationDiff(
            from: try ConfigurationLoader.parse(text(0..<1), file: "old"),
            to: try ConfigurationLoader.parse(text(0..<1).replacing("/0", with: name), file: "new"))
        #expect(long.lines.allSatisfy { $0.count < 100 })
    }

    /// Many routes that differ in their conditions alone.
    @Test(.timeLimit(.minutes(20)))
    func ofManyRoutesForTheSamePathTakesNoTime() throws {
        func configuration(_ suffix: String) -> Configuration {
            var configuration = Configuration(listeners: [])
            let routes = (0..<20_000).map { index in
                var route = RouteConfiguration(upstream: "a")
                route.methods = ["M\(index)\(suffix)"]
                return route
            }
            configuration.routes = RouteList(routes)
            return configuration
        }
        let diff = ConfigurationDiff(from: configuration("a"), to: configuration("b"))
        #expect(diff.changes.count == 40_000)
        #expect(ConfigurationDiff(from: configuration("a"), to: configuration("a")).isEmpty)
    }
}
