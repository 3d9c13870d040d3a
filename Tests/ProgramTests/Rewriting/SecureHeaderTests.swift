// What browsers are told to be careful about.
import Foundation
import MartletTestSupport
import Testing

@Suite(.timeLimit(.minutes(20))) struct SecureHeaderTests {
    private static let names = [
        "X-Content-Type-Options", "X-Frame-Options", "Referrer-Policy", "Content-Security-Policy",
        "Cross-Origin-Opener-Policy", "Cross-Origin-Resource-Policy", "Permissions-Policy",
        "X-Permitted-Cross-Domain-Policies", "Strict-Transport-Security",
    ]
    private static let basic = ["nosniff", "SAMEORIGIN", "strict-origin-when-cross-origin"]
    private static let strict = [
        "nosniff", "DENY", "same-origin",
        "default-src 'self'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'; object-src 'none'",
        "same-origin", "same-origin",
        "camera=(), display-capture=(), geolocation=(), microphone=(), midi=(), payment=(), usb=()", "none",
    ]

    /// The values of the fields in the order of `names`, without those that are not there.
    private func said(_ answer: HTTPResponse) -> [String] { Self.names.flatMap { answer.values($0) } }

    private func config(_ server: String, _ routes: [String], _ more: String = "") -> String {
        """
        workers: 1
        listeners: [{ address: "127.0.0.1:0" }]
        routes:
        \(routes.map { "  - " + $0 }.joined(separator: "\n"))
        upstreams: { app: { servers: ["\(server)"] } }
        accessLog: off
        \(more)
        """
    }

    @Test func withoutTheKeyThereAreNone() throws {
        let origin = try Origin()
        try withMartlet(config(origin.address, ["{ path: /*, upstream: app }"])) { martlet in
            let answer = try martlet.request("GET /")
            #expect(answer.status == 200 && said(answer).isEmpty)
        }
    }

    /// Of a server, of Martlet by a route, of an error page, and where there is no route.
    @Test func everyAnswerHasThem() throws {
        let origin = try Origin()
        let routes = [
            "{ path: /server, upstream: app }", "{ path: /own, respond: { body: here } }",
            "{ path: /other, redirect: /own }", "{ path: /fails, upstream: gone }",
            "{ path: /strict/*, upstream: app, secureHeaders: strict }",
            "{ path: /off/*, upstream: app, secureHeaders: off }",
            "{ path: /denied, upstream: app, access: [{ action: deny }] }",
        ]
        let text = config(origin.address, routes, "secureHeaders: basic")
            .replacing(
                "upstreams: {",
                with: "upstreams: { gone: { servers: [\"127.0.0.1:1\"], queue: { noServerTimeout: 0s } },")
        try withMartlet(text) { martlet in
            let statuses = [
                ("/server", 200), ("/own", 200), ("/other", 302), ("/fails", 502), ("/nowhere", 404), ("/denied", 403),
                ("/server%00", 400),
            ]
            for (path, status) in statuses {
                let answer = try martlet.request("GET " + path)
                #expect(answer.status == status && said(answer) == Self.basic, "\(path)")
            }
            let (strict, off) = (try martlet.request("GET /strict/x"), try martlet.request("GET /off/x"))
            #expect(said(strict) == Self.strict && said(off).isEmpty)
            let head = try martlet.request("HEAD /server")
            #expect(said(head) == Self.basic)
        }
    }

    @Test func whatTheServerSaysStaysUnlessItGivesWay() throws {
        let fields = [
            "x-frame-options: ALLOWALL", "Content-Security-Policy: default-src *", "Permissions-Policy: usb=*",
        ]
        let origin = try Origin { _ in response(200, "", fields) }
        let routes = [
            "{ path: /stays, upstream: app, secureHeaders: strict }",
            "{ path: /gives, upstream: app, secureHeaders: { level: strict, override: true } }",
            "{ path: /hidden, upstream: app, secureHeaders: strict, hideOrigin: { fields: [Permissions-Policy] } }",
        ]
        try withMartlet(config(origin.address, routes)) { martlet in
            let stays = try martlet.request("GET /stays")
            #expect(stays.values("X-Frame-Options") == ["ALLOWALL"])
            #expect(stays.values("Content-Security-Policy") == ["default-src *"])
            #expect(stays.values("Permissions-Policy") == ["usb=*"])
            #expect(stays.values("Referrer-Policy") == ["same-origin"] && said(stays).count == Self.strict.count)
            let (gives, hidden) = (try martlet.request("GET /gives"), try martlet.request("GET /hidden"))
            #expect(said(gives) == Self.strict)
            #expect(hidden.values("Permissions-Policy") == [Self.strict[6]])
            #expect(hidden.values("X-Frame-Options") == ["ALLOWALL"])
        }
    }

    /// What the route does to a field by itself is all that is done to it.
    @Test func responseFieldsComeFirst() throws {
        let origin = try Origin { _ in response(200, "", ["X-Old: 1", "Referrer-Policy: origin"]) }
        let fields = """
            set: { x-frame-options: "ALLOW-FROM https://a.test" }, remove: [Referrer-Policy], \
            add: { Permissions-Policy: "usb=()" }, rename: { X-Old: X-Content-Type-Options }
            """
        let routes = [
            "{ upstream: app, secureHeaders: { level: strict, override: true }, responseFields: { \(fields) } }"
        ]
        try withMartlet(config(origin.address, routes)) { martlet in
            let answer = try martlet.request("GET /")
            #expect(answer.values("X-Frame-Options") == ["ALLOW-FROM https://a.test"])
            #expect(answer.values("Referrer-Policy").isEmpty && answer.values("Permissions-Policy") == ["usb=()"])
            #expect(answer.values("X-Content-Type-Options") == ["1"])
            #expect(answer.values("Content-Security-Policy") == [Self.strict[3]])
        }
    }

    /// The policy of error pages lets them look as they do: it has the digest of their style.
    @Test func errorPagesHaveAPolicyOfTheirOwn() throws {
        let origin = try Origin()
        let text = config(origin.address, ["{ path: /a, upstream: app }"], "secureHeaders: strict")
        try withMartlet(text) { martlet in
            let answer = try martlet.request("GET /nowhere", ["Accept: text/html"])
            let policy = try #require(answer.values("Content-Security-Policy").first)
            #expect(answer.status == 404 && policy.hasPrefix("default-src 'none'; "))
            let style = try #require(answer.text.firstMatch(of: /<style>(.*)<\/style>/)?.1)
            let script = "printf %s '\(style)' | openssl dgst -sha256 -binary | openssl base64"
            let digest = try ChildProcess.run("sh", ["-c", script]).output.trimmingCharacters(
                in: .whitespacesAndNewlines)
            #expect(policy.contains("style-src 'sha256-\(digest)'") && digest.count == 44)
            #expect(said(answer).count == Self.strict.count)
        }
    }

    /// `basic` and `strict`, with what the listener says of coming by https, to a client of HTTP/2.
    @Test(arguments: [
        ("basic", "", ["max-age=31536000"]), ("strict", "", ["max-age=63072000"]), ("basic", "hsts: off", []),
        ("strict", "hsts: {maxAge: 1d}", ["max-age=86400"]), ("off", "", []),
    ])
    func clientsOverTLSAreToldToStay(level: String, hsts: String, values: [String]) throws {
        let certificates = try TestCertificates()
        let origin = try Origin { request in
            response(200, "", request.target == "/own" ? ["Strict-Transport-Security: max-age=5"] : [])
        }
        let leaf = try certificates.leaf(["app.test"])
        let text = SecureConfigs.proxy(
            to: [origin.address], [leaf], tls: hsts.isEmpty ? [] : [hsts], "secureHeaders: \(level)")
        try withMartlet(text) { martlet in
            for (path, own) in [("/", [String]()), ("/own", ["max-age=5"])] {
                let head = try martlet.curl("app.test", path, ["-i"], authority: certificates.authority)
                let lines = head.lowercased().split(separator: "\r\n").map(String.init)
                let said = lines.filter { $0.hasPrefix("strict-transport-security: ") }.map { String($0.dropFirst(27)) }
                // A listener says it in front of the server; a route, in its place.
                let isListeners = hsts.hasPrefix("hsts: {")
                #expect(said == (isListeners ? values + own : own.isEmpty ? values : own))
                #expect(lines.contains("x-content-type-options: nosniff") == (level != "off"))
            }
        }
    }
}
