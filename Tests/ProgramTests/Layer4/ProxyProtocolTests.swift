// The PROXY protocol through the program: a proxy that announces clients, and one that believes it.
import MartletTestSupport
import Testing

@Suite struct ProxyProtocolTests {
    private static let header = "PROXY TCP4 192.0.2.7 198.51.100.1 4321 443\r\n"
    private static let believing = "proxyProtocol: [127.0.0.1]"

    private func http(_ server: String, listener: String = "", upstream: [String] = []) -> String {
        Configs.proxy(to: [server], upstream: upstream)
            .replacing("- address: 127.0.0.1:0", with: "- {address: \"127.0.0.1:0\", name: http\(listener)}")
    }

    @Test func curlIsBelieved() throws {
        let origin = try Origin()
        try withMartlet(http(origin.address, listener: ", \(Self.believing)")) { martlet throws in
            let result = try ChildProcess.run(
                "curl", ["-sS", "--haproxy-protocol", "http://127.0.0.1:\(try martlet.port())/x"])
            #expect(result.output == "/x")
            try martlet.waitForMetric("martlet_proxy_headers_total", 1)
            let other = try martlet.connect()
            try other.send(requestText("GET /"))
            #expect(try other.receiveUntilGone().bytes.isEmpty)
        }
    }

    /// From the client to the first proxy, and from there over TLS to the second one: it knows the client.
    @Test(arguments: ["v1", "v2"]) func clientsAreKnownBehindTwoProxies(version: String) throws {
        let certificates = try TestCertificates()
        let origin = try Origin()
        let leaf = try certificates.leaf(["127.0.0.1"])
        let secure = SecureConfigs.proxy(to: [origin.address], [leaf])
            .replacing("    name: tls\n", with: "    name: tls\n    \(Self.believing)\n")
        try withMartlet(secure) { second throws in
            let upstream = [
                "proxyProtocol: \(version)", "tls: {ca: \(certificates.authority)}",
                "check: {path: /health, interval: 100ms}",
            ]
            let config = http(
                "127.0.0.1:\(try second.port(of: "tls"))", listener: ", \(Self.believing)", upstream: upstream)
            try withMartlet(config) { first throws in
                let client = try first.connect()
                try client.send(Self.header)
                for _ in 0..<3 { #expect(try client.exchange("GET /x").status == 200) }
                client.close()
                #expect(try second.accessLogLine(target: "/x")["client"] == "192.0.2.7")
                #expect(try second.accessLogLine(target: "/health")["client"] == "127.0.0.1")
                #expect(try first.metrics["martlet_upstream_connections_reused_total"] == 0)
            }
        }
    }

    @Test(arguments: ["v1", "v2"]) func tunnelsAreToo(version: String) throws {
        let certificates = try TestCertificates()
        let origin = try Origin()
        let leaf = try certificates.leaf(["a.test"])
        let secure = SecureConfigs.proxy(to: [origin.address], [leaf])
            .replacing("    name: tls\n", with: "    name: tls\n    \(Self.believing)\n")
        try withMartlet(secure) { second throws in
            let address = "127.0.0.1:\(try second.port(of: "tls"))"
            let config = TCPConfigs.proxy(
                to: [address], listener: ["serverNames: [{host: a.test, upstream: app}]", Self.believing],
                upstream: ["proxyProtocol: \(version)"]
            ).replacing("name: tcp", with: "name: tls")
            try withMartlet(config) { first throws in
                let answer = try first.curl(
                    "a.test", "/y", ["--haproxy-protocol"], authority: certificates.authority)
                #expect(answer == "/y")
                try first.waitForMetric("martlet_proxy_headers_total", 1)
                try second.waitForMetric("martlet_proxy_headers_total", 1)
                #expect(try second.accessLogLine(target: "/y")["client"] == "127.0.0.1")
            }
        }
    }
}
