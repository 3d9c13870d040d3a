import MartletEventLoop
import MartletProxy
import MartletProxyConfig
import MartletTelemetry
import MartletTestSupport
import Testing

@testable import MartletControl

/// Configs that change while clients ask as fast as they can.
@Suite(.timeLimit(.minutes(20)), .oneAtATime) struct ReloadLoadTests {
    private static let hasH2load = (try? ChildProcess.run("h2load", ["--version"], .seconds(60))) != nil

    private static func config(_ round: Int, _ servers: [ScriptedServer]) -> String {
        let addresses = (0...round % 3).map { "'\(servers[($0 + round) % 4].address)'" }.joined(separator: ", ")
        return """
            listeners: [{address: '127.0.0.1:0'}]
            routes:
              - {path: /other\(round), respond: {status: 204}}
              - {path: /*, upstream: \(round % 2 == 0 ? "u" : "v"), responseFields: {set: {X-Round: '\(round)'}}}
            upstreams:
              u: {servers: [\(addresses)]}
              v: {servers: [\(addresses)]}
            """
    }

    @Test(.enabled(if: hasH2load, "h2load is not installed"), arguments: ["--h1", "--no-tls-proto=h2c"])
    func nobodyNoticesThatServersAndRoutesComeAndGo(_ how: String) async throws {
        let servers = try (0..<4).map { try ScriptedServer.named("\($0)") }
        let proxy = try ReloadedProxy(Self.config(0, servers))
        let port = proxy.server.addresses[0].port
        let load = try ChildProcess(
            "h2load", [how, "-n", "20000", "-c", "16", "-t", "1", "http://127.0.0.1:\(port)/"])
        var round = 0
        while load.isRunning {
            round += 1
            try await proxy.reload(Self.config(round, servers))
        }
        #expect(try load.wait() == .code(0))
        #expect(load.output.contains("20000 succeeded, 0 failed, 0 errored, 0 timeout"), "\(load.output)")
        #expect(load.output.contains("status codes: 20000 2xx"), "\(load.output)")
        #expect(round > 1)
        #expect(proxy.server.model.servers.count <= 24)
        await proxy.end()
    }
}
