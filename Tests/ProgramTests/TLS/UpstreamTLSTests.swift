// Servers are reached by TLS, and trusted only if they prove who they are. The servers are other proxies, before an origin.
import MartletTestSupport
import Testing

@Suite struct UpstreamTLSTests {
    /// A server with TLS, and a proxy before it.
    private final class Stage: Sendable {
        let certificates: TestCertificates
        let origin: Origin
        let server: RunningMartlet
        let leaf: TestCertificates.Leaf

        init(_ names: [String] = ["127.0.0.1"], valid: TestCertificates.Validity = .valid, tls: [String] = []) throws {
            certificates = try TestCertificates()
            origin = try Origin()
            leaf = try certificates.leaf(names, valid: valid)
            server = try RunningMartlet(SecureConfigs.proxy(to: [origin.address], [leaf], tls: tls))
        }

        func run(_ tls: String, _ more: [String] = [], _ test: (RunningMartlet) throws -> Void) throws {
            let address = "127.0.0.1:\(try server.port(of: "tls"))"
            let upstream = ["tls: {\(tls.replacing("CA", with: certificates.authority))}"] + more
            try withMartlet(Configs.proxy(to: [address], upstream: upstream), test)
        }

        /// The pin of a certificate's key.
        func pin(_ leaf: TestCertificates.Leaf) throws -> String {
            let script =
                "openssl x509 -in \(leaf.chain) -noout -pubkey | openssl pkey -pubin -outform DER"
                + " | openssl dgst -sha256 -binary | openssl base64"
            return "sha256/" + (try ChildProcess.run("sh", ["-c", script]).output.replacing("\n", with: ""))
        }
    }

    private static let thirdPin = "sha256/BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBA="
    private static let otherPin = "sha256/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="

    /// The request is answered with 502, and the server has not seen it.
    private func expectRefusal(_ martlet: RunningMartlet, _ stage: Stage, _ words: String, reason: String) throws {
        #expect(try martlet.request("GET /secret").status == 502)
        #expect(stage.origin.requests.isEmpty)
        let error = try martlet.accessLogLine(target: "/secret")["error"] ?? ""
        #expect(error.contains(words), "\(error)")
        let name = "martlet_upstream_tls_handshakes_failed_total{reason=\"\(reason)\"}"
        #expect(try martlet.metrics[name, default: 0] >= 1)
    }

    @Test func aServerOfTheAuthorityIsTrusted() throws {
        let stage = try Stage()
        try stage.run("ca: CA") { martlet throws in
            let client = try martlet.connect()
            for index in 0..<5 { #expect(try client.exchange("GET /\(index)").text == "/\(index)") }
            #expect(try stage.origin.lastRequest["X-Forwarded-Proto"] == "https")
            #expect(try martlet.metrics["martlet_upstream_tls_handshakes_total"] == 1)
        }
    }

    @Test func theSystemsAuthoritiesAreTheDefault() throws {
        let stage = try Stage()
        try stage.run("") { martlet throws in
            try expectRefusal(martlet, stage, "certificate", reason: "certificate")
        }
    }

    @Test func anotherNameIsRefused() throws {
        let stage = try Stage(["other.test"])
        try stage.run("ca: CA") { martlet throws in
            try expectRefusal(martlet, stage, "certificate", reason: "certificate")
        }
        try stage.run("ca: CA, serverName: other.test") { martlet throws in
            #expect(try martlet.request("GET /").status == 200)
        }
    }

    @Test func anExpiredCertificateIsRefused() throws {
        let stage = try Stage(valid: .expired)
        try stage.run("ca: CA") { martlet throws in try expectRefusal(martlet, stage, "expired", reason: "certificate")
        }
    }

    @Test func insecureIsSaidAndCounted() throws {
        let stage = try Stage(["other.test"])
        try stage.run("insecure: true") { martlet throws in
            #expect(try martlet.request("GET /").status == 200)
            #expect(martlet.errors.contains("insecure"))
            #expect(try martlet.metrics["martlet_upstream_tls_unverified_total"] == 1)
        }
    }

    @Test func pinsAreCheckedBesidesTheChain() throws {
        let stage = try Stage()
        let pin = try stage.pin(stage.leaf)
        try stage.run("ca: CA, pins: [\(Self.otherPin), \(pin)]") { martlet throws in
            #expect(try martlet.request("GET /").status == 200)
        }
        let other = try Stage()
        try other.run("ca: CA, pins: [\(Self.otherPin), \(pin)]") { martlet throws in
            try expectRefusal(martlet, other, "pin", reason: "pin")
        }
    }

    @Test func pinsMayTakeTheChainsPlace() throws {
        let stage = try Stage(["other.test"])
        let pins = "pins: [\(Self.otherPin), \(try stage.pin(stage.leaf))], pinning: instead-of-chain"
        try stage.run(pins) { martlet throws in #expect(try martlet.request("GET /").status == 200) }
        try stage.run("pins: [\(Self.otherPin), \(Self.thirdPin)], pinning: instead-of-chain") { martlet throws in
            #expect(try martlet.request("GET /").status == 502)
        }
    }

    @Test func pinsMayBeReportedOnly() throws {
        let stage = try Stage()
        try stage.run("ca: CA, pins: [\(Self.otherPin)], pinReportOnly: true") { martlet throws in
            #expect(try martlet.request("GET /").status == 200)
            #expect(try martlet.metrics["martlet_upstream_tls_pin_reports_total"] == 1)
        }
    }

    @Test func theProxyShowsItsOwnCertificate() throws {
        let clients = try TestCertificates("Proxies")
        let stage = try Stage(tls: ["clientCertificates: {ca: \(clients.authority)}"])
        let own = try clients.leaf(["proxy.test"])
        try stage.run("ca: CA, certificate: \(own.chain), key: \(own.key)") { martlet throws in
            #expect(try martlet.request("GET /").status == 200)
            #expect(try stage.origin.lastRequest["X-Client-Names"] == "DNS:proxy.test")
        }
        try stage.run("ca: CA") { martlet throws in #expect(try martlet.request("GET /").status == 502) }
    }

    @Test func sessionsAreUsedAgain() throws {
        let stage = try Stage()
        try stage.run("ca: CA", ["pool: {maxIdle: 0}"]) { martlet throws in
            for _ in 0..<3 { #expect(try martlet.request("GET /").status == 200) }
            #expect(try martlet.metrics["martlet_upstream_tls_handshakes_total"] == 3)
            #expect(try martlet.metrics["martlet_upstream_tls_handshakes_resumed_total"] == 2)
        }
        try stage.run("ca: CA, sessionReuse: false", ["pool: {maxIdle: 0}"]) { martlet throws in
            for _ in 0..<3 { #expect(try martlet.request("GET /").status == 200) }
            #expect(try martlet.metrics["martlet_upstream_tls_handshakes_resumed_total"] == 0)
        }
    }

    @Test func checksSpeakTLSAsWell() throws {
        let stage = try Stage()
        let check = "check: {path: /healthz, interval: 50ms}"
        try stage.run("ca: CA", [check]) { martlet throws in
            try eventually("a check") { stage.origin.requests.contains { $0.target == "/healthz" } }
            #expect(try martlet.request("GET /").status == 200)
        }
        try stage.run("", [check]) { martlet throws in
            try eventually("the server is down") { try martlet.admin("/servers").text.contains("TLS: ") }
        }
    }

    /// A server in clear where TLS is expected.
    @Test func aServerWithoutTLSIsRefused() throws {
        let server = try ScriptedServer { socket, _ in
            _ = try socket.receive(exactly: 5)
            try socket.send("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        }
        try withMartlet(Configs.proxy(to: server, upstream: ["tls: {insecure: true}"])) { martlet throws in
            #expect(try martlet.request("GET /").status == 502)
        }
    }
}
