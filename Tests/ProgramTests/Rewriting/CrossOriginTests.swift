// Pages of other sites: what they may ask, and what they may see.
import Foundation
import MartletTestSupport
import Testing

@Suite(.timeLimit(.minutes(20))) struct CrossOriginTests {
    private static let policy = """
        { origins: ["https://App.test:443", "https://*.example.test", "http://localhost:3000", "http://[::1]:8080"], \
        methods: [GET, PUT], headers: [X-A, Content-Type], exposeHeaders: [X-B, X-C], maxAge: 5m }
        """

    private func config(_ server: String, _ routes: [String], cors: String = policy, _ more: String = "") -> String {
        """
        workers: 1
        listeners: [{ address: "127.0.0.1:0" }]
        admin: { address: "127.0.0.1:0" }
        cors: \(cors)
        routes:
        \(routes.map { "  - " + $0 }.joined(separator: "\n"))
        upstreams: { app: { servers: ["\(server)"] }, gone: { servers: ["127.0.0.1:1"], queue: { noServerTimeout: 0s } } }
        accessLog: off
        \(more)
        """
    }

    private func preflight(
        _ martlet: RunningMartlet, _ path: String, _ origin: String, _ method: String = "PUT", _ more: [String] = []
    ) throws -> HTTPResponse {
        try martlet.request(
            "OPTIONS " + path, ["Origin: " + origin, "Access-Control-Request-Method: " + method] + more)
    }

    private func allowed(_ answer: HTTPResponse) -> [String] { answer.values("Access-Control-Allow-Origin") }

    // MARK: Preflights

    @Test(arguments: [
        "https://app.test", "https://a.example.test", "https://a.b-c.d_e.example.test", "http://localhost:3000",
        "http://[::1]:8080",
    ])
    func thosePreflightsAreAnswered(origin: String) throws {
        let server = try Origin()
        try withMartlet(config(server.address, ["{ upstream: app }"])) { martlet in
            let fields = ["Access-Control-Request-Headers: x-a,x-z"]
            let answer = try preflight(martlet, "/x", origin, "DELETE", fields)
            #expect(answer.status == 204 && answer.content.isEmpty && answer.values("Content-Length").isEmpty)
            #expect(allowed(answer) == [origin])
            #expect(answer.values("Access-Control-Allow-Methods") == ["GET, PUT"])
            #expect(answer.values("Access-Control-Allow-Headers") == ["X-A, Content-Type"])
            #expect(answer.values("Access-Control-Max-Age") == ["300"] && answer.values("Vary") == ["Origin"])
            #expect(answer["Access-Control-Allow-Credentials"] == nil && server.requests.isEmpty)
            try martlet.waitForMetric("martlet_cors_preflights_total{outcome=\"allowed\"}", 1)
        }
    }

    @Test func othersAreRefused() throws {
        let others = [
            "https://app.test.evil.test", "https://evilexample.test", "https://example.test", "http://app.test",
            "https://app.test:8443", "https://a.example.test:1", "https://.example.test", "https://x..example.test",
            "https://evil.test/.example.test", "https://evil.test?.example.test", "https://evil.test#.example.test",
            "https://u:p@a.example.test", "HTTPS://app.test", "https://APP.test", "https://app.test/", "null", "*",
            "https://a.example.test.", "https://\u{e4}.example.test", "https://app.test, https://app.test",
            "https://" + String(repeating: "a", count: 400) + ".example.test",
        ]
        let server = try Origin()
        try withMartlet(config(server.address, ["{ upstream: app }"])) { martlet in
            for origin in others {
                let answer = try preflight(martlet, "/x", origin)
                #expect(answer.status == 403 && allowed(answer).isEmpty, "\(origin)")
                #expect(
                    answer.values("Vary") == ["Origin"] && answer["Access-Control-Allow-Methods"] == nil, "\(origin)")
            }
            let twice = try preflight(martlet, "/x", "https://app.test", "PUT", ["Origin: https://app.test"])
            #expect(twice.status == 403 && allowed(twice).isEmpty && server.requests.isEmpty)
            let counted = try martlet.metrics["martlet_cors_preflights_total{outcome=\"refused\"}"]
            #expect(counted == Double(others.count + 1))
        }
    }

    /// What is no question of a browser goes on to the server.
    @Test func otherRequestsWithOptionsPass() throws {
        let server = try Origin { response(200, $0.method) }
        try withMartlet(config(server.address, ["{ upstream: app }"])) { martlet in
            let plain = try martlet.request("OPTIONS /x")
            let asking = try martlet.request("OPTIONS /x", ["Access-Control-Request-Method: PUT"])
            let other = try martlet.request("OPTIONS /x", ["Origin: https://app.test"])
            #expect([plain, asking, other].allSatisfy { $0.text == "OPTIONS" } && server.requests.count == 3)
            #expect(allowed(other) == ["https://app.test"] && allowed(plain).isEmpty)
        }
    }

    @Test func everyMethodAndFieldIsWhatIsAskedFor() throws {
        let server = try Origin()
        let policy = "{ origins: \"*\", methods: [\"*\"], headers: [\"*\"], exposeHeaders: [\"*\"], maxAge: 0s }"
        try withMartlet(config(server.address, ["{ upstream: app }"], cors: policy)) { martlet in
            let answer = try preflight(
                martlet, "/", "https://any.test", "PURGE", ["Access-Control-Request-Headers: authorization, x-a"])
            #expect(answer.status == 204 && allowed(answer) == ["*"])
            #expect(answer.values("Access-Control-Allow-Methods") == ["PURGE"])
            #expect(answer.values("Access-Control-Allow-Headers") == ["authorization, x-a"])
            #expect(answer.values("Access-Control-Max-Age") == ["0"])
            #expect(answer.values("Vary") == ["Access-Control-Request-Method, Access-Control-Request-Headers"])
            let odd = try preflight(
                martlet, "/", "https://any.test", "P(", ["Access-Control-Request-Headers: x-a; <script>"])
            #expect(odd.status == 204 && odd["Access-Control-Allow-Methods"] == nil)
            #expect(odd["Access-Control-Allow-Headers"] == nil)
            let actual = try martlet.request("GET /", ["Origin: null"])
            #expect(allowed(actual) == ["*"] && actual.values("Vary").isEmpty)
            #expect(actual.values("Access-Control-Expose-Headers") == ["*"])
        }
    }

    @Test func credentialsAndPrivateNetworks() throws {
        let server = try Origin()
        let policy = "{ origins: [\"https://app.test\", \"null\"], credentials: true, privateNetwork: true }"
        try withMartlet(config(server.address, ["{ upstream: app }"], cors: policy)) { martlet in
            for origin in ["https://app.test", "null"] {
                let asked = try preflight(
                    martlet, "/", origin, "POST", ["Access-Control-Request-Private-Network: true"])
                #expect(asked.status == 204 && allowed(asked) == [origin])
                #expect(asked.values("Access-Control-Allow-Credentials") == ["true"])
                #expect(asked.values("Access-Control-Allow-Private-Network") == ["true"])
                #expect(asked.values("Access-Control-Allow-Methods") == ["GET, HEAD, POST"])
                let actual = try martlet.request("GET /", ["Origin: " + origin])
                #expect(allowed(actual) == [origin] && actual["Access-Control-Allow-Credentials"] == "true")
            }
            let without = try preflight(martlet, "/", "https://app.test")
            let other = try martlet.request("GET /", ["Origin: https://other.test"])
            #expect(without["Access-Control-Allow-Private-Network"] == nil)
            #expect(other.status == 200 && other["Access-Control-Allow-Credentials"] == nil && allowed(other).isEmpty)
        }
    }

    // MARK: Responses

    @Test func serversAreNotAsked() throws {
        let lines = [
            "Access-Control-Allow-Origin: *", "access-control-allow-credentials: true", "Access-Control-Max-Age: 9",
            "Access-Control-Expose-Headers: X-Own", "Vary: Accept", "VARY: X-Lang", "Access-Control-Allow-Methods: *",
        ]
        let server = try Origin { _ in response(200, "", lines) }
        let routes = ["{ upstream: app }", "{ path: /off, upstream: app, cors: off }"]
        try withMartlet(config(server.address, routes)) { martlet in
            let actual = try martlet.request("PUT /x", ["Origin: https://a.example.test"], content: "x")
            #expect(actual.status == 200 && allowed(actual) == ["https://a.example.test"])
            #expect(actual.values("Access-Control-Expose-Headers") == ["X-B, X-C"])
            #expect(actual["Access-Control-Allow-Credentials"] == nil && actual["Access-Control-Max-Age"] == nil)
            #expect(actual["Access-Control-Allow-Methods"] == nil)
            #expect(actual.values("Vary") == ["Accept, X-Lang, Origin"])
            #expect(try server.lastRequest["Origin"] == "https://a.example.test")
            for fields in [[], ["Origin: https://evil.test"]] {
                let other = try martlet.request("GET /x", fields)
                #expect(other.status == 200 && other.values("Vary") == ["Accept, X-Lang, Origin"])
                #expect(!other.fields.contains { $0.name.lowercased().hasPrefix("access-control-") })
            }
            let off = try martlet.request("GET /off", ["Origin: https://app.test"])
            #expect(allowed(off) == ["*"] && off.values("Vary") == ["Accept", "X-Lang"])
            let asked = try preflight(martlet, "/off", "https://app.test")
            #expect(asked.status == 200 && server.requests.last?.method == "OPTIONS")
        }
    }

    /// Whatever Martlet answers by itself scripts can read as well.
    @Test func ownAnswersSayItToo() throws {
        let server = try Origin()
        let routes = [
            "{ path: /own, respond: { body: here } }", "{ path: /other, redirect: /own }",
            "{ path: /fails, upstream: gone }",
            "{ path: /denied, upstream: app, access: [{ action: deny }] }",
            "{ path: /replaced, upstream: app, hideOrigin: { replaceErrors: [400-599] } }",
        ]
        let text = config(server.address, routes, "limits: { requestBody: 10 }")
        try withMartlet(text) { martlet in
            let cases = [("/own", 200), ("/other", 302), ("/fails", 502), ("/denied", 403), ("/nowhere", 404)]
            for (path, status) in cases {
                let answer = try martlet.request("GET " + path, ["Origin: https://app.test"])
                #expect(answer.status == status && allowed(answer) == ["https://app.test"], "\(path)")
                #expect(answer.values("Vary") == ["Origin"], "\(path)")
                let other = try martlet.request("GET " + path, ["Origin: https://evil.test"])
                #expect(other.status == status && allowed(other).isEmpty && other["Vary"] == "Origin", "\(path)")
            }
            for path in ["/own", "/other", "/fails"] {
                let asked = try preflight(martlet, path, "https://app.test")
                #expect(asked.status == 204 && allowed(asked) == ["https://app.test"], "\(path)")
            }
            let denied = try preflight(martlet, "/denied", "https://app.test")
            #expect(denied.status == 403 && server.requests.isEmpty)
        }
    }

    @Test func repliesInThePlaceOfServersErrorsSayItToo() throws {
        let server = try Origin { _ in response(500, "inside", ["Access-Control-Allow-Origin: *"]) }
        let routes = ["{ upstream: app, hideOrigin: { replaceErrors: [500] } }"]
        try withMartlet(config(server.address, routes)) { martlet in
            let answer = try martlet.request("GET /", ["Origin: https://app.test"])
            #expect(answer.status == 500 && !answer.text.contains("inside"))
            #expect(allowed(answer) == ["https://app.test"])
        }
    }

    /// A browser asks without saying who it is; what follows has to say it.
    @Test func authenticationIsNotAskedOfPreflights() throws {
        let server = try Origin()
        let folder = try TestFolder()
        let digest = "1c8bfe8f801d79745c4631d09fff36c82aa37fc4cce4fc946683d7b336b63032"
        try folder.write("backup:\(digest)\n", to: "keys")
        let text = config(server.address, ["{ upstream: app }"], "auth: {apiKeys: {file: FOLDER/keys}}")
        let martlet = try RunningMartlet(text, folder: folder)
        let asked = try preflight(martlet, "/", "https://app.test")
        #expect(asked.status == 204 && allowed(asked) == ["https://app.test"] && server.requests.isEmpty)
        let without = try martlet.request("GET /", ["Origin: https://app.test"])
        #expect(without.status == 401 && allowed(without) == ["https://app.test"])
        let with = try martlet.request("GET /", ["Origin: https://app.test", "X-API-Key: letmein"])
        #expect(with.status == 200 && allowed(with) == ["https://app.test"])
        // What is no question of a browser has to say it, too.
        let plain = try martlet.request("OPTIONS /", ["Origin: https://app.test"])
        #expect(plain.status == 401 && server.requests.count == 1)
        try martlet.stop()
    }

    /// A page that may ask sees why it gets nothing, as far as it is known which page that is.
    @Test func refusalsBeforeTheRouteAreToldToPages() throws {
        let origin = try Origin()
        func config(_ origins: String) -> String {
            """
            workers: 1
            listeners: [{address: "127.0.0.1:0"}]
            limits: {requestBody: 1KiB, requestHead: 4KiB}
            cors: {origins: [\(origins)]}
            routes:
              - {path: /*, upstream: app}
              - {path: /own, upstream: app, cors: {origins: ["https://own.test"]}, responseFields: {set: {X-Own: "{path}"}}}
            upstreams: {app: {servers: ["\(origin.address)"]}}
            """
        }
        let large = String(repeating: "a", count: 2_000)
        try withMartlet(config("\"https://app.test\"")) { martlet in
            let app = ["Origin: https://app.test"]
            for path in ["/%00", "/../..", "/a%2"] {
                let answer = try martlet.request("GET \(path)", app)
                #expect(answer.status == 400 && answer["Access-Control-Allow-Origin"] == "https://app.test", "\(path)")
                let other = try martlet.request("GET \(path)", ["Origin: https://other.test"])
                #expect(other.status == 400 && other["Access-Control-Allow-Origin"] == nil && other["Vary"] == "Origin")
            }
            let refused = try martlet.request("POST /x", app, content: large)
            #expect(refused.status == 413 && refused["Access-Control-Allow-Origin"] == "https://app.test")
            // Content is its route's business.
            let own = try martlet.request("POST /own", ["Origin: https://own.test"], content: large)
            #expect(
                own.status == 413 && own["Access-Control-Allow-Origin"] == "https://own.test" && own["X-Own"] == "/own")
            #expect(try martlet.request("POST /own", app, content: large)["Access-Control-Allow-Origin"] == nil)
            let chunked = try martlet.connect()
            try chunked.send(
                requestText("POST /own", ["Origin: https://own.test", "Transfer-Encoding: chunked"])
                    + "7d0\r\n\(large)\r\n0\r\n\r\n")
            let pieces = try chunked.readResponse()
            #expect(pieces.status == 413 && pieces["Access-Control-Allow-Origin"] == "https://own.test")
            // Nobody knows whose head this is.
            let head = try martlet.request("GET /", app + ["X-Long: " + String(repeating: "a", count: 5_000)])
            #expect(head.status == 431 && head["Access-Control-Allow-Origin"] == nil && head["Vary"] == "Origin")
        }
        try withMartlet(config("\"*\"")) { martlet in
            for (path, field) in [("/%00", "X: y"), ("/", "X-Long: " + String(repeating: "a", count: 5_000))] {
                let answer = try martlet.request("GET \(path)", ["Origin: https://app.test", field])
                #expect(answer["Access-Control-Allow-Origin"] == "*" && [400, 431].contains(answer.status))
            }
        }
    }

    /// A preflight has the policy of the route that the request itself will take.
    @Test func theMethodThatIsAskedForDecides() throws {
        let server = try Origin { response(200, $0.method) }
        let routes = [
            "{ path: /x, methods: [PUT], upstream: app, cors: { origins: [\"https://put.test\"], methods: [PUT] } }",
            "{ path: /x, methods: [PATCH], upstream: app, cors: off }",
            "{ path: /x, methods: [PURGE], upstream: app }",
            "{ path: /x, methods: [OPTIONS], upstream: app, cors: off }",
        ]
        try withMartlet(config(server.address, routes)) { martlet in
            let put = try preflight(martlet, "/x", "https://put.test", "PUT")
            #expect(put.status == 204 && put["Access-Control-Allow-Methods"] == "PUT")
            let refused = try preflight(martlet, "/x", "https://app.test", "PUT")
            #expect(refused.status == 403)
            let purge = try preflight(martlet, "/x", "https://app.test", "PURGE")
            #expect(purge.status == 204 && server.requests.isEmpty)
            for method in ["PATCH", "DELETE"] {
                let server = try preflight(martlet, "/x", "https://app.test", method)
                #expect(server.status == 200 && server.text == "OPTIONS", "\(method)")
            }
        }
    }

    /// Values that a route keeps for its answers are not taken for origins, also when there is no room for them.
    @Test func nothingElseIsTakenForAnOrigin() throws {
        let server = try Origin()
        let many = String(repeating: "{field.x-in}", count: 40)
        let routes = [
            "{ path: /off, respond: {}, cors: off, responseFields: { set: { X-Out: \"\(many)\" } } }",
            "{ path: /on, respond: {}, responseFields: { set: { X-Out: \"{field.x-in}\" } } }",
        ]
        try withMartlet(config(server.address, routes)) { martlet in
            let large = "X-In: https://app.test" + String(repeating: "x", count: 8_000)
            let off = try martlet.request("GET /off", [large, "Origin: https://app.test"])
            #expect(off.status == 431 && allowed(off).isEmpty && off.values("X-Out").isEmpty)
            let none = try martlet.request("GET /on", ["X-In: https://app.test"])
            #expect(none["X-Out"] == "https://app.test" && allowed(none).isEmpty)
            let both = try martlet.request("GET /on", ["X-In: a", "Origin: https://app.test"])
            #expect(both["X-Out"] == "a" && allowed(both) == ["https://app.test"])
        }
    }

    @Test func clientsOfHTTP2AreToldTheSame() throws {
        let server = try Origin { _ in response(200, "", ["Vary: Accept", "Access-Control-Allow-Origin: *"]) }
        try withMartlet(config(server.address, ["{ upstream: app }"])) { martlet in
            let url = "http://127.0.0.1:\(try martlet.port())/"
            let common = ["-sSi", "--max-time", "8", "--http2-prior-knowledge", "-H", "Origin: https://app.test"]
            let asked = try ChildProcess.run(
                "curl", common + ["-X", "OPTIONS", "-H", "Access-Control-Request-Method: PUT", url])
            #expect(asked.output.hasPrefix("HTTP/2 204"))
            #expect(asked.output.contains("\r\naccess-control-allow-origin: https://app.test\r\n"))
            let actual = try ChildProcess.run("curl", common + [url]).output
            #expect(actual.hasPrefix("HTTP/2 200") && actual.contains("\r\nvary: Accept, Origin\r\n"))
            #expect(actual.contains("\r\naccess-control-allow-origin: https://app.test\r\n"))
            #expect(!actual.contains("access-control-allow-origin: *"))
        }
    }

    /// What a script learns of a call of gRPC-Web that fails here.
    @Test func failedCallsSayItToo() throws {
        let server = try Origin()
        let text = config(server.address, ["{ upstream: gone, grpcWeb: true }"])
            .replacing("gone: {", with: "gone: { protocol: h2c,")
        try withMartlet(text) { martlet in
            let fields = ["Origin: https://app.test", "Content-Type: application/grpc-web"]
            let answer = try martlet.request("POST /a.B/C", fields, content: "\0\0\0\0\0")
            #expect(answer.status == 200 && answer["grpc-status"] == "14")
            #expect(allowed(answer) == ["https://app.test"] && answer.values("Vary") == ["Origin"])
        }
    }
}
