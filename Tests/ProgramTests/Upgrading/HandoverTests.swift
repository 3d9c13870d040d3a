import Foundation
import Glibc
import MartletTestSupport
import Synchronization
import Testing

/// What a new process knows of what the one before it was told and has learnt.
@Suite(.timeLimit(.minutes(20))) struct HandoverTests {
    private func origins(_ count: Int) throws -> [Origin] {
        try (0..<count).map { number in try Origin { _ in response(200, "\(number)") } }
    }

    private func server(_ martlet: RunningMartlet, _ address: String) throws -> HTTPResponse {
        try martlet.ask("GET /v1/upstreams/app/servers/\(address)")
    }

    @Test func whatWasChangedAtRunTimeGoesOn() throws {
        let origins = try origins(4)
        let generations = try Generations(Configs.operated(origins[0..<3].map(\.address)))
        let martlet = generations.martlet
        for words in [
            ["add", "app", origins[3].address, "--weight", "3"], ["weight", "app", origins[0].address, "5"],
            ["drain", "app", origins[1].address], ["remove", "app", origins[2].address],
        ] {
            let result = try martlet.command("server", words)
            #expect(result.has(code: 0), "\(result.errors)")
        }
        #expect(try martlet.command("log-level", "debug").has(code: 0))
        // What is handed over is handed on.
        for round in 1...2 {
            try generations.upgrade()
            #expect(try martlet.ask("GET /v1/status").number("pid") == Int(generations.current))
            let servers = try martlet.ask("GET /v1/servers").objects
            #expect(servers.map { $0["server"] as? String } == [0, 1, 3].map { origins[$0].address }, "\(round)")
            #expect(servers.map { $0["origin"] as? String } == ["config", "config", "runtime"])
            #expect(servers.map { $0["weight"] as? Int } == [5, 1, 3])
            #expect(servers.map { $0["wanted"] as? String } == ["up", "draining", "up"])
            #expect(try martlet.command("log-level").output == "debug\n")
            #expect(try martlet.ask("GET /v1/status").number("changes") == 4)
            #expect(try Set(martlet.tally(40).keys) == ["0", "3"])
        }
        let reset = try martlet.command("reload", "--reset")
        #expect(reset.has(code: 0), "\(reset.errors)")
        #expect(try martlet.ask("GET /v1/servers").objects.count == 3, "nothing of it was saved")
        try generations.stop()
    }

    @Test func whoEditsTheConfigMeanwhileIsHeeded() throws {
        let origins = try origins(3)
        let config = Configs.operated([origins[0].address, origins[1].address])
        let generations = try Generations(config)
        let martlet = generations.martlet
        #expect(try martlet.command("server", "weight", "app", origins[0].address, "5").has(code: 0))
        #expect(try martlet.command("server", "maintenance", "app", origins[1].address).has(code: 0))
        #expect(try martlet.command("server", "add", "app", origins[2].address).has(code: 0))
        #expect(try martlet.command("log-level", "debug").has(code: 0))
        let edited = config.replacing(
            "'\(origins[0].address)', '\(origins[1].address)'",
            with: "{address: '\(origins[0].address)', weight: 2}, {address: '\(origins[1].address)', weight: 7}")
        try martlet.folder.write(edited + "\nlog: {level: notice}\n", to: "martlet.yaml")
        try generations.upgrade()
        #expect(try server(martlet, origins[0].address).number("weight") == 2)
        #expect(try server(martlet, origins[1].address).words("wanted") == "up", "the file says something else of it")
        #expect(try server(martlet, origins[2].address).words("origin") == "runtime")
        #expect(try martlet.command("log-level").output == "notice\n")
        let dormant = try martlet.ask("GET /v1/status").object["dormant"] as? [String]
        #expect(dormant?.count == 2, "\(dormant ?? [])")
        try generations.stop()
    }

    @Test func whatWasSetByTheOlderPathsGoesOn() throws {
        let origins = try origins(2)
        let generations = try Generations(Configs.proxy(to: origins.map(\.address)))
        let martlet = generations.martlet
        #expect(try martlet.order(origins[0].address, "maintenance").status == 200)
        try generations.upgrade()
        martlet.adminSocket.withLock { $0 = nil }
        #expect(try martlet.server(origins[0].address).state == "maintenance")
        #expect(try martlet.order(origins[0].address, "up").status == 200)
        #expect(try martlet.server(origins[0].address).state == "up")
        try generations.stop()
    }

    /// The first check after an upgrade passes, and must not be enough: two have to.
    @Test func aServerThatWasDownIsDown() throws {
        let answer = Monitor(response(503))
        let fleet = try Fleet(2) { server, request in
            if request.target.hasPrefix("/health") { return server == 1 ? answer.value : response(200) }
            return response(200, "\(server)")
        }
        let check = "check: {path: /health, interval: 1h, downInterval: 1h, jitter: 0%, rise: 2}"
        let config = Configs.balanced(fleet.addresses, ["balance: round-robin", check])
        let generations = try Generations(config)
        let martlet = generations.martlet
        try martlet.waitForState(fleet.addresses[1], "down")
        answer.change { $0 = response(200) }
        for _ in 1...2 {
            try generations.upgrade()
            martlet.adminSocket.withLock { $0 = nil }
            #expect(try martlet.tally(10) == ["0": 10])
            let entry = try martlet.server(fleet.addresses[1])
            #expect(entry.state == "down" && entry.reason == "its check fails: status 503")
            #expect(try martlet.serverMetric("state", fleet.addresses[1], "state=\"down\"") == 1)
            #expect(try martlet.serverMetric("state", fleet.addresses[1], "state=\"up\"") == 0)
        }
        try generations.stop()
    }

    @Test func aServerThatWasEjectedIsEjected() throws {
        let broken = try Origin { _ in response(500, "broken") }
        let good = try Origin { _ in response(200, "good") }
        let ejection = "ejection: {serverErrors: 2, time: 1h, longestTime: 1h}"
        let generations = try Generations(
            Configs.balanced([broken.address, good.address], ["balance: round-robin", "retry: off", ejection]))
        let martlet = generations.martlet
        _ = try martlet.tally(10)
        try martlet.waitForState(broken.address, "ejected")
        let seconds = try martlet.server(broken.address).number("seconds")
        let before = broken.requests.count
        try generations.upgrade()
        martlet.adminSocket.withLock { $0 = nil }
        #expect(try martlet.tally(10) == ["good": 10])
        #expect(broken.requests.count == before)
        let entry = try martlet.server(broken.address)
        #expect(entry.state == "ejected" && entry.reason.contains("server errors"))
        #expect(entry.number("seconds") >= seconds)
        // It was no ejection of this process.
        #expect(try martlet.serverMetric("ejections_total", broken.address) ?? 0 == 0)
        try generations.stop()
    }

    // MARK: Secrets

    @Test func clientsKeepTheirServersAndTheirPuzzles() throws {
        let fleet = try Fleet(4)
        let generations = try Generations(Configs.balanced(fleet.addresses, ["balance: random", "sticky: {}"]))
        var clients: [(cookie: String, server: String)] = []
        for _ in 0..<6 {
            let answer = try generations.martlet.request("GET /")
            let cookie = try #require(answer["Set-Cookie"]).prefix { $0 != ";" }
            clients.append((String(cookie), answer.text))
        }
        try generations.upgrade()
        for client in clients {
            let answer = try generations.martlet.request("GET /", ["Cookie: \(client.cookie)"])
            #expect(answer.text == client.server && answer["Set-Cookie"] == nil)
        }
        try generations.stop()

        let stage = try ChallengeStage()
        let challenged = Generations(stage.martlet)
        let solved = try ChallengeStage.solve(ChallengeStage.puzzle(in: stage.ask("GET /").text))
        try challenged.upgrade()
        let passed = try stage.ask("GET /", ChallengeStage.fields + ["Cookie: martlet_pass=\(solved)"])
        #expect(passed.status == 200 && passed.text == "GET /", "\(passed.text.prefix(200))")
        try challenged.stop()
    }

    @Test(arguments: ["-tls1_2", "-tls1_3"]) func sessionsAreResumed(version: String) throws {
        let certificates = try TestCertificates()
        let origin = try Origin()
        let generations = try Generations(
            SecureConfigs.proxy(to: [origin.address], [try certificates.leaf(["app.test"])]))
        let port = try generations.martlet.port(of: "tls")
        func isResumed(_ options: String) throws -> Bool {
            let request = "printf 'GET / HTTP/1.1\\r\\nHost: app.test\\r\\nConnection: close\\r\\n\\r\\n'"
            let client = "openssl s_client -connect 127.0.0.1:\(port) \(version) -servername app.test -ign_eof"
            let result = try ChildProcess.run("sh", ["-c", "\(request) | \(client) \(options) 2>&1"])
            if !result.output.contains("HTTP/1.1 200 ") { throw TestFailure(result.output) }
            return result.output.contains("Reused, TLSv1.")
        }
        let file = certificates.folder + "/session"
        #expect(try !isResumed("-sess_out \(file)"))
        for _ in 1...2 {
            try generations.upgrade()
            #expect(try isResumed("-sess_in \(file)"))
        }
        try generations.stop()
        let secret = generations.martlet.errors
        #expect(!secret.contains("stickySecret"), "secrets are not logged")
    }

    /// Whatever is handed over goes through a file in memory: nothing of it can be seen from outside.
    @Test func theEnvironmentSaysNothing() throws {
        let generations = try Generations("listeners: [{address: '127.0.0.1:0'}]\n")
        try generations.upgrade()
        let folder = "/proc/\(generations.current)"
        let environment = try String(contentsOfFile: folder + "/environ", encoding: .utf8)
        let entries = environment.split(separator: "\0").filter { $0.hasPrefix("MARTLET_HANDOVER") }
        #expect(entries == ["MARTLET_HANDOVER=3,4"], "no more than that there is a note")
        let words = try String(contentsOfFile: folder + "/cmdline", encoding: .utf8)
        #expect(words.split(separator: "\0").count <= 3 + MartletBinary.engine.count, "\(words)")
        // The note itself is gone once it has been read.
        let files = try FileManager.default.contentsOfDirectory(atPath: folder + "/fd").compactMap {
            try? FileManager.default.destinationOfSymbolicLink(atPath: "\(folder)/fd/\($0)")
        }
        #expect(!files.contains { $0.contains("martlet-handover") }, "\(files)")
        try generations.stop()
    }
}

extension RunningMartlet {
    /// A command for operators, with words behind it.
    fileprivate func command(_ first: String, _ words: [String]) throws -> Ended {
        let (exit, output, errors) = try ChildProcess.run(
            MartletBinary.path, [first] + words, environment: ["RUNTIME_DIRECTORY": folder.path])
        return Ended(exit: exit, output: output, errors: errors)
    }
}
