import Logging
import MartletBalancing
import MartletEventLoop
import MartletProxyConfig
import MartletTestSupport
import Testing

@testable import MartletControl
@testable import MartletProxy

@Suite(.timeLimit(.minutes(20))) struct HealthKeeperTests {
    /// A proxy in front of two servers, one of which is ill as soon as it is told.
    private func start(_ ports: [UInt16], _ more: String, log: Logger) throws -> ProxyServer {
        let configuration = try ConfigurationLoader.parse(
            """
            listeners: [{address: '127.0.0.1:0'}]
            admin: {address: '127.0.0.1:0'}
            accessLog: off
            routes: [{path: '/*', upstream: app}]
            upstreams:
              app:
                balance: round-robin
                servers: [\(ports.map { "'127.0.0.1:\($0)'" }.joined(separator: ", "))]
                \(more)
            """, file: "test")
        let server = try ProxyServer(configuration, workers: 2, log: log)
        try server.start()
        return server
    }

    private func answering(_ name: String, checks: Monitor<Int>) throws -> ScriptedServer {
        try ScriptedServer { socket, _ in
            while let request = try socket.readRequest() {
                let status = request.target == "/health" ? checks.value : 200
                try socket.send("HTTP/1.1 \(status) x\r\nContent-Length: \(name.utf8.count)\r\n\r\n\(name)")
            }
        }
    }

    @Test func whoFailsItsCheckGetsNoRequests() async throws {
        let health = Monitor(200)
        let (first, second) = (try answering("first", checks: health), try answering("second", checks: Monitor(200)))
        let lines = Monitor<[String]>([])
        var log = Logger(label: "test") { _ in CollectingLog(lines: lines) }
        log.logLevel = .notice
        let proxy = try start(
            [first.port, second.port],
            "check: {path: /health, interval: 50ms, downInterval: 50ms, timeout: 30s, rise: 1, fall: 1}", log: log)
        #expect(try answers(20, from: proxy) == ["first", "second"])
        health.change { $0 = 500 }
        #expect(lines.wait { $0.contains { $0.hasPrefix("server is down") } ? true : nil } == true)
        let line = lines.value.first { $0.hasPrefix("server is down") }
        #expect(line?.contains("reason=its check fails: status 500") == true)
        #expect(line?.contains("upstream=app") == true)
        #expect(try answers(20, from: proxy, until: ["second"]) == ["second"])
        health.change { $0 = 200 }
        #expect(try answers(20, from: proxy, until: ["first", "second"]) == ["first", "second"])
        proxy.stop()
        for await _ in proxy.ends {}
        proxy.finish()
    }

    /// Who answers `count` requests. Rosters travel by message, so this is asked again until it is as wanted.
    private func answers(_ count: Int, from proxy: ProxyServer, until wanted: Set<String>? = nil) throws -> Set<String>
    {
        var names: Set<String> = []
        for _ in 0..<500 {
            names = []
            for _ in 0..<count {
                let client = try TestSocket(port: proxy.addresses[0].port)
                try client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
                names.insert(try client.readResponse().text)
            }
            if wanted == nil || names == wanted { return names }
        }
        return names
    }
}

/// Keeps what is logged.
private struct CollectingLog: LogHandler {
    let lines: Monitor<[String]>
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.trace

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let pairs = (event.metadata ?? [:]).map { "\($0.key)=\($0.value)" }.sorted().joined(separator: " ")
        lines.change { $0.append("\(event.message) \(pairs)") }
    }
}
