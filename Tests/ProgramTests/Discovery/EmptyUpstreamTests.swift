import Foundation
import MartletTestSupport
import Testing

/// Upstreams without a server, in all places where there can be one.
@Suite(.timeLimit(.minutes(20))) struct EmptyUpstreamTests {
    private static let kinds = [
        "balance: least-busy", "balance: least-request", "balance: round-robin", "balance: random", "balance: first",
        "balance: hash, hash: path", "sticky: {cookie: id}", "protocol: h2", "protocol: h2, grpc: {maxTimeout: 1s}",
        "hedge: {}", "check: /healthz", "slowStart: 10s", "breaker: {requests: 1, connections: 1}",
        "retry: {methods: all, attempts: 5}", "proxyProtocol: v2", "agent: {port: 1}", "tls: {insecure: true}",
    ]

    /// Nothing but upstreams without servers.
    private func config() -> String {
        let upstreams = Self.kinds.enumerated().map { number, kind in
            "  u\(number): {discover: {folder: FOLDER/none}, queue: {noServerTimeout: 0s}, \(kind)}"
        }
        let routes = Self.kinds.indices.map { "  - {path: /\($0), upstream: u\($0)}" }
        return """
            workers: 2
            listeners:
              - {address: '127.0.0.1:0', name: web}
              - {address: '127.0.0.1:0', name: plain, mode: tcp, upstream: u0}
            admin: {address: '127.0.0.1:0', token: \(Configs.token)}
            routes:
            \(routes.joined(separator: "\n"))
              - {path: /split, split: {upstreams: {u0: 1, u1: 1}}}
              - {path: /mirror, upstream: u2, mirror: {to: u3}}
            upstreams:
            \(upstreams.joined(separator: "\n"))
            """
    }

    @Test func theyAnswer503AndNothingElseHappens() throws {
        try withMartlet(config()) { martlet in
            let paths = Self.kinds.indices.map { "/\($0)" } + ["/split", "/mirror"]
            for path in paths {
                #expect(try martlet.request("GET \(path)").status == 503, "\(path)")
                #expect(try martlet.request("POST \(path)", content: "content").status == 503, "\(path)")
                let call = ["Content-Type: application/grpc", "TE: trailers", "grpc-timeout: 1S"]
                let called = try martlet.request("POST \(path)", call, content: "\0\0\0\0\0")
                #expect(called.status == 503 || called["grpc-status"] == "14", "\(path): \(called.text)")
                let old = try martlet.connect()
                try old.send("GET \(path) HTTP/1.0\r\n\r\n")
                #expect(try old.readResponse().status == 503, "\(path)")
            }
            // It may be gone before it has been made.
            let plain = try? martlet.connect(to: "plain").receiveUntilGone().bytes
            #expect(plain ?? [] == [])
            #expect(try martlet.found() == [])
            #expect(try martlet.admin("/v1/upstreams").objects.count == Self.kinds.count)
            #expect(try martlet.metrics["martlet_requests_without_server_total"] ?? 0 >= Double(4 * paths.count - 4))
            let explained = try ChildProcess.run(
                MartletBinary.path, ["explain", "GET", "http://a.test/0", "-c", martlet.folder.path("martlet.yaml")])
            #expect(explained.output.contains("u0"), "\(explained)")
        }
    }

    /// A server that joins gets what waits for one.
    @Test func whoWaitsIsServedByTheFirstThatComes() throws {
        let origin = try Origin()
        let folder = try TestFolder()
        try FileManager.default.createDirectory(atPath: folder.path("servers"), withIntermediateDirectories: false)
        let text = Configs.discovering("{folder: FOLDER/servers}").replacing(
            "noServerTimeout: 0s", with: "noServerTimeout: 20s")
        let martlet = try RunningMartlet(text, folder: folder)
        let waiting = try (0..<3).map { _ in try martlet.begin("GET /a") }
        try eventually("they wait") { try martlet.metrics["martlet_queue_waiting"] == 3 }
        try folder.write(origin.address + "\n", to: "servers/new")
        try eventually("told") { martlet.errors.contains("+1 server app/\(origin.address)") }
        for client in waiting { #expect(try client.readResponse().text == "/a") }
        try martlet.stop()
    }
}
