import MartletTestSupport
import Testing

/// Who may ask what by TCP.
@Suite(.timeLimit(.minutes(20))) struct AdminAccessTests {
    private static let paths = [
        "GET /v1/status", "GET /v1/config", "GET /servers", "GET /v1/openapi.json", "POST /v1/drain",
        "POST /servers/app/127.0.0.1:1/drain", "DELETE /v1/upstreams/app/servers/127.0.0.1:1", "GET /v1/stats",
    ]

    private func withTCP(_ admin: String, _ test: (RunningMartlet, TestSocket) throws -> Void) throws {
        try withMartlet(Configs.operated(["127.0.0.1:1"], "admin: {address: '127.0.0.1:0', hosts: [test]\(admin)}\n")) {
            martlet in
            try test(martlet, martlet.connect(to: "admin"))
        }
    }

    @Test func withoutATokenTCPIsForHealthAndMetricsAlone() throws {
        try withTCP("") { _, admin in
            for path in ["/healthz", "/readyz", "/metrics"] {
                #expect(try admin.exchange("GET " + path).status == 200)
            }
            for line in Self.paths {
                let answer = try admin.exchange(line)
                #expect(answer.status == 403 && answer.words("detail").contains("admin.token"), "\(line)")
            }
        }
    }

    @Test func theTokenOpensIt() throws {
        try withTCP(", token: \(Configs.token)") { martlet, admin in
            for line in Self.paths {
                let answer = try admin.exchange(line)
                #expect(answer.status == 401 && answer["WWW-Authenticate"] == "Bearer realm=\"martlet\"", "\(line)")
                for token in ["", Configs.token + "x", String(Configs.token.dropLast())] {
                    #expect(try admin.exchange(line, ["Authorization: Bearer " + token]).status == 401)
                }
            }
            #expect(try admin.exchange("GET /v1/status", [Configs.bearer]).status == 200)
            #expect(try admin.exchange("GET /metrics").status == 200)
            let fields = [Configs.bearer, "Origin: http://127.0.0.1"]
            #expect(try admin.exchange("POST /v1/drain", fields).status == 403)
            #expect(try martlet.request("GET /").status == 503, "it has not drained")
        }
    }

    /// Nobody without a right makes it read anything.
    @Test func contentOfStrangersIsNotRead() throws {
        try withTCP(", token: \(Configs.token)") { _, admin in
            try admin.send(requestText("PUT /v1/log-level", ["Content-Length: 100"]))
            #expect(try admin.readResponse().status == 401)
        }
    }

    /// An address that others can reach is a mistake unless it is said who may ask.
    @Test(arguments: ["':0'", "'0.0.0.0:0'", "'[::]:0'", "'192.0.2.1:0'"])
    func whatOthersCanReachNeedsARight(address: String) throws {
        let folder = try TestFolder()
        for (more, code) in [("", 78), (", open: []", 78), (", open: [health]", 0), (", token: \(Configs.token)", 0)] {
            let config = Configs.operated(["127.0.0.1:1"], "admin: {address: \(address)\(more)}\n")
            let result = try program("check", folder.write(config, to: "m.yaml"))
            #expect(result.has(code: Int32(code)), "\(more): \(result.errors)")
            if code == 0 { continue }
            #expect(result.errors.contains("m.yaml:5:") && result.errors.contains("'clientCertificates'"))
            #expect(result.errors.contains("'token'") && !result.errors.contains(Configs.token))
        }
    }

    @Test func whatIsOpenBesidesATokenIsSaid() throws {
        func statuses(_ more: String) throws -> [Int] {
            var statuses: [Int] = []
            try withMartlet(Configs.operated(["127.0.0.1:1"], "admin: {\(more)}\n")) { martlet in
                let admin = try martlet.connect(to: "admin")
                for path in ["/healthz", "/readyz", "/metrics", "/v1/status"] {
                    statuses.append(try admin.exchange("GET " + path, ["Host: 127.0.0.1"]).status)
                }
                let token = try admin.exchange("GET /metrics", ["Host: 127.0.0.1", Configs.bearer])
                #expect(token.status == 200 || !more.contains("token"))
            }
            return statuses
        }
        let token = "token: \(Configs.token)"
        #expect(try statuses("address: '127.0.0.1:0', \(token)") == [200, 200, 200, 401])
        #expect(try statuses("address: '127.0.0.1:0', \(token), open: []") == [401, 401, 401, 401])
        #expect(try statuses("address: '127.0.0.1:0', open: [health]") == [200, 200, 403, 403])
        #expect(try statuses("address: '0.0.0.0:0', \(token)") == [200, 200, 401, 401], "metrics name servers")
        #expect(try statuses("address: '0.0.0.0:0', \(token), open: [health, metrics]") == [200, 200, 200, 401])
        #expect(try statuses("address: '0.0.0.0:0', open: [metrics]") == [403, 403, 200, 403])
    }

    @Test func aTokenThatCanBeGuessedIsNone() throws {
        let folder = try TestFolder()
        let file = try folder.write(
            Configs.operated(["127.0.0.1:1"], "admin: {address: ':0', token: short}\n"), to: "m.yaml")
        let result = try program("check", file)
        #expect(result.has(code: 78) && result.errors.contains("can be guessed") && !result.errors.contains("masked"))
    }

    @Test func aClientsCertificateOpensIt() throws {
        let (own, clients) = (try TestCertificates(), try TestCertificates("Clients"))
        let (server, client) = (try own.leaf(["localhost"]), try clients.leaf(["ops"]))
        let admin = """
            admin:
              address: 127.0.0.1:0
              tls:
                certificates: [{certificate: \(server.chain), key: \(server.key)}]
                clientCertificates: {ca: \(clients.authority), mode: request}
            """
        try withMartlet(Configs.operated(["127.0.0.1:1"], admin)) { martlet in
            let url = "https://localhost:\(try martlet.port(of: "admin"))"
            let shown = ["--cert-file", client.chain, "--key-file", client.key]
            let ask = ["status", "--admin", url, "--ca-file", own.authority]
            let good = try program(with: ask + shown)
            #expect(good.has(code: 0), "\(good.errors)")
            let bare = try program(with: ask)
            #expect(bare.has(code: 77) && bare.errors.contains("a client's certificate"), "\(bare.errors)")
            let stranger = try program(with: ["status", "--admin", url] + shown)
            #expect(stranger.has(code: 69), "its authority is not known")
            let other = try own.leaf(["ops"])
            let wrong = try program(with: ask + ["--cert-file", other.chain, "--key-file", other.key])
            #expect(!wrong.has(code: 0) && wrong.output.isEmpty, "a certificate of somebody else: \(wrong.errors)")
            let metrics = try ChildProcess.run("curl", ["-s", "--cacert", own.authority, url + "/metrics"])
            #expect(metrics.output.contains("martlet_build_info"))
        }
    }

    @Test func theCommandsTakeATokenFromAFile() throws {
        try withTCP(", token: \(Configs.token)") { martlet, _ in
            let address = "127.0.0.1:\(try martlet.port(of: "admin"))"
            let file = try martlet.folder.write(Configs.token + "\n", to: "token")
            #expect(try martlet.command("status", "--admin", address, "--token-file", file).has(code: 0))
            let without = try martlet.command("status", "--admin", address)
            #expect(without.has(code: 77) && without.errors.contains("--token-file"))
            let (exit, _, _) = try ChildProcess.run(
                MartletBinary.path, ["servers"],
                environment: ["MARTLET_ADMIN": address, "MARTLET_ADMIN_TOKEN": Configs.token])
            #expect(exit == .code(0))
        }
    }
}
