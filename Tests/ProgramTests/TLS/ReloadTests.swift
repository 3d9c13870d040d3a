// Files that change while the proxy runs: new connections get the new ones, open ones go on.
import Foundation
import MartletTestSupport
import Testing

@Suite struct ReloadTests {
    private static let reloads = "martlet_certificate_reloads_total"
    private static let failures = "martlet_certificate_reload_failures_total"

    private let certificates: TestCertificates
    private let origin: Origin

    init() throws {
        certificates = try TestCertificates()
        origin = try Origin()
    }

    /// The path of a file that changes.
    private func path(_ name: String) -> String { certificates.folder + "/" + name }

    /// Puts another file in the place of the one that is there, as certbot does it.
    private func replace(_ name: String, by content: [UInt8]) throws {
        try Data(content).write(to: URL(filePath: path(name)), options: .atomic)
    }

    /// A certificate whose files are replaced later.
    private func current(_ leaf: TestCertificates.Leaf, _ name: String = "now") throws -> TestCertificates.Leaf {
        try replace(name + ".pem", by: leaf.chainPEM)
        try replace(name + ".key", by: leaf.keyPEM)
        var moved = leaf
        (moved.chain, moved.key) = (path(name + ".pem"), path(name + ".key"))
        return moved
    }

    /// Runs a test with a second proxy, which is nothing but a client with TLS: what is written to its port `tcp` arrives as
    /// TLS, on a connection of its own.
    private func withTunnel(to martlet: RunningMartlet, _ test: (RunningMartlet) throws -> Void) throws {
        let tls = "tls: {ca: \(certificates.authority), serverName: app.test}"
        let address = "127.0.0.1:\(try martlet.port(of: "tls"))"
        try withMartlet(TCPConfigs.proxy(to: [address], upstream: [tls]), test)
    }

    @Test func newConnectionsGetTheNewCertificate() throws {
        let old = try current(try certificates.leaf(["app.test"]))
        let new = try certificates.leaf(["app.test"], key: .p384)
        try withMartlet(SecureConfigs.proxy(to: [origin.address], [old])) { martlet throws in
            try withTunnel(to: martlet) { tunnel throws in
                let kept = try tunnel.connect(to: "tcp")
                #expect(try kept.exchange("GET /before").text == "/before")
                #expect(try martlet.presentedSerial("app.test") == old.serial)
                try replace("now.pem", by: new.chainPEM)
                try replace("now.key", by: new.keyPEM)
                try martlet.waitForMetric(Self.reloads, 1, .seconds(30))
                #expect(try martlet.presentedSerial("app.test") == new.serial)
                #expect(try martlet.curl("app.test", authority: certificates.authority) == "/")
                #expect(try kept.exchange("GET /after").text == "/after", "the connection goes on")
                #expect(try martlet.metrics[Self.failures] == 0)
                #expect(martlet.errors.contains("certificate loaded anew"))
                kept.close()
            }
        }
    }

    @Test(arguments: ["garbage", "nothing", "another key", "no file", "cut"])
    func aBadFileKeepsTheOldOneInForce(kind: String) throws {
        let old = try current(try certificates.leaf(["app.test"]))
        let new = try certificates.leaf(["app.test"])
        try withMartlet(SecureConfigs.proxy(to: [origin.address], [old])) { martlet throws in
            switch kind {
            case "garbage": try replace("now.pem", by: Array("garbage\n".utf8))
            case "nothing": try replace("now.key", by: [])
            case "another key": try replace("now.key", by: new.keyPEM)
            case "no file": try FileManager.default.removeItem(atPath: path("now.pem"))
            default: try replace("now.pem", by: Array(new.chainPEM.prefix(new.chainPEM.count / 2)))
            }
            try martlet.waitForMetric(Self.failures, 1, .seconds(30))
            let text = "certificate not loaded: the one before stays in force"
            try martlet.process.waitForOutput(containing: text, on: .errors)
            #expect(martlet.errors.contains("setting=listeners[0].tls.certificates[0]."), "\(martlet.errors)")
            #expect(try martlet.presentedSerial("app.test") == old.serial)
            #expect(try martlet.curl("app.test", authority: certificates.authority) == "/")
            #expect(try martlet.metrics[Self.reloads] == 0)
            _ = try current(new)
            try eventually("the new one", .seconds(30)) { try martlet.presentedSerial("app.test") == new.serial }
        }
    }

    @Test func oneOfTwoKindsForANameMayChange() throws {
        let curve = try current(try certificates.leaf(["app.test"]), "curve")
        let rsa = try current(try certificates.leaf(["app.test"], key: .rsa2048), "rsa")
        let new = try certificates.leaf(["app.test"], key: .rsa2048)
        let onlyRSA = ["-tls1_2", "-cipher", "ECDHE-RSA-AES128-GCM-SHA256"]
        try withMartlet(SecureConfigs.proxy(to: [origin.address], [curve, rsa])) { martlet throws in
            #expect(try martlet.presentedSerial("app.test", onlyRSA) == rsa.serial)
            #expect(try martlet.presentedSerial("app.test", ["-sigalgs", "RSA-PSS+SHA256"]) == rsa.serial)
            _ = try current(new, "rsa")
            try martlet.waitForMetric(Self.reloads, 1, .seconds(30))
            #expect(try martlet.presentedSerial("app.test", onlyRSA) == new.serial)
            #expect(try martlet.presentedSerial("app.test") == curve.serial)
        }
    }

    /// The servers' side: whom to trust, and what to show.
    @Test func theFilesForServersAreWatchedToo() throws {
        let clients = try TestCertificates("Proxies")
        let others = try TestCertificates("Others")
        let own = try current(try clients.leaf(["one.test"]))
        try replace("servers.pem", by: certificates.authorityPEM)
        let server = SecureConfigs.proxy(
            to: [origin.address], [try certificates.leaf(["127.0.0.1"])],
            tls: ["clientCertificates: {ca: \(clients.authority)}"])
        try withMartlet(server) { server throws in
            let tls = "tls: {ca: \(path("servers.pem")), certificate: \(own.chain), key: \(own.key)}"
            // Without idle connections each request shows what holds for new ones.
            let upstream = [tls, "pool: {maxIdle: 0}", "ejection: off"]
            let address = "127.0.0.1:\(try server.port(of: "tls"))"
            try withMartlet(Configs.proxy(to: [address], upstream: upstream)) { martlet throws in
                func status() throws -> Int { try martlet.request("GET /").status }
                #expect(try status() == 200)
                #expect(try origin.lastRequest["X-Client-Names"] == "DNS:one.test")
                _ = try current(try clients.leaf(["two.test"]))
                try martlet.waitForMetric(Self.reloads, 1, .seconds(30))
                #expect(try status() == 200)
                #expect(try origin.lastRequest["X-Client-Names"] == "DNS:two.test")
                try replace("servers.pem", by: others.authorityPEM)
                try martlet.waitForMetric(Self.reloads, 2, .seconds(30))
                #expect(try status() == 502)
                try replace("servers.pem", by: Array("garbage".utf8))
                try martlet.waitForMetric(Self.failures, 1, .seconds(30))
                #expect(martlet.errors.contains("authorities of servers not loaded: the one before stays in force"))
                #expect(try status() == 502)
                try replace("servers.pem", by: certificates.authorityPEM)
                try martlet.waitForMetric(Self.reloads, 3, .seconds(30))
                #expect(try status() == 200)
            }
        }
    }

    @Test func whatExpiresSoonIsToldAndMeasured() throws {
        func text(_ seconds: Double) -> String {
            let time = Date(timeIntervalSinceNow: seconds).ISO8601Format()
            return time.filter { $0.isNumber || $0 == "Z" }
        }
        let valid = TestCertificates.Validity(from: text(-30 * 86_400), to: text(2 * 86_400 + 600))
        let leaf = try certificates.leaf(["app.test"], valid: valid)
        try withMartlet(SecureConfigs.proxy(to: [origin.address], [leaf])) { martlet throws in
            #expect(martlet.errors.contains("warning: the certificate expires in 2 days"), "\(martlet.errors)")
            try martlet.process.waitForOutput(containing: "certificate expires in 2 days", on: .errors)
            let metrics = try martlet.metrics.filter { $0.key.hasPrefix("martlet_certificate_expiry_seconds{") }
            let end = try #require(metrics.first)
            #expect(metrics.count == 1 && end.key.contains("\"app.test\"") && end.key.contains("\"tls\""), "\(metrics)")
            #expect(abs(end.value - Date.now.timeIntervalSince1970 - 2 * 86_400 - 600) < 120)
        }
    }
}
