// One form of a path for matching and forwarding: no spelling gets past a route.
import MartletTestSupport
import Testing

@Suite(.timeLimit(.minutes(20))) struct PathTests {
    /// Everything below /admin has a route of its own, and /* is for the rest.
    private func withRoutes(_ test: (RunningMartlet, Origin, Origin) throws -> Void) throws {
        let (admin, rest) = (try Origin(), try Origin())
        let config = """
            listeners: [{address: "127.0.0.1:0"}]
            routes:
              - {path: /admin/*, upstream: admin}
              - {path: /*, upstream: rest}
              - {path: "/caf%C3%A9/*", upstream: admin}
            upstreams:
              admin: {servers: ["\(admin.address)"]}
              rest: {servers: ["\(rest.address)"]}
            """
        try withMartlet(config) { try test($0, admin, rest) }
    }

    /// What a server might take for a path below /admin goes there or nowhere.
    @Test(arguments: [
        "/admin", "/admin/", "/admin/x", "//admin/x", "/./admin", "/x/../admin/x", "/%61dmin/x", "/%61%64%6d%69%6E/x",
        "/admin%2Fx", "/admin%2fx", "/x%2F..%2Fadmin", "/x/..%2Fadmin", "/x%2f../admin", "/%2e/admin",
        "/x/%2E%2e/admin/x",
        "/x/.%2e/admin", "/x\\..\\admin", "/\\admin", "/x/%5C../admin", "/admin%00", "/admin%00/x", "/x/..;/admin/x",
        "/.;/admin", "/%c0%ae/admin", "/x/%c0%ae%c0%ae/admin", "/%c0%afadmin", "/%e0%80%afadmin", "/../admin",
        "/..%2fadmin", "/%2e%2e/admin", "///admin///x", "/x//../admin", "/x/./../admin", "/admin/..%2fx", "/%",
        "/admin%", "/caf%c3%a9/x", "/c%61f%C3%A9/x",
    ])
    func noSpellingGetsPastTheRoute(path: String) throws {
        try withRoutes { martlet, admin, rest in
            let answer = try martlet.request("GET " + path)
            #expect(rest.requests == [], "\(path)")
            if answer.status == 200 {
                let target = try admin.lastRequest.target
                #expect(target.hasPrefix("/admin") || target.hasPrefix("/caf%C3%A9/"), "\(path) became \(target)")
            } else {
                #expect(answer.status == 400 && admin.requests == [], "\(path)")
            }
        }
    }

    /// And what is none, is none, be it encoded or not.
    @Test func otherPathsAreForwardedInTheirOneForm() throws {
        try withRoutes { martlet, admin, rest in
            for (sent, forwarded) in [
                ("/administrator", "/administrator"), ("/Admin", "/Admin"), ("/admin/../x", "/x"),
                ("/x/admin/?a=/../b%2F", "/x/admin/?a=/../b%2F"), ("/a%20b//c/.", "/a%20b/c/"), ("/%7euser", "/~user"),
                ("/a;v=1/b", "/a;v=1/b"), ("/%e2%82%ac", "/%E2%82%AC"), ("/.well-known/x", "/.well-known/x"),
                ("/%252e%252e/admin", "/%252e%252e/admin"), ("/x?", "/x?"), ("/a/./b?x", "/a/b?x"), ("//?x", "/?x"),
            ] {
                let status = try martlet.request("GET " + sent).status
                #expect(status == 200, "\(sent)")
                let target = try rest.lastRequest.target
                #expect(target == forwarded, "\(sent)")
            }
            #expect(admin.requests == [])
        }
    }

    @Test func aRefusedPathIsLoggedWithItsReason() throws {
        try withRoutes { martlet, _, _ in
            #expect(try martlet.request("GET /x/..;/y").status == 400)
            let line = try martlet.accessLogLine(target: "/x/..;/y")
            #expect(line["error"] == "path that servers understand in different ways" && line["side"] == "client")
        }
    }
}
