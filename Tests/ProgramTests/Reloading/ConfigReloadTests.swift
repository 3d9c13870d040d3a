import Glibc
import MartletTestSupport
import Testing

/// Another config while clients are there: SIGHUP.
@Suite(.timeLimit(.minutes(20))) struct ConfigReloadTests {
    /// Two routes to two servers; `more` is more of the file.
    static func config(_ one: Origin, _ two: Origin, a: String = "one", _ more: String = "") -> String {
        """
        workers: 1
        listeners: [{address: "127.0.0.1:0"}]
        admin: {address: "127.0.0.1:0"}
        routes:
          - {path: /a, upstream: \(a)}
          - {path: /b, upstream: two}
        upstreams:
          one: {servers: ["\(one.address)"]}
          two: {servers: ["\(two.address)"]}
        \(more)

        """
    }

    static func origin(_ name: String) throws -> Origin { try Origin { _ in response(200, name) } }

    @Test func aRouteThatHasChangedIsForTheNextRequestOnTheSameConnection() throws {
        let (one, two) = (try Self.origin("one"), try Self.origin("two"))
        try withMartlet(Self.config(one, two)) { martlet in
            let client = try martlet.connect()
            #expect(try client.exchange("GET /a").text == "one")
            #expect(try martlet.metrics["martlet_config_last_reload_successful"] == 1)
            try martlet.write(Self.config(one, two, a: "two", "limits: {uri: 4KiB}"))
            try martlet.reload()
            #expect(try client.exchange("GET /a").text == "two")
            let line = #"changes="~ route /a (upstream), ~ limits (uri)""#
            #expect(martlet.errors.contains("by=signal") && martlet.errors.contains(line), "\(martlet.errors)")
            #expect(try martlet.metrics["martlet_reloads_total{result=\"applied\"}"] == 1)
            #expect(try client.exchange("GET /b").text == "two")
        }
    }

    @Test func aRequestThatIsGoingOnEndsAsItHasBegun() throws {
        let isOpen = Monitor(false)
        let one = try Origin { _ in
            _ = isOpen.wait { $0 ? true : nil }
            return response(200, "one")
        }
        let two = try Self.origin("two")
        try withMartlet(Self.config(one, two)) { martlet in
            let client = try martlet.connect()
            try client.send(requestText("GET /a"))
            _ = try one.waitForRequests(1)
            try martlet.write(Self.config(one, two, a: "two"))
            try martlet.reload()
            #expect(try martlet.request("GET /a").text == "two")
            isOpen.change { $0 = true }
            #expect(try client.readResponse().text == "one")
            #expect(try client.exchange("GET /a").text == "two")
        }
    }

    @Test func aWebSocketLivesOn() throws {
        let echo = try ScriptedServer(limit: .seconds(60)) { socket, _ in
            try WebSocket.accept(socket)?.echo()
        }
        let config = Configs.proxy(to: echo)
        try withMartlet(config) { martlet in
            let socket = try WebSocket.open(try martlet.connect(), "/ws")
            for round in 1...3 {
                try martlet.write(config + "timeouts: {idle: \(round)s}\n")
                martlet.process.signal(SIGHUP)
                try martlet.waitForMetric("martlet_reloads_total{result=\"applied\"}", Double(round), .seconds(60))
                try socket.send(.text("hello \(round)"))
                #expect(try socket.receiveText() == "hello \(round)")
            }
        }
    }

    @Test func aBrokenConfigLeavesTheOneBeforeInForce() throws {
        let (one, two) = (try Self.origin("one"), try Self.origin("two"))
        try withMartlet(Self.config(one, two)) { martlet in
            let client = try martlet.connect()
            #expect(try client.exchange("GET /a").text == "one")
            try martlet.write(Self.config(one, two, a: "nobody", "worker: 3"))
            try martlet.reload("the one before stays in force")
            let file = martlet.folder.path("martlet.yaml")
            #expect(martlet.errors.contains("\(file):5:26: there is no upstream 'nobody'"), "\(martlet.errors)")
            let typo = "\(file):10:1: unknown key 'worker' at the top level; did you mean 'workers'?"
            #expect(martlet.errors.contains(typo), "\(martlet.errors)")
            #expect(try client.exchange("GET /a").text == "one")
            let metrics = try martlet.metrics
            #expect(metrics["martlet_reloads_total{result=\"refused\"}"] == 1)
            #expect(metrics["martlet_config_last_reload_successful"] == 0)
            let hash = try #require(metrics.keys.first { $0.hasPrefix("martlet_config_info{hash=") })
            // What is whole again is taken.
            try martlet.write(Self.config(one, two, a: "two"))
            try martlet.reload()
            #expect(try client.exchange("GET /a").text == "two")
            #expect(try martlet.metrics["martlet_config_last_reload_successful"] == 1)
            #expect(try martlet.metrics[hash] == nil)
        }
    }

    @Test func aFileThatIsGoneLeavesTheConfigInForce() throws {
        let (one, two) = (try Self.origin("one"), try Self.origin("two"))
        try withMartlet(Self.config(one, two)) { martlet in
            try martlet.folder.remove("martlet.yaml")
            try martlet.reload("cannot read the file: there is no such file")
            #expect(try martlet.request("GET /a").text == "one")
        }
    }

    @Test func whatTheSystemDoesNotGiveLeavesTheConfigInForce() throws {
        let (one, two) = (try Self.origin("one"), try Self.origin("two"))
        try withMartlet(Self.config(one, two)) { martlet in
            let taken = "listeners: [{address: \"\(one.address)\"}, "
            try martlet.write(Self.config(one, two, a: "two").replacing("listeners: [", with: taken))
            try martlet.reload("config not reloaded")
            #expect(martlet.errors.contains("cannot listen on \(one.address)"), "\(martlet.errors)")
            #expect(try martlet.request("GET /a").text == "one")
            #expect(try martlet.metrics["martlet_reloads_total{result=\"refused\"}"] == 1)
        }
    }

    /// Included files, the environment and secrets are read anew.
    @Test func allFilesAreReadAgain() throws {
        let (one, two) = (try Self.origin("one"), try Self.origin("two"))
        let folder = try TestFolder()
        try folder.makeFolder("sites")
        try folder.write("routes: [{path: /c, upstream: \"${UPSTREAM}\"}]\n", to: "sites/c.yaml")
        try folder.write("key-1\n", to: "secret")
        let config = Self.config(one, two, "include: sites/*.yaml").replacing(
            "{path: /a, upstream: one}",
            with: "{path: /a, upstream: one, requestFields: {set: {X-Key: \"${file:secret}\"}}}")
        let martlet = try RunningMartlet(config, folder: folder, environment: ["UPSTREAM": "two"])
        #expect(try martlet.request("GET /a").status == 200)
        #expect(try one.lastRequest["X-Key"] == "key-1")
        #expect(try martlet.request("GET /c").text == "two")
        #expect(try martlet.request("GET /d").status == 404)
        try folder.write("routes: [{path: /d, upstream: one}]\n", to: "sites/d.yaml")
        try folder.write("key-2", to: "secret")
        try martlet.reload()
        #expect(try martlet.request("GET /a").status == 200)
        #expect(try one.lastRequest["X-Key"] == "key-2")
        #expect(try martlet.request("GET /d").text == "one")
        #expect(!martlet.errors.contains("key-2"))
        // A mistake in an included file is told with its place there.
        try folder.write("routes:\n  - {path: /d, upstrem: one}\n", to: "sites/d.yaml")
        try martlet.reload("sites/d.yaml:2:16: unknown key 'upstrem'")
        #expect(try martlet.request("GET /d").text == "one")
        try martlet.stop()
    }

    /// The words of the command line hold for every config that is read.
    @Test func theCommandLineStaysInForce() throws {
        let (one, two) = (try Self.origin("one"), try Self.origin("two"))
        let martlet = try RunningMartlet(Self.config(one, two), engine: ["--engine", "epoll"])
        try martlet.write(Self.config(one, two, a: "two"))
        try martlet.reload()
        #expect(!martlet.errors.contains("at-next-start"), "\(martlet.errors)")
        try martlet.stop()
    }

    @Test func whatTakesEffectAtTheNextStartIsSaid() throws {
        let (one, two) = (try Self.origin("one"), try Self.origin("two"))
        try withMartlet(Self.config(one, two)) { martlet in
            try martlet.write(Self.config(one, two).replacing("workers: 1", with: "workers: 2"))
            try martlet.reload()
            #expect(martlet.errors.contains("at-next-start=workers"), "\(martlet.errors)")
        }
    }

    @Test func whileItEndsNothingIsReadAgain() throws {
        let slow = try ScriptedServer(limit: .seconds(60)) { socket, _ in
            _ = try socket.readRequest()
            _ = try socket.arrival(within: .seconds(60))
        }
        let martlet = try RunningMartlet(Configs.proxy(to: slow, "timeouts: {drain: 60s}"))
        let client = try martlet.connect()
        try client.send(requestText("GET /"))
        #expect(slow.waitForConnections(1))
        martlet.process.signal(SIGTERM)
        try martlet.process.waitForOutput(containing: "draining", on: .errors)
        try martlet.reload("the proxy is ending, so the config stays as it is")
        try martlet.stop(SIGTERM, exitCode: 143)
    }
}

extension RunningMartlet {
    /// Writes the config anew, in place.
    func write(_ config: String) throws {
        try folder.write(config.replacing("FOLDER", with: folder.path), to: "martlet.yaml")
    }

    /// Has the config read again, and waits for a line of the log that is not there yet.
    func reload(_ line: String = "config reloaded") throws {
        let before = count(of: line)
        process.signal(SIGHUP)
        try eventually("'\(line)' in the log", .seconds(60)) { count(of: line) > before }
    }

    private func count(of line: String) -> Int { errors.split(separator: line, omittingEmptySubsequences: false).count }
}
