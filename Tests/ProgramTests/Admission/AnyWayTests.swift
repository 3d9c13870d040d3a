// Clients that may prove in several ways who they are.
import Foundation
import MartletTestSupport
import Testing

@Suite(.timeLimit(.minutes(20))) struct AnyWayTests {
    /// Password "secret" of ann.
    private static let users = "ann:$2b$05$abcdefghijklmnopqrstuuOQiyCxlgf/oeuTqixKmWdcYUh4Hjl0a\n"
    /// SHA-256 of "letmein".
    private static let keys = "backup:1c8bfe8f801d79745c4631d09fff36c82aa37fc4cce4fc946683d7b336b63032\n"
    private static let settings = "issuer: https://issuer.test, audience: [api, other]"

    private static func start(_ routes: String, auth: String = "off", _ app: Origin) throws -> RunningMartlet {
        let folder = try TestFolder()
        try folder.write(users, to: "users")
        try folder.write(keys, to: "keys")
        try folder.write(TokenGolden.set, to: "set")
        return try RunningMartlet(
            """
            workers: 1
            listeners: [{address: 127.0.0.1:0}]
            admin: {address: 127.0.0.1:0}
            auth: \(auth)
            routes:
            \(routes)
            upstreams: {app: {servers: ["\(app.address)"]}}
            """, folder: folder)
    }

    private static func basic(_ text: String) -> String {
        "Authorization: Basic \(Data(text.utf8).base64EncodedString())"
    }

    private static let basicAndKeys = "{basic: {file: FOLDER/users}}, {apiKeys: {file: FOLDER/keys}}"

    @Test func oneOfThemIsEnough() throws {
        let app = try Origin { request in
            let names = ["X-Authenticated-User", "X-Authenticated-Key", "X-Subject"].map { request[$0] ?? "-" }
            return response(200, names.joined(separator: " "))
        }
        let jwt =
            "{jwt: {algorithms: [RS256, ES256], jwksFile: FOLDER/set, \(Self.settings), fields: {X-Subject: sub}}}"
        let martlet = try Self.start(
            "  - {path: /*, upstream: app}\n  - {path: /off, upstream: app, auth: off}",
            auth: "{any: [\(Self.basicAndKeys), \(jwt)]}", app)
        let token = try #require(TokenGolden.tokens["RS256"])
        let shown: [([String], String)] = [
            ([Self.basic("ann:secret")], "ann - -"), (["X-API-Key: letmein"], "- backup -"),
            (["Authorization: Bearer \(token)"], "- - ann"),
            // A wrong one beside a good one does no harm.
            ([Self.basic("ann:wrong"), "X-API-Key: letmein"], "- backup -"),
            (["Authorization: Bearer \(token)", "X-API-Key: wrong"], "- - ann"),
            ([Self.basic("ann:secret"), "X-Authenticated-Key: root", "X-Subject: root"], "ann - -"),
        ]
        for (fields, names) in shown {
            let answer = try martlet.request("GET /", fields)
            #expect(answer.status == 200 && answer.text == names, "\(fields)")
        }
        let asked = try martlet.request("GET /none")
        let challenges = ["Basic realm=\"Martlet\", charset=\"UTF-8\"", "Bearer realm=\"Martlet\""]
        #expect(asked.status == 401 && asked.values("WWW-Authenticate") == challenges)
        let reason = try martlet.accessLogLine(target: "/none")["error"]
        #expect(reason == "not authenticated: no password was sent; no key was sent; no token was sent")
        let wrong = try martlet.request("GET /wrong", ["Authorization: Bearer a.b.c", "X-API-Key: x"])
        #expect(
            wrong.status == 401
                && wrong.values("WWW-Authenticate") == [challenges[0], challenges[1] + ", error=\"invalid_token\""])
        #expect(try martlet.request("GET /off", ["X-Subject: root", "X_Authenticated_User: root"]).text == "- - -")
        let metrics = try martlet.metrics
        #expect(metrics["martlet_admissions_total{outcome=\"passed\"}"] == 6)
        #expect(metrics["martlet_admissions_total{outcome=\"failed\"}"] == 2)
        try martlet.stop()
    }

    /// What is not enough is told, and so is what could not be asked.
    @Test func whoComesFarthestIsToldWhy() throws {
        let app = try Origin()
        let jwt = "{jwt: {algorithms: [RS256], jwksFile: FOLDER/set, \(Self.settings), claims: {role: nobody}}}"
        let unfetched = "{jwt: {algorithms: [RS256], jwksURL: 'http://127.0.0.1:1/set'}}"
        let martlet = try Self.start(
            """
              - {path: /*, upstream: app, auth: {any: [\(jwt), \(Self.basicAndKeys)]}}
              - {path: /unfetched, upstream: app, auth: {any: [\(Self.basicAndKeys), \(unfetched)]}}
            """, app)
        let token = try #require(TokenGolden.tokens["RS256"])
        let refused = try martlet.request("GET /", ["Authorization: Bearer \(token)"])
        #expect(refused.status == 403)
        #expect(refused.values("WWW-Authenticate") == ["Bearer realm=\"Martlet\", error=\"insufficient_scope\""])
        #expect(try martlet.request("GET /", ["Authorization: Bearer \(token)", "X-API-Key: letmein"]).status == 200)
        #expect(try martlet.request("GET /unfetched", ["Authorization: Bearer \(token)"]).status == 503)
        #expect(try martlet.request("GET /unfetched", [Self.basic("ann:secret")]).status == 200)
        try martlet.stop()
    }

    /// A service that is asked last leads those to its page who have shown nothing, and is not asked about the others.
    @Test func aServiceComesLast() throws {
        let app = try Origin { response(200, ($0["X-User"] ?? "-") + ($0["X-Authenticated-Key"] ?? "-")) }
        let service = try Origin { request in
            switch request["Cookie"] {
            case "session=1": response(200, "", ["X-User: ann"])
            case "login=1": response(401, "log in", ["Content-Type: text/plain"])
            default: response(302, "", ["Location: https://login.test/"])
            }
        }
        let forward = "{forward: {url: 'http://\(service.address)/', userField: X-User}}"
        let martlet = try Self.start(
            "  - {path: /*, upstream: app}", auth: "{any: [\(Self.basicAndKeys), \(forward)]}", app)
        #expect(try martlet.request("GET /", ["X-API-Key: letmein"]).text == "-backup")
        #expect(service.requests.isEmpty)
        #expect(try martlet.request("GET /", ["Cookie: session=1"]).text == "ann-")
        #expect(try martlet.request("GET /", ["Cookie: session=1", Self.basic("ann:wrong")]).text == "ann-")
        let led = try martlet.request("GET /")
        #expect(led.status == 302 && led["Location"] == "https://login.test/")
        let asked = try martlet.request("GET /", ["Cookie: login=1"])
        #expect(asked.status == 401 && asked.text == "log in")
        #expect(asked.values("WWW-Authenticate") == ["Basic realm=\"Martlet\", charset=\"UTF-8\""])
        try martlet.stop()
    }

    // MARK: Routes that Martlet answers

    @Test func answersOfRoutesMayNeedIt() throws {
        let app = try Origin()
        let service = try Origin { request in
            request["Cookie"] == "session=1"
                ? response(200, "", ["Set-Cookie: seen=1"]) : response(302, "", ["Location: https://login.test/"])
        }
        let routes = """
              - {path: /text, respond: {body: secret}, auth: {basic: {file: FOLDER/users}}, responseFields: {set: {X-A: "{path}"}}}
              - {path: /go, redirect: "https://inner.test{uri}", auth: {any: [\(Self.basicAndKeys)]}}
              - {path: /served, respond: {body: secret}, auth: {forward: {url: "http://\(service.address)/"}}}
              - {path: /open, respond: {body: open}}
            """
        let martlet = try Self.start(routes, auth: "{apiKeys: {file: FOLDER/keys}}", app)
        let open = try martlet.request("GET /open")
        #expect(open.status == 200 && open.text == "open")
        for path in ["/text", "/go"] {
            let asked = try martlet.request("GET \(path)")
            #expect(asked.status == 401 && asked["WWW-Authenticate"]?.hasPrefix("Basic ") == true)
            #expect(!asked.text.contains("secret") && asked["Location"] == nil)
            #expect(try martlet.request("GET \(path)", [Self.basic("ann:wrong")]).status == 401)
        }
        let socket = try martlet.connect()
        for _ in 0..<2 {
            let text = try socket.exchange("GET /text", [Self.basic("ann:secret")])
            #expect(text.status == 200 && text.text == "secret" && text["X-A"] == "/text")
        }
        let head = try socket.exchange("HEAD /text", [Self.basic("ann:secret")])
        #expect(head.status == 200 && head.content.isEmpty && head["Content-Length"] == "6")
        let posted = try martlet.request("POST /text", [Self.basic("ann:secret")], content: "some content")
        #expect(posted.status == 200 && posted.text == "secret")
        let led = try martlet.request("GET /go?a=b", ["X-API-Key: letmein"])
        #expect(led["Location"] == "https://inner.test/go?a=b")
        let served = try martlet.request("GET /served", ["Cookie: session=1"])
        #expect(served.text == "secret" && served["Set-Cookie"] == "seen=1")
        #expect(try martlet.request("GET /served").status == 302)
        #expect(try martlet.accessLogLine(target: "/go?a=b")["user"] == "backup")
        try martlet.stop()
    }

    /// Rules count for whatever a route does.
    @Test func rulesHoldForAllThatRoutesDo() throws {
        let folder = try TestFolder()
        try FileManager.default.createDirectory(atPath: folder.path("www"), withIntermediateDirectories: false)
        try folder.write("file", to: "www/index.html")
        try folder.write(Self.keys, to: "keys")
        let martlet = try RunningMartlet(
            """
            workers: 1
            listeners: [{address: 127.0.0.1:0}]
            access: [{name: blocked, action: deny, when: {headers: {X-Bad: "1"}}}, {name: try, action: deny, shadow: true}]
            auth: {apiKeys: {file: FOLDER/keys}}
            routes:
              - {path: /text, respond: {body: text}, access: [{action: deny, when: {headers: {X-Own: "1"}}}]}
              - {path: /go, redirect: "/text", access: [{action: deny, when: {headers: {X-Own: "1"}}}]}
              - {path: /*, files: FOLDER/www, access: [{action: deny, when: {headers: {X-Own: "1"}}}]}
            upstreams: {}
            """, folder: folder)
        for (path, status) in [("/text", 200), ("/go", 302), ("/", 200)] {
            let key = "X-API-Key: letmein"
            #expect(try martlet.request("GET \(path)", ["X-Bad: 1", key]).status == 403)
            #expect(try martlet.request("GET \(path)", ["X-Own: 1", key]).status == 403)
            #expect(try martlet.request("GET \(path)", [key]).status == status)
        }
        // Files are asked for by whoever is known; what stands in the config is for all.
        #expect(try martlet.request("GET /").status == 401 && martlet.request("GET /text").status == 200)
        try martlet.stop()
    }
}
