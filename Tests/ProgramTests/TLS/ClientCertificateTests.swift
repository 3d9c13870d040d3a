// Clients that prove who they are.
import MartletTestSupport
import Testing

@Suite struct ClientCertificateTests {
    private struct Stage {
        let own: TestCertificates
        let clients: TestCertificates
        let origin: Origin
        let server: TestCertificates.Leaf

        init() throws {
            own = try TestCertificates()
            clients = try TestCertificates("Clients")
            origin = try Origin()
            server = try own.leaf(["app.test"])
        }

        func run(_ settings: String, _ test: (RunningMartlet) throws -> Void) throws {
            let tls = ["clientCertificates: {ca: \(clients.authority), \(settings)}"]
            try withMartlet(SecureConfigs.proxy(to: [origin.address], [server], tls: tls), test)
        }

        func curl(_ martlet: RunningMartlet, _ leaf: TestCertificates.Leaf?, _ more: [String] = []) throws -> String {
            let arguments = leaf.map { ["--cert", $0.chain, "--key", $0.key] } ?? []
            return try martlet.curl("app.test", "/", arguments + more, authority: own.authority)
        }
    }

    @Test func tellsTheServerWhoTheClientIs() throws {
        let stage = try Stage()
        try stage.run("mode: require, forwardCertificate: true") { martlet throws in
            let leaf = try stage.clients.leaf(["spiffe://test/app/one"], subject: "/O=Test/CN=one")
            _ = try stage.curl(martlet, leaf, ["-H", "X-Client-Subject: CN=admin", "-H", "X_Client_Names: forged"])
            let request = try stage.origin.lastRequest
            #expect(request.values("X-Client-Verified") == ["true"])
            #expect(request.values("X-Client-Subject").count == 1)
            #expect(request["X-Client-Subject"]?.contains("CN=one") == true)
            #expect(request.values("X-Client-Names") == ["URI:spiffe://test/app/one"])
            #expect(request["X_Client_Names"] == nil)
            #expect(request["X-Client-Fingerprint"]?.count == 64)
            #expect(request["Client-Cert"]?.hasPrefix(":MII") == true)
        }
    }

    @Test func whoHasNoneOrAWrongOneIsRefused() throws {
        let stage = try Stage()
        try stage.run("mode: require") { martlet throws in
            #expect(throws: TestFailure.self) { _ = try stage.curl(martlet, nil) }
            let others = try TestCertificates("Others")
            let foreign = try others.leaf(["one"])
            #expect(throws: TestFailure.self) { _ = try stage.curl(martlet, foreign) }
            let expired = try stage.clients.leaf(["one"], valid: .expired)
            #expect(throws: TestFailure.self) { _ = try stage.curl(martlet, expired) }
            #expect(stage.origin.requests.isEmpty)
            try martlet.waitForMetric("martlet_tls_client_certificates_refused_total", 3)
            #expect(try stage.curl(martlet, try stage.clients.leaf(["one"])) == "/")
        }
    }

    @Test func aRevokedOneIsRefused() throws {
        let stage = try Stage()
        let good = try stage.clients.leaf(["good"])
        let bad = try stage.clients.leaf(["bad"])
        let list = try stage.clients.revoke([bad])
        try stage.run("crl: \(list.path)") { martlet throws in
            #expect(try stage.curl(martlet, good) == "/")
            #expect(throws: TestFailure.self) { _ = try stage.curl(martlet, bad) }
        }
    }

    @Test func onlyAllowedNamesComeIn() throws {
        let stage = try Stage()
        try stage.run("names: [\"*.apps.test\", \"spiffe://test/apps/*\"]") { martlet throws in
            #expect(try stage.curl(martlet, try stage.clients.leaf(["one.apps.test"])) == "/")
            #expect(
                try stage.curl(martlet, try stage.clients.leaf(["spiffe://test/apps/one"], subject: "/CN=one")) == "/")
            let others = [
                try stage.clients.leaf(["one.test"]),
                try stage.clients.leaf(["spiffe://test/other/one"], subject: "/CN=one"),
            ]
            for other in others { #expect(throws: TestFailure.self) { _ = try stage.curl(martlet, other) } }
        }
    }

    /// Asked for only: whoever shows none is served as nobody.
    @Test func withoutACertificateNobodyIsNamed() throws {
        let stage = try Stage()
        try stage.run("mode: request") { martlet throws in
            let forged = [
                "-H", "X-Client-Verified: true", "-H", "X-Client-Subject: CN=admin", "-H", "Client-Cert: :MII:",
            ]
            #expect(try stage.curl(martlet, nil, forged) == "/")
            let request = try stage.origin.lastRequest
            for field in ["X-Client-Verified", "X-Client-Subject", "Client-Cert"] { #expect(request[field] == nil) }
        }
    }
}
