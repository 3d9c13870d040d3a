// Routes and rules that look at clients' certificates.
import MartletTestSupport
import Testing

@Suite(.timeLimit(.minutes(20)), .enabled(if: MartletBinary.hasProgram("curl"), "curl is not installed"))
struct CertificateRuleTests {
    private struct Stage {
        let own: TestCertificates
        let clients: TestCertificates
        let app: Origin
        let server: TestCertificates.Leaf

        init() throws {
            own = try TestCertificates()
            clients = try TestCertificates("Clients")
            app = try Origin { response(200, "\($0.target) \($0["X-Client-Subject"] ?? "-")") }
            server = try own.leaf(["app.test"])
        }

        func run(_ routes: String, _ more: String = "", _ test: (RunningMartlet) throws -> Void) throws {
            let config = """
                workers: 1
                listeners:
                  - address: 127.0.0.1:0
                    name: tls
                    tls:
                      certificates: [{certificate: \(server.chain), key: \(server.key)}]
                      clientCertificates: {ca: \(clients.authority), mode: request}
                admin: {address: 127.0.0.1:0}
                routes:
                \(routes)
                upstreams: {app: {servers: ["\(app.address)"]}}
                \(more)
                """
            try withMartlet(config, test)
        }

        /// The status that curl gets.
        func status(
            _ martlet: RunningMartlet, _ path: String, _ leaf: TestCertificates.Leaf?, _ more: [String] = []
        ) throws -> String {
            let arguments = leaf.map { ["--cert", $0.chain, "--key", $0.key] } ?? []
            let output = ["-o", "/dev/null", "-w", "%{http_code}"]
            return try martlet.curl("app.test", path, arguments + output + more, authority: own.authority)
        }
    }

    @Test(arguments: ["--http1.1", "--http2"]) func rulesLookAtThem(version: String) throws {
        let stage = try Stage()
        let rules = """
            access:
              - {name: ops, action: allow, path: /dns, when: {certificate: {dns: ops.test}}}
              - {action: allow, path: /uri, when: {certificate: {uri: {prefix: "spiffe://test/ops/"}}}}
              - {action: allow, path: /subject, when: {certificate: {subject: {regex: "(^|,)O=Ops(,|$)"}}}}
              - {action: allow, path: /any, when: {certificate: {subject: {present: true}}}}
              - {action: allow, path: /none, when: {certificate: {fingerprint: {present: false}}}}
              - {action: deny}
            """
        try stage.run("  - {upstream: app}", rules) { martlet throws in
            func status(_ path: String, _ leaf: TestCertificates.Leaf?) throws -> String {
                try stage.status(martlet, path, leaf, [version])
            }
            let ops = try stage.clients.leaf(["one.test", "ops.test"], subject: "/O=Ops/CN=one")
            let service = try stage.clients.leaf(["spiffe://test/ops/web"], subject: "/O=Ops2/CN=ops.test")
            #expect(try status("/dns", ops) == "200")
            #expect(try status("/dns", service) == "403")
            #expect(try status("/dns", nil) == "403")
            #expect(try status("/uri", service) == "200")
            #expect(try status("/uri", ops) == "403")
            #expect(try status("/subject", ops) == "200")
            #expect(try status("/subject", service) == "403")
            #expect(try status("/any", ops) == "200")
            #expect(try status("/any", nil) == "403")
            #expect(try status("/none", nil) == "200")
            #expect(try status("/none", ops) == "403")
            let line = try martlet.accessLogLine(target: "/subject")
            #expect(line["user"]?.contains("O=Ops") == true && line["user"]?.contains("CN=one") == true)
            #expect(try martlet.accessLogLine(target: "/dns")["access_rule"] == nil)
        }
    }

    /// What a client says of itself in fields is nothing.
    @Test func nobodyMakesOneUp() throws {
        let stage = try Stage()
        let rules = "access: [{action: deny, when: {not: {certificate: {dns: ops.test}}}}]"
        try stage.run("  - {upstream: app}", rules) { martlet throws in
            let fields = ["-H", "X-Client-Names: DNS:ops.test", "-H", "X-Client-Verified: true"]
            #expect(try stage.status(martlet, "/", nil, fields) == "403")
            let other = try stage.clients.leaf(["x.test"], subject: "/CN=ops.test")
            #expect(try stage.status(martlet, "/", other, fields) == "403")
        }
    }

    @Test func routesLookAtThem() throws {
        let stage = try Stage()
        let one = try stage.clients.leaf(["one.test"])
        let routes = """
              - {upstream: app}
              - {certificate: {dns: one.test}, respond: {status: 299}}
              - {certificate: {dns: {regex: "[.]test$"}}, host: app.test, respond: {status: 298}}
            """
        try stage.run(routes) { martlet throws in
            #expect(try stage.status(martlet, "/", nil) == "200")
            #expect(try stage.status(martlet, "/", try stage.clients.leaf(["two.test"])) == "298")
            #expect(try stage.status(martlet, "/", try stage.clients.leaf(["two.example"])) == "200")
            #expect(["298", "299"].contains(try stage.status(martlet, "/", one)))
        }
    }

    @Test func theCombinedLogNamesThem() throws {
        let stage = try Stage()
        try stage.run("  - {upstream: app}", "accessLog: {format: combined}") { martlet throws in
            let leaf = try stage.clients.leaf(["one.test"], subject: "/O=My Ops/CN=one")
            _ = try stage.status(martlet, "/known", leaf)
            _ = try stage.status(martlet, "/unknown", nil)
            try eventually("the lines") { martlet.process.output.split(separator: "\n").count == 2 }
            let lines = martlet.process.output.split(separator: "\n").map { $0.split(separator: " ") }
            #expect(lines[0][2].contains(#"O=My\x20Ops"#) && lines[0][3].hasPrefix("["), "\(lines[0])")
            #expect(lines[1][2] == "-" && lines[1][3].hasPrefix("["))
        }
    }
}
