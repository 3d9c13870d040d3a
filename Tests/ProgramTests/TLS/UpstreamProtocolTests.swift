// What is spoken with servers by TLS. The servers are other proxies, before an origin.
import MartletTestSupport
import Testing

@Suite(.timeLimit(.minutes(20))) struct UpstreamProtocolTests {
    private let origin: Origin
    private let certificates: TestCertificates
    private let leaf: TestCertificates.Leaf

    init() throws {
        origin = try Origin()
        certificates = try TestCertificates()
        leaf = try certificates.leaf(["127.0.0.1"])
    }

    /// A proxy that speaks TLS with these keys on its listener, and one before it whose upstream has those.
    private func run(
        _ listener: String, _ upstream: [String], _ test: (RunningMartlet, _ server: RunningMartlet) throws -> Void
    ) throws {
        let config = SecureConfigs.proxy(to: [origin.address], [leaf]).replacing(
            "name: tls\n", with: "name: tls\n    \(listener)\n")
        let server = try RunningMartlet(config)
        let address = "127.0.0.1:\(try server.port(of: "tls"))"
        let keys = ["tls: {ca: \(certificates.authority)}"] + upstream
        try withMartlet(Configs.proxy(to: [address], upstream: keys)) { martlet throws in try test(martlet, server) }
    }

    @Test(arguments: [
        ("http2: on", "h2", 1), ("http2: on", "auto", 1), ("http2: on", "http1", 0), ("http2: off", "auto", 0),
        ("http2: off", "http1", 0),
    ])
    func whatBothWantIsSpoken(listener: String, word: String, connections: Double) throws {
        try run(listener, ["protocol: \(word)"]) { martlet, server throws in
            for index in 0..<3 { #expect(try martlet.request("POST /\(index)", content: "abc").text == "/\(index)") }
            #expect(try server.metrics["martlet_http2_connections_total"] == connections)
            #expect(try martlet.metrics["martlet_upstream_http2_connections_total"] == connections)
            #expect(try martlet.metrics["martlet_upstream_http2_streams_total"] == connections * 3)
            try martlet.waitForMetric("martlet_upstream_http2_streams_active", 0)
        }
    }

    /// One that offers something else ends the handshake; one that does not know of ALPN says nothing.
    @Test(arguments: [("http2: off", "handshake"), ("mode: tcp\n    upstream: app", "protocol")])
    func aServerWithoutHTTP2IsRefused(listener: String, reason: String) throws {
        try run(listener, ["protocol: h2"]) { martlet, _ throws in
            #expect(try martlet.request("GET /secret").status == 502)
            #expect(origin.requests.isEmpty)
            let name = "martlet_upstream_tls_handshakes_failed_total{reason=\"\(reason)\"}"
            #expect(try martlet.metrics[name, default: 0] >= 1)
        }
    }

    @Test func checksSayHTTP1() throws {
        try run("http2: on", ["protocol: h2", "check: {path: /healthz, interval: 50ms}"]) { martlet, server throws in
            try eventually("a check") { origin.requests.contains { $0.target == "/healthz" } }
            #expect(try server.metrics["martlet_http2_connections_total"] == 0)
            #expect(try martlet.request("GET /").status == 200)
            #expect(try server.metrics["martlet_http2_connections_total"] == 1)
        }
    }

    /// A client's end is told to the server's side, and the server's own end is no fault.
    @Test func endsAreCounted() throws {
        try run("http2: on", ["protocol: h2", "pool: {idleTimeout: 100ms}"]) { martlet, server throws in
            #expect(try martlet.request("GET /").status == 200)
            try martlet.waitForMetric("martlet_upstream_http2_connections_active", 0)
            try martlet.waitForMetric("martlet_upstream_http2_goaways_total{direction=\"out\"}", 1)
            try server.waitForMetric("martlet_http2_goaways_total{direction=\"in\"}", 1)
            #expect(try server.metrics["martlet_http2_faults_total{kind=\"protocol\"}"] == 0)
        }
    }
}
