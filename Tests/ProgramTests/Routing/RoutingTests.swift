// Which upstream gets a request.
import MartletTestSupport
import Testing

@Suite struct RoutingTests {
    private static let routes = """
        routes:
          - {upstream: all, path: /all/*}
          - {upstream: exact, path: /all/exact}
          - {upstream: photo, path: "/users/*/photo"}
          - {upstream: host, host: example.com}
          - {upstream: sub, host: "*.example.com"}
          - {upstream: deep, host: [api.example.com, other.test], path: /v1/*}
        """

    /// Host, path, and the upstream that gets the request.
    private static let cases: [(host: String, path: String, upstream: String?)] = [
        ("x", "/all/a", "all"), ("x", "/all", "all"), ("x", "/all/exact", "exact"), ("x", "/all/exact/b", "all"),
        ("x", "/users/7/photo", "photo"), ("x", "/users/7/8/photo", nil), ("x", "/", nil), ("x", "/allx", nil),
        ("example.com", "/any", "host"), ("EXAMPLE.com:8080", "/", "host"), ("a.example.com", "/", "sub"),
        ("a.b.example.com", "/", "sub"), ("api.example.com", "/v1/x", "deep"), ("api.example.com", "/v2", "sub"),
        ("other.test", "/v1", "deep"), ("other.test", "/all/a", "all"), ("notexample.com", "/", nil),
        ("x", "/all/a?to=/users/7/photo", "all"),
    ]

    @Test func theMostExactRouteWins() throws {
        let names = ["all", "exact", "photo", "host", "sub", "deep"]
        let origins = try names.map { name in try Origin { _ in response(200, name) } }
        let upstreams = zip(names, origins).map { "  \($0): {servers: [\"\($1.address)\"]}\n" }.joined()
        let config = "listeners: [{address: \"127.0.0.1:0\"}]\n\(Self.routes)\nupstreams:\n\(upstreams)"
        try withMartlet(config) { martlet in
            let client = try martlet.connect()
            for (host, path, upstream) in Self.cases {
                let answer = try client.exchange("GET " + path, ["Host: " + host])
                #expect(answer.status == (upstream == nil ? 404 : 200), "\(host) \(path)")
                if let upstream { #expect(answer.text == upstream, "\(host) \(path)") }
            }
        }
    }

    @Test func aRequestWithoutARouteIsAnsweredAndLogged() throws {
        let config = Configs.proxy(to: ["127.0.0.1:1"]).replacing(
            "- upstream: app", with: "- {path: /a, upstream: app}")
        try withMartlet(config) { martlet in
            #expect(try martlet.request("GET /b").status == 404)
            let line = try martlet.accessLogLine(target: "/b")
            #expect(line["error"] == "no route" && line["phase"] == "routing" && line["side"] == "proxy")
            #expect(line["upstream"] == nil && line["server"] == nil)
        }
    }
}
