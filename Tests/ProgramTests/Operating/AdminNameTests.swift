import MartletTestSupport
import Testing

/// Who asks by a name that leads to the admin listener, or from a page of somebody else, as a browser does for whoever looks at it.
@Suite(.timeLimit(.minutes(20))) struct AdminNameTests {
    private func withTCP(_ more: String, _ test: (RunningMartlet, TestSocket) throws -> Void) throws {
        let admin = "admin: {address: '127.0.0.1:0', token: \(Configs.token)\(more)}\n"
        try withMartlet(Configs.operated(["127.0.0.1:1"], admin)) { martlet in
            try test(martlet, martlet.connect(to: "admin"))
        }
    }

    @Test func aNameOfSomebodyElseIsRefused() throws {
        try withTCP("") { martlet, admin in
            let port = try martlet.port(of: "admin")
            for host in [
                "evil.example", "evil.example:\(port)", "localhost.evil.example", "127.0.0.1.evil.example:\(port)",
            ] {
                for line in ["GET /v1/status", "POST /v1/drain", "GET /metrics", "PUT /v1/log-level"] {
                    let answer = try admin.exchange(line, ["Host: " + host, Configs.bearer])
                    #expect(answer.status == 403 && answer.words("detail").contains("admin.hosts"), "\(line) \(host)")
                    #expect(answer["Content-Type"] == "application/problem+json")
                }
                #expect(try admin.exchange("GET /healthz", ["Host: " + host]).status == 200)
                #expect(try admin.exchange("GET /readyz", ["Host: " + host]).status == 200)
            }
            for host in ["127.0.0.1", "127.0.0.1:\(port)", "localhost:\(port)", "[::1]:\(port)", "LocalHost."] {
                #expect(
                    try admin.exchange("GET /v1/status", ["Host: " + host, Configs.bearer]).status == 200, "\(host)")
                #expect(try admin.exchange("GET /metrics", ["Host: " + host]).status == 200, "\(host)")
            }
            // What the target says counts, not Host (RFC 9112 section 3.2.2).
            let fields = ["Host: localhost", Configs.bearer]
            #expect(try admin.exchange("GET http://evil.example/v1/status", fields).status == 403)
            #expect(try admin.exchange("GET http://localhost/v1/status", fields).status == 200)
            #expect(try martlet.request("GET /").status == 503, "it has not drained")
        }
    }

    @Test func itsNamesAreInTheConfig() throws {
        try withTCP(", hosts: [proxy.internal, '*.ops.example']") { _, admin in
            for host in ["proxy.internal", "Proxy.Internal:9901", "a.ops.example", "a.b.ops.example", "localhost"] {
                let status = try admin.exchange("GET /v1/status", ["Host: " + host, Configs.bearer]).status
                #expect(status == 200, "\(host)")
            }
            for host in ["ops.example", "xproxy.internal", "proxy.internal.evil.example"] {
                let status = try admin.exchange("GET /v1/status", ["Host: " + host, Configs.bearer]).status
                #expect(status == 403, "\(host)")
            }
        }
    }

    /// Whatever it shows: it may be the browser's.
    @Test(
        arguments: [
            "Origin: https://evil.example", "Origin: null", "Origin: http://127.0.0.1", "Sec-Fetch-Site: cross-site",
            "Sec-Fetch-Site: same-origin",
        ])
    func pagesMayNotAsk(field: String) throws {
        try withTCP("") { martlet, admin in
            let fields = ["Host: localhost", Configs.bearer, field]
            for line in ["POST /v1/drain", "POST /servers/app/127.0.0.1:1/drain", "GET /v1/config"] {
                #expect(try admin.exchange(line, fields).status == 403, "\(line)")
            }
            let simple = fields + ["Content-Type: text/plain"]
            let put = try admin.exchange("PUT /v1/log-level", simple, content: #"{"level":"error"}"#)
            #expect(put.status == 403)
            let late = try martlet.connect(to: "admin")
            let level = try late.exchange("GET /v1/log-level", ["Host: localhost", Configs.bearer])
            #expect(level.words("level") == "info")
            #expect(try martlet.request("GET /").status == 503, "it has not drained")
        }
    }

    @Test func tokensThatAreNone() throws {
        try withTCP("") { _, admin in
            let wrong = [
                ["Authorization: Bearer \(Configs.token)", "Authorization: Bearer \(Configs.token)"],
                ["Authorization: Bearer \(String(repeating: "x", count: 20_000))"], ["Authorization: Bearer"],
                ["Authorization: "], ["Authorization: Basic \(Configs.token)"],
                ["Proxy-Authorization: Bearer \(Configs.token)"],
                ["Authorization: Bearer \(Configs.token) \(Configs.token)"],
            ]
            for fields in wrong {
                let answer = try admin.exchange("GET /v1/config", ["Host: localhost"] + fields)
                #expect(answer.status == 401 && !answer.text.contains(Configs.token), "\(fields)")
            }
            #expect(try admin.exchange("GET /v1/config?token=\(Configs.token)", ["Host: localhost"]).status == 401)
        }
    }

    @Test func namesAreForTCP() throws {
        let folder = try TestFolder()
        let config = Configs.operated(
            ["127.0.0.1:1"], "admin: {address: 'unix:\(folder.path("a"))', hosts: [a.example]}\n")
        let file = try folder.write(config, to: "m.yaml")
        let result = try program("check", file)
        #expect(result.has(code: 0) && result.errors.contains("it does not matter how a Unix socket is called"))
        let wrong = try folder.write(config.replacing("a.example", with: "'10.0.0.1'"), to: "w.yaml")
        let refused = try program("check", wrong)
        #expect(refused.has(code: 78) && refused.errors.contains("is an IP address"), "\(refused.errors)")
    }
}
