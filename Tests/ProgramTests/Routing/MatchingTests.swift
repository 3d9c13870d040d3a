// What routes ask for, apart from host and path. A table of requests with the route that each is to take.
import MartletTestSupport
import Testing

@Suite(.timeLimit(.minutes(20))) struct MatchingTests {
    /// The upstream of each route is named after it, and all of them answer with the name that they were asked by.
    private static let routes = """
        routes:
          - {upstream: rest, path: /*}
          - {upstream: user, path: "/users/{id}"}
          - {upstream: posts, path: "/users/{id}/posts/*"}
          - {upstream: me, path: /users/me}
          - {upstream: digits, regex: "^/users/[0-9]+$"}
          - {upstream: script, regex: "(?i)\\\\.(php|asp)$"}
          - {upstream: written, path: /a.php}
          - {upstream: get, path: /m, methods: GET}
          - {upstream: purge, path: /m, methods: [PURGE, PUT]}
          - {upstream: env, path: /h, headers: {X-Env: blue}}
          - {upstream: env2, path: /h, headers: {X-Env: blue, X-Version: {prefix: "2."}}}
          - {upstream: envRegex, path: /h, headers: {X-Env: {regex: "^gr"}}}
          - {upstream: debug, path: /h, headers: {X-Debug: {present: true}, X-Env: {present: false}}}
          - {upstream: query, path: /q, query: {mode: "a b", "x[]": {present: true}}}
          - {upstream: cookie, path: /c, cookies: {beta: "1"}}
          - {upstream: clear, path: /s, scheme: http}
          - {upstream: tls, path: /s, scheme: https}
          - {upstream: local, path: /ip, clients: 127.0.0.0/8}
          - {upstream: remote, path: /ip, clients: [10.0.0.0/8, "2001:db8::/32"]}
          - path: /logic
            upstream: logic
            any: [{methods: POST}, {headers: {X-A: "1"}}]
            all: [{query: {q: {present: true}}}, {not: [{cookies: {c: "1"}}, {cookies: {c: "2"}}]}]
            not: {headers: {X-Forbidden: {present: true}}}
          - {upstream: encoded, path: "/repos/*", encodedSlashes: keep}
          - {upstream: hostAny, path: /host}
          - {upstream: hostExact, path: /*, host: exact.test, methods: GET}
          - {upstream: hostBelow, path: /host, host: "*.test"}
        """

    /// Request line, fields, and the route that it takes; no route is a status of Martlet's own.
    private static let cases: [(line: String, fields: [String], taken: String)] = [
        ("GET /", [], "rest"), ("GET /users/me", [], "me"), ("GET /users/42", [], "digits"),
        ("GET /users/x", [], "user"),
        ("GET /users/", [], "rest"), ("GET /users/42/posts", [], "posts"), ("GET /users/42/posts/1/2", [], "posts"),
        ("GET /users/x/y", [], "rest"), ("GET /a.php", [], "written"), ("GET /b.PHP", [], "script"),
        ("GET /users/x.asp", [], "script"), ("GET /%61.php", [], "written"), ("GET /users/%34%32", [], "digits"),
        ("GET /m", [], "get"), ("HEAD /m", [], "rest"), ("PURGE /m", [], "purge"), ("PUT /m", [], "purge"),
        ("purge /m", [], "rest"), ("GET /h", ["x-env: blue"], "env"), ("GET /h", ["X-Env: Blue"], "rest"),
        ("GET /h", ["X-Env: blue", "X-Version: 2.1"], "env2"), ("GET /h", ["X-Env: red", "X-Env: blue"], "env"),
        ("GET /h", ["X-Env: green"], "envRegex"), ("GET /h", ["X-Debug:"], "debug"),
        ("GET /h", ["X-Debug: 1", "X-Env: "], "rest"), ("GET /q?mode=a+b&x%5B%5D=1", [], "query"),
        ("GET /q?x[]&mode=b&mode=a%20b", [], "query"), ("GET /q?mode=a+b", [], "rest"),
        ("GET /c", ["Cookie: alpha=1; beta=1"], "cookie"), ("GET /c", ["Cookie: beta=2"], "rest"),
        ("GET /c", ["Cookie: abeta=1"], "rest"), ("GET /s", [], "clear"), ("GET /ip", [], "local"),
        ("GET /logic?q", ["X-A: 1"], "logic"), ("POST /logic?q=1", ["Cookie: c=3"], "logic"),
        ("GET /logic?q", [], "rest"),
        ("POST /logic", [], "rest"), ("POST /logic?q", ["Cookie: c=2"], "rest"),
        ("POST /logic?q", ["X-Forbidden: 1"], "rest"), ("GET /repos/a%2Fb", [], "encoded"),
        ("GET /other/a%2Fb", [], "400"),
        ("GET /repos/a%5cb", [], "encoded"), ("GET /host", ["Host: other"], "hostAny"),
        ("GET /host", ["Host: exact.test"], "hostExact"), ("POST /host", ["Host: exact.test"], "hostBelow"),
        ("POST /host", ["Host: a.test:80"], "hostBelow"), ("POST /x", ["Host: exact.test"], "rest"),
    ]

    /// A config in which each route has an upstream of its own, all with the same server, whose Host tells them apart.
    private static func config(_ origins: [String: Origin], _ listener: String = "") -> String {
        let upstreams = origins.sorted { $0.key < $1.key }.map { "  \($0.key): {servers: [\"\($0.value.address)\"]}\n" }
        return "listeners: [{address: \"127.0.0.1:0\"\(listener)}]\n\(routes)\nupstreams:\n\(upstreams.joined())"
    }

    private static func origins() throws -> [String: Origin] {
        let names = routes.split(separator: "upstream: ").dropFirst().map {
            String($0.prefix { $0.isLetter || $0.isNumber })
        }
        return try Dictionary(
            uniqueKeysWithValues: names.map { name in
                (name, try Origin { _ in response(200, "", ["X-Route: " + name]) })
            })
    }

    @Test func eachRequestTakesItsRoute() throws {
        let origins = try Self.origins()
        try withMartlet(Self.config(origins)) { martlet in
            for (line, fields, taken) in Self.cases {
                let answer = try martlet.request(line, fields)
                #expect((answer["X-Route"] ?? "\(answer.status)") == taken, "\(line) \(fields)")
            }
        }
    }

    @Test func theClientIsTheOneThatTheProxyProtocolSays() throws {
        let origins = try Self.origins()
        try withMartlet(Self.config(origins, ", proxyProtocol: [127.0.0.1]")) { martlet in
            for (source, taken) in [("10.1.2.3", "remote"), ("127.0.0.9", "local"), ("192.0.2.1", "rest")] {
                let client = try martlet.connect()
                try client.send("PROXY TCP4 \(source) 192.0.2.9 4000 80\r\n" + requestText("GET /ip"))
                #expect(try client.readResponse()["X-Route"] == taken)
            }
        }
    }

    @Test func theSchemeIsThatOfTheConnection() throws {
        let certificates = try TestCertificates()
        let (clear, tls) = (try Origin { _ in response(200, "clear") }, try Origin { _ in response(200, "tls") })
        let config = SecureConfigs.proxy(to: [clear.address], [try certificates.leaf(["app.test"])])
            .replacing(
                "  - upstream: app\n", with: "  - {upstream: app, scheme: http}\n  - {upstream: b, scheme: https}\n"
            )
            .replacing("upstreams:\n", with: "upstreams:\n  b: {servers: [\"\(tls.address)\"]}\n")
            .replacing("listeners:\n", with: "listeners:\n  - {address: \"127.0.0.1:0\", name: clear}\n")
        try withMartlet(config) { martlet in
            let secure = try martlet.curl("app.test", "/", authority: certificates.authority)
            #expect(secure == "tls")
            let plain = try martlet.connect(to: "clear").exchange("GET /")
            #expect(plain.text == "clear")
        }
    }
}
