// Rules that say who is let in.
import Foundation
import MartletTestSupport
import Testing

@Suite(.timeLimit(.minutes(20))) struct AccessTests {
    private static func config(_ origin: Origin, _ access: String, route: String = "") -> String {
        """
        workers: 1
        listeners: [{address: 127.0.0.1:0}]
        admin: {address: 127.0.0.1:0}
        routes:
          - {upstream: app\(route)}
        access:
        \(access)
        upstreams: {app: {servers: ["\(origin.address)"]}}
        """
    }

    @Test func theFirstRuleThatIsForARequestDecides() throws {
        let origin = try Origin()
        let config = Self.config(
            origin,
            """
              - {name: inside, action: allow, path: [/admin/health, /open/*], clients: 127.0.0.0/8}
              - {name: admin, action: deny, path: /admin/*, status: 404}
              - {name: strangers, action: deny, clients: [10.0.0.0/8, "2001:db8::/32"]}
              - {name: host, action: deny, host: secret.test}
            """, route: ", access: [{action: deny, path: /open/closed}]")
        try withMartlet(config) { martlet in
            #expect(try martlet.request("GET /admin/health").status == 200)
            let refused = try martlet.request("GET /admin/users", ["Accept: text/html"])
            #expect(refused.status == 404 && refused.text.contains("404"))
            #expect(try martlet.request("GET /admin").status == 404)
            #expect(try martlet.request("GET /").status == 200)
            #expect(try martlet.request("GET /x", ["Host: secret.test"]).status == 403)
            #expect(try martlet.request("GET /open/x").status == 200)
            // The route's rules are asked whatever those for all routes have allowed.
            #expect(try martlet.request("GET /open/closed").status == 403)
            #expect(origin.requests.map(\.target) == ["/admin/health", "/", "/open/x"])
            let line = try martlet.accessLogLine(target: "/admin/users")
            #expect(line["status"] == "404" && line["access_rule"] == "admin")
            #expect(line["error"] == "refused by an access rule" && line["side"] == "client")
            #expect(try martlet.accessLogLine(target: "/open/closed")["access_rule"] == "routes[0].access[0]")
            let metrics = try martlet.metrics
            func count(_ rule: String, _ action: String) -> Double? {
                metrics["martlet_access_rule_matches_total{rule=\"\(rule)\",action=\"\(action)\",shadow=\"false\"}"]
            }
            #expect(count("inside", "allow") == 3 && count("admin", "deny") == 2 && count("strangers", "deny") == 0)
            #expect(metrics["martlet_access_denied_total"] == 4)
            #expect(metrics["martlet_errors_total{status=\"403\"}"] == 2)
        }
    }

    /// However a path is spelled, what is refused is refused, and what is let in is what it says.
    @Test func noSpellingPassesARule() throws {
        let origin = try Origin()
        let config = Self.config(
            origin,
            """
              - {action: allow, path: /open/*}
              - {action: deny, path: [/admin/*, /a/b]}
              - {action: deny, path: /open/*, status: 404}
            """)
        try withMartlet(config) { martlet in
            let spellings = [
                "/admin", "/admin/", "/admin/x", "/%61dmin", "/%61%64%6d%69%6E/x", "/x/../admin", "/x/%2e%2e/admin",
                "/x/%2E./admin/y", "/./admin", "/%2e/admin", "//admin", "///admin//x", "/x/..//admin", "/admin%2Fx",
                "/%2Fadmin", "/x%2F..%2Fadmin", "/a%2fb", "/a/./b", "/a//b", "/x/%5C../admin", "/%5cadmin",
                "/open/../admin", "/open/%2e%2e/admin", "/open/..%2Fadmin", "/open%2F..%2Fadmin",
                "/open/%2E%2E%5Cadmin",
            ]
            for path in spellings {
                let status = try martlet.request("GET \(path)").status
                #expect([400, 403, 404].contains(status), "\(path): \(status)")
            }
            #expect(origin.requests.isEmpty, "\(origin.requests.map(\.target))")
            for path in ["/open/x", "/open/%41", "/open/a//b", "/ADMIN", "/administrator", "/caf%C3%A9"] {
                let status = try martlet.request("GET \(path)").status
                #expect(status == 200, "\(path): \(status)")
            }
        }
    }

    @Test func conditionsCount() throws {
        let origin = try Origin()
        let config = Self.config(
            origin,
            """
              - {name: trace, action: deny, status: 405, when: {methods: [TRACE, DELETE]}}
              - {name: bots, action: deny, path: /a/*, when: {any: [{headers: {User-Agent: {prefix: Bad}}}, {query: {debug: "1"}}]}}
            """)
        try withMartlet(config) { martlet throws in
            #expect(try martlet.request("DELETE /").status == 405)
            #expect(try martlet.request("GET /a", ["User-Agent: BadBot/1"]).status == 403)
            #expect(try martlet.request("GET /a?x=y&debug=1").status == 403)
            #expect(try martlet.request("GET /b", ["User-Agent: BadBot/1"]).status == 200)
            #expect(try martlet.request("GET /a?debug=2", ["User-Agent: Good"]).status == 200)
        }
    }

    /// Servers may take an encoded slash for one, where a route lets it pass.
    @Test func encodedSlashesPassNoRule() throws {
        let origin = try Origin()
        let config = Self.config(origin, "  - {action: deny, path: /admin/*}", route: ", encodedSlashes: keep")
        try withMartlet(config) { martlet in
            for path in ["/admin%2Fx", "/x%2F..%2Fadmin", "/x/..%2fadmin", "/%2Fadmin", "/%5Cadmin"] {
                let status = try martlet.request("GET \(path)").status
                #expect([400, 403].contains(status), "\(path): \(status)")
            }
            #expect(origin.requests.isEmpty)
            #expect(try martlet.request("GET /files/a%2Fb").status == 200)
        }
    }

    @Test func aShadowOnlyLooks() throws {
        let origin = try Origin()
        let config = Self.config(
            origin,
            """
              - {name: trial, action: deny, path: /a/*, shadow: true}
              - {name: noted, action: log, path: /b}
            """)
        try withMartlet(config) { martlet in
            for path in ["/a/1", "/a/2", "/b", "/c"] { #expect(try martlet.request("GET \(path)").status == 200) }
            #expect(try martlet.accessLogLine(target: "/a/1")["access_rule"] == "trial")
            #expect(try martlet.accessLogLine(target: "/b")["access_rule"] == "noted")
            #expect(try martlet.accessLogLine(target: "/c")["access_rule"] == nil)
            let metrics = try martlet.metrics
            let trial = "martlet_access_rule_matches_total{rule=\"trial\",action=\"deny\",shadow=\"true\"}"
            #expect(metrics[trial] == 2 && metrics["martlet_access_denied_total"] == 0)
        }
    }

    /// A file is read again when it changes; a broken one changes nothing.
    @Test func listsReloadThemselves() throws {
        let origin = try Origin()
        let folder = try TestFolder()
        var many = "# a long list\n"
        for index in 0..<100_000 { many += "10.\(index >> 16).\(index >> 8 & 255).\(index & 255)/32\n" }
        try folder.write(many, to: "blocked.txt")
        let config = Self.config(origin, "  - {name: blocked, action: deny, clientFiles: FOLDER/blocked.txt}")
        let martlet = try RunningMartlet(config, folder: folder)
        #expect(try martlet.request("GET /").status == 200)
        // Renamed, so that it is never seen half written.
        func writeAnew(_ text: String) throws {
            try Data(text.utf8).write(to: URL(filePath: folder.path("blocked.txt")), options: .atomic)
        }
        try writeAnew(many + "127.0.0.1 # us\n")
        try eventually("the new list") { try martlet.request("GET /").status == 403 }
        try writeAnew(many + "127.0.0.1 # us\nnonsense\n")
        try martlet.waitForMetric("martlet_list_reload_failures_total", 1, .seconds(30))
        #expect(try martlet.request("GET /").status == 403)
        #expect(martlet.errors.contains("line 100003: 'nonsense' is not an IP address"))
        try writeAnew("# nobody\n")
        try eventually("an empty list") { try martlet.request("GET /").status == 200 }
        #expect(try martlet.metrics["martlet_list_reloads_total"] == 2)
        try martlet.stop()
    }

    @Test func aBrokenListIsNotStartedWith() throws {
        let folder = try TestFolder()
        let list = try folder.write("10.0.0.0/8\n300.0.0.1\n", to: "list")
        let config = Self.config(try Origin(), "  - {action: deny, clientFiles: \(list)}")
        let file = try folder.write(config, to: "martlet.yaml")
        let result = try program("check", file)
        #expect(result.has(code: 78))
        #expect(result.errors.contains("'\(list)' is of no use: line 2: '300.0.0.1' is not an IP address"))
    }
}
