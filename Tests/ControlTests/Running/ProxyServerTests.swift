import MartletEventLoop
import MartletHTTPCore
import MartletProxy
import MartletProxyConfig
import MartletTestSupport
import Testing

@testable import MartletControl

@Suite(.timeLimit(.minutes(20))) struct ProxyServerTests {
    private static func configuration(_ more: String = "") throws -> Configuration {
        try ConfigurationLoader.parse(
            "listeners: [{address: '127.0.0.1:0'}]\nadmin: {address: '127.0.0.1:0'}\naccessLog: off\n" + more,
            file: "test")
    }

    private static func ends(of server: ProxyServer) async -> [ProxyServer.LoopEnd] {
        var ends: [ProxyServer.LoopEnd] = []
        for await end in server.ends { ends.append(end) }
        return ends.sorted { $0.loop < $1.loop }
    }

    @Test func theLoopsAreAsManyAsTheCallerOrTheConfigSays() throws {
        #expect(try ProxyServer(Self.configuration(), workers: 3, log: .martlet(.error)).loops == 3)
        #expect(try ProxyServer(Self.configuration("workers: 2"), log: .martlet(.error)).loops == 2)
        #expect(try ProxyServer(Self.configuration(), log: .martlet(.error)).loops == Host.cores)
    }

    @Test func itServesFromTheStartToTheDrain() async throws {
        let server = try ProxyServer(Self.configuration(), workers: 2, log: .martlet(.error))
        #expect(server.model.listeners.map(\.name) == ["127.0.0.1:0", "admin"])
        try server.start()
        let client = try TestSocket(port: server.addresses[0].port)
        try client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        #expect(try client.readResponse().status == 404)
        client.close()
        server.drain()
        #expect(await Self.ends(of: server) == [.init(loop: 0, error: nil), .init(loop: 1, error: nil)])
        server.finish()
        #expect(throws: TestFailure.self) { try TestSocket(port: server.addresses[0].port) }
    }

    @Test func stoppingEndsItAtOnce() async throws {
        let server = try ProxyServer(Self.configuration(), workers: 2, log: .martlet(.error))
        try server.start()
        let client = try TestSocket(port: server.addresses[0].port)
        try client.send("GET / HTTP/1.1\r\n")
        server.stop()
        #expect(await Self.ends(of: server).map(\.error) == [nil, nil])
        server.finish()
        _ = try client.receiveUntilGone()
    }

    @Test func whatCannotBeHadIsAnErrorThatLeavesNothing() throws {
        let port = try ProxyServer(Self.configuration(), workers: 2, log: .martlet(.error)).addresses[0].port
        var configuration = try Self.configuration()
        configuration.listeners[0].address = .tcp(IPAddress(v4: 0x7f00_0001), port: port)
        var log = AccessLogConfiguration()
        log.file = .path("/nowhere/a.log")
        configuration.accessLog = log
        #expect(throws: StartError.accessLog(path: "/nowhere/a.log", SystemError(2))) {
            try ProxyServer(configuration, workers: 2, log: .martlet(.error))
        }
        configuration.accessLog = nil
        _ = try ProxyServer(configuration, workers: 2, log: .martlet(.error))
        configuration.routes = [RouteConfiguration(path: "a", upstream: "u")]
        configuration.upstreams = [UpstreamConfiguration(name: "u", servers: [])]
        #expect { try ProxyServer(configuration, log: .martlet(.error)) } throws: {
            if case StartError.pattern = $0 { true } else { false }
        }
    }
}
