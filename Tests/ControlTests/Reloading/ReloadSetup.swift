import MartletEventLoop
import MartletProxy
import MartletProxyConfig
import MartletTestSupport
import Testing

@testable import MartletControl

extension Trait where Self == ConditionTrait {
    /// Tests that block a thread while they wait for tasks which need one: beside others of their kind, on a machine of few
    /// cores, none of them would go on.
    static var oneAtATime: Self {
        .enabled(
            if: CommandLine.arguments.contains("--no-parallel"),
            "runs by itself: swift test --no-parallel --filter MartletControlTests.Reload")
    }
}

/// A proxy in this process that is given other configs while it serves.
final class ReloadedProxy: Sendable {
    let server: ProxyServer

    init(_ yaml: String, workers: Int = 2) throws {
        server = try ProxyServer(Self.parse(yaml), workers: workers, log: .martlet(.error))
        try server.start()
    }

    deinit { server.stop() }

    static func parse(_ yaml: String) throws -> Configuration {
        try ConfigurationLoader.parse("accessLog: off\n" + yaml, file: "test")
    }

    /// Puts another config in force.
    @discardableResult
    func reload(_ yaml: String) async throws -> ReloadNote {
        let note = try await server.reload(Self.parse(yaml)).get()
        #expect(note.failures == [])
        return note
    }

    /// A client of a listener.
    func connect(_ listener: Int = 0) throws -> TestSocket { try TestSocket(port: server.addresses[listener].port) }

    /// What a server answers to a request on a connection of its own.
    func get(_ path: String = "/") throws -> HTTPResponse {
        let client = try connect()
        defer { client.close() }
        return try client.get(path)
    }

    /// Ends, and waits until it has.
    func end() async {
        server.stop()
        for await _ in server.ends {}
        server.finish()
    }
}

extension TestSocket {
    /// Asks for a path on a connection that is kept.
    func get(_ path: String = "/", host: String = "test") throws -> HTTPResponse {
        try send("GET \(path) HTTP/1.1\r\nHost: \(host)\r\n\r\n")
        return try readResponse()
    }
}

extension ScriptedServer {
    /// Answers every request with a name; those below "/slow" when it is let.
    static func named(_ name: String, _ gate: Monitor<Bool> = Monitor(true)) throws -> ScriptedServer {
        try ScriptedServer { socket, _ in
            while let request = try socket.readRequest() {
                if request.target.hasPrefix("/slow") { _ = gate.wait { $0 ? true : nil } }
                try socket.send("HTTP/1.1 200 OK\r\nContent-Length: \(name.utf8.count)\r\n\r\n\(name)")
            }
        }
    }

    /// How a config names it.
    var address: String { "127.0.0.1:\(port)" }
}
