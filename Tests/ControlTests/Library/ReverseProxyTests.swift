// The library, as a program of one's own uses it.
import MartletControl
import MartletTestSupport
import Testing

@Suite struct ReverseProxyTests {
    private func yaml(_ port: UInt16) -> String {
        """
        workers: 1
        listeners: [{ address: "127.0.0.1:0" }]
        routes: [{ upstream: app }]
        upstreams: { app: { servers: ["127.0.0.1:\(port)"] } }
        accessLog: off
        log: { level: error }
        """
    }

    /// The port behind the colon.
    private func port(_ address: String) throws -> UInt16 {
        try #require(address.split(separator: ":").last.flatMap { UInt16($0) })
    }

    @Test func servesUntilItsTaskIsCancelled() async throws {
        let server = try ScriptedServer { socket, _ in
            _ = try socket.readRequest()
            try socket.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi")
        }
        let proxy = try ReverseProxy(yaml: yaml(server.port))
        let running = Task(executorPreference: ThreadPerJob()) { try await proxy.run() }
        let client = try TestSocket(port: port(proxy.addresses[0]))
        try client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        let text = await withCheckedContinuation { continuation in
            _ = TestThread { continuation.resume(returning: try? client.readResponse(to: "GET").text) }
        }
        #expect(text == "hi")
        running.cancel()
        try await running.value
    }

    @Test func saysAllThatIsWrongWithItsConfig() throws {
        let error = #expect(throws: ReverseProxyError.self) {
            _ = try ReverseProxy(yaml: "listeners: [{ adress: \":1\" }]\nrutes: []\n", name: "mine")
        }
        let text = try #require(error).description
        #expect(text.contains("mine:1:15: error: unknown key 'adress'") && text.contains("mine:2:1: error"))
    }

    @Test func anAddressThatIsTakenIsAnError() throws {
        let first = try ReverseProxy(yaml: yaml(9))
        let taken = first.addresses[0]
        let error = #expect(throws: ReverseProxyError.self) {
            _ = try ReverseProxy(yaml: yaml(9).replacing("127.0.0.1:0", with: taken))
        }
        #expect(try #require(error).description.contains("cannot listen on \(taken)"))
    }
}
