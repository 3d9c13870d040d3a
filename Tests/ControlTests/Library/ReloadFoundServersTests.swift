// The library with servers that are found.
import Logging
import MartletControl
import MartletTestSupport
import Testing

@Suite(.timeLimit(.minutes(20)), .oneAtATime) struct ReloadFoundServersTests {
    /// Answers all requests with its number.
    private static func server(_ number: Int) throws -> ScriptedServer {
        try ScriptedServer { socket, _ in
            while try socket.readRequest() != nil {
                try socket.send("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n\(number)")
            }
        }
    }

    private static func yaml(_ discover: String, _ more: String = "") -> String {
        """
        workers: 2
        listeners: [{ address: "127.0.0.1:0" }]
        routes: [{ upstream: app }]
        upstreams: { app: { discover: \(discover), queue: { noServerTimeout: 0s } } }
        accessLog: off
        \(more)
        """
    }

    /// What a client gets: the number of a server, or a status.
    private static func answer(_ proxy: ReverseProxy) throws -> String {
        guard let port = proxy.addresses.first?.split(separator: ":").last.flatMap({ UInt16($0) }) else {
            throw TestFailure("no port in \(proxy.addresses)")
        }
        let client = try TestSocket(port: port)
        try client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        let response = try client.readResponse(to: "GET")
        return response.status == 200 ? response.text : "\(response.status)"
    }

    /// Asks until all of ten answers are among these, and each of these is among them.
    private static func expect(_ answers: Set<String>, of proxy: ReverseProxy) throws {
        let deadline = ContinuousClock.now + .seconds(20)
        var last: Set<String> = []
        repeat {
            last = Set(try (0..<10).map { _ in try answer(proxy) })
            if last == answers { return }
        } while ContinuousClock.now < deadline
        throw TestFailure("answers are \(last), not \(answers)")
    }

    /// Runs a proxy, and a test that blocks, on a thread of its own.
    private func run(_ yaml: String, _ test: @escaping @Sendable (ReverseProxy) throws -> Void) async throws {
        let proxy = try ReverseProxy(yaml: yaml, log: LogRecorder().logger)
        let running = Task(executorPreference: ThreadPerJob()) { try await proxy.run() }
        let result = await withCheckedContinuation { continuation in
            _ = TestThread { continuation.resume(returning: Result { try test(proxy) }) }
        }
        running.cancel()
        try await running.value
        try result.get()
    }

    @Test func aNameLeadsToServersThatComeAndGo() async throws {
        let servers = try (0..<2).map { try Self.server($0) }
        let places = Monitor<[Int]>([0])
        let resolver = try TestResolver { question in
            if question.type != 33 { return TestAnswer([.a("one.test", "127.0.0.1")]) }
            let records = places.value.map { TestRecord.srv("_http._tcp.app.test", "one.test", port: servers[$0].port) }
            return records.isEmpty
                ? TestAnswer(status: 3) : TestAnswer(records, additional: [.a("one.test", "127.0.0.1")])
        }
        let yaml = Self.yaml(
            "{ dns: _http._tcp.app.test, type: srv, minTTL: 100ms, maxTTL: 200ms }",
            "resolvers: { addresses: '\(resolver.address)' }")
        try await run(yaml) { proxy in
            #expect(try Self.answer(proxy) == "0", "it was found before the first request")
            for wanted in [[0, 1], [1], [], [0]] {
                places.change { $0 = wanted }
                try Self.expect(wanted.isEmpty ? ["503"] : Set(wanted.map { "\($0)" }), of: proxy)
            }
        }
        // Nobody asks any more.
        let asked = resolver.questions.count
        #expect(asked > 5 && !resolver.waitForQuestions(.seconds(1)) { $0.count > asked + 1 })
    }

    @Test func aFolderHasServers() async throws {
        let servers = try (0..<2).map { try Self.server($0) }
        let folder = try TestFolder()
        try folder.write("127.0.0.1:\(servers[0].port)\n", to: "a.conf")
        try await run(Self.yaml("{ folder: \(folder.path) }")) { proxy in
            #expect(try Self.answer(proxy) == "0")
            try folder.write("127.0.0.1:\(servers[1].port)\n", to: "b.conf")
            try Self.expect(["0", "1"], of: proxy)
            try folder.write("# none\n", to: "a.conf")
            try Self.expect(["1"], of: proxy)
        }
    }

    /// The start goes on without an answer, and what is found later serves.
    @Test func whatIsFoundLateServes() async throws {
        let server = try Self.server(0)
        let isReady = Monitor(false)
        let resolver = try TestResolver { _ in
            isReady.value ? TestAnswer([.a("app.test", "127.0.0.1")]) : TestAnswer(isSilent: true)
        }
        let yaml = Self.yaml(
            "{ dns: app.test, type: a, port: \(server.port), startTimeout: 0s, minTTL: 100ms }",
            "resolvers: { addresses: '\(resolver.address)', timeout: 100ms, tries: 1 }")
        try await run(yaml) { proxy in
            #expect(try Self.answer(proxy) == "503")
            isReady.change { $0 = true }
            try Self.expect(["0"], of: proxy)
        }
    }

    /// One that is never run leaves nobody behind who asks.
    @Test func whatIsNotRunDoesNotGoOnAsking() throws {
        let resolver = try TestResolver { _ in TestAnswer([.a("app.test", "127.0.0.1")]) }
        let yaml = Self.yaml(
            "{ dns: app.test, type: a, port: 9, minTTL: 100ms }", "resolvers: { addresses: '\(resolver.address)' }")
        do {
            let proxy = try ReverseProxy(yaml: yaml, log: LogRecorder().logger)
            #expect(proxy.addresses.count == 1)
        }
        let asked = resolver.questions.count
        #expect(asked > 0 && !resolver.waitForQuestions(.seconds(1)) { $0.count > asked + 1 })
    }
}
