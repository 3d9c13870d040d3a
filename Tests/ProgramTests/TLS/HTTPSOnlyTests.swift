// From http to https, and staying there.
import Foundation
import MartletTestSupport
import Testing

@Suite struct HTTPSOnlyTests {
    private static func martlet(
        _ certificates: TestCertificates, _ origin: Origin, _ tls: [String], _ test: (RunningMartlet) throws -> Void
    ) throws {
        let leaf = try certificates.leaf(["app.test"])
        try withMartlet(SecureConfigs.proxy(to: [origin.address], [leaf], tls: tls), test)
    }

    @Test func redirectsAndTellsClientsToStay() throws {
        let certificates = try TestCertificates()
        let origin = try Origin { _ in response(200, "", ["Strict-Transport-Security: max-age=1"]) }
        try Self.martlet(certificates, origin, ["httpsOnly: 127.0.0.1:0"]) { martlet throws in
            let plain = martlet.addresses.first { $0.listener != "tls" && $0.listener != "admin" }
            let port = try #require(plain.flatMap { UInt16($0.address.split(separator: ":").last ?? "") })
            let answer = try TestSocket(port: port).exchange("POST /a/b?c=d", ["Host: app.test:8080"], content: "x")
            #expect(answer.status == 308)
            #expect(answer["Location"] == "https://app.test:\(try martlet.port(of: "tls"))/a/b?c=d")
            #expect(answer["Strict-Transport-Security"] == nil)
            #expect(origin.requests.isEmpty)
            let fields = try martlet.curl("app.test", "/", ["-i"], authority: certificates.authority)
            #expect(fields.contains("strict-transport-security: max-age=31536000\r\n"))
            let own = fields.range(of: "max-age=31536000")?.lowerBound
            let servers = fields.range(of: "max-age=1\r")?.lowerBound
            #expect(try #require(own) < (try #require(servers)))
            try martlet.waitForMetric("martlet_redirects_to_https_total", 1)
        }
    }

    @Test func hstsCanBeSetAlone() throws {
        let certificates = try TestCertificates()
        let origin = try Origin()
        let hsts = "hsts: {maxAge: 730d, includeSubdomains: true, preload: true}"
        try Self.martlet(certificates, origin, [hsts]) { martlet throws in
            let fields = try martlet.curl("app.test", "/", ["-i"], authority: certificates.authority)
            #expect(fields.contains("strict-transport-security: max-age=63072000; includeSubDomains; preload\r\n"))
        }
    }
}
