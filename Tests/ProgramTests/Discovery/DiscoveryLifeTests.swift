import Glibc
import MartletTestSupport
import Testing

/// What is found, beside what is written, reloaded and changed at run time.
@Suite(.timeLimit(.minutes(20))) struct DiscoveryLifeTests {
    private let zone = Zone()

    @Test func theStartGoesOnWithoutAnAnswer() throws {
        let origins = try numbered(1)
        let dead = try TestResolver { _ in TestAnswer(isSilent: true) }
        let config = Configs.discovering(
            "{dns: \(Configs.service), type: srv, startTimeout: 200ms}", "", "resolvers: {addresses: '\(dead.address)'}"
        )
        let start = ContinuousClock.now
        try withMartlet(config) { martlet in
            #expect(ContinuousClock.now - start < .seconds(5))
            #expect(martlet.errors.contains("there is no answer yet about servers"))
            #expect(try martlet.request("GET /").status == 503)
            #expect(try martlet.found() == [])
            #expect(try martlet.metrics["martlet_discovery_answer_age_seconds{upstream=\"app\",source=\"dns\"}"] == nil)
            // The same upstream, written down: nothing of the look-up stays behind.
            let written = config.replacing(
                "discover: {dns: \(Configs.service), type: srv, startTimeout: 200ms}",
                with: "servers: ['\(origins[0].address)']"
            ).replacing("resolvers:", with: "#")
            try martlet.folder.write(written, to: "martlet.yaml")
            martlet.process.signal(SIGHUP)
            try eventually("reloaded") { try martlet.request("GET /").status == 200 }
        }
    }

    @Test func aReloadWaitsForTheFirstAnswer() throws {
        let origins = try numbered(2)
        zone.serve(Configs.service, [origins[1]])
        let resolver = try zone.resolver()
        let after = Configs.discovering([resolver])
        let place = "discover: {dns: \(Configs.service), type: srv, minTTL: 100ms}"
        #expect(after.contains(place))
        let before = after.replacing(place, with: "servers: ['\(origins[0].address)']")
        try withMartlet(before) { martlet in
            let clients = SteadyRequests(martlet)
            for config in [after, before, after] {
                try martlet.folder.write(config, to: "martlet.yaml")
                martlet.process.signal(SIGHUP)
                try martlet.waitFor([config == after ? origins[1].address + " dns" : origins[0].address + " config"])
            }
            let (failures, _) = clients.stop()
            #expect(failures.isEmpty, "\(failures)")
        }
    }

    @Test func whatIsWrittenCountsAndIsJoined() throws {
        let origins = try numbered(2)
        zone.serve(Configs.service, origins)
        let resolver = try zone.resolver()
        let config = Configs.discovering([resolver]).replacing(
            "    queue:", with: "    servers: [{address: '\(origins[0].address)', weight: 7}]\n    queue:")
        try withMartlet(config) { martlet in
            try martlet.waitFor([origins[0].address + " config", origins[1].address + " dns"])
            #expect(try martlet.admin("/v1/servers").objects[0]["weight"] as? Int == 7)
            zone.set(Configs.service, 33, TestAnswer(status: 3))
            try martlet.waitFor([origins[0].address + " config"])
        }
    }

    @Test func whatIsFoundCanBeChangedAtRunTime() throws {
        let origins = try numbered(2)
        zone.serve(Configs.service, origins)
        let resolver = try zone.resolver()
        let config = Configs.discovering([resolver]).replacing(
            "admin: {address: '127.0.0.1:0', token: \(Configs.token)}\n", with: "")
        try withMartlet(config) { martlet in
            #expect(try martlet.command("server", "drain", "app", origins[0].address).has(code: 0))
            try eventually("one serves") { try martlet.tally(6) == ["1": 6] }
            #expect(try martlet.command("server", "weight", "app", origins[1].address, "5").has(code: 0))
            let table = try martlet.command("servers")
            #expect(table.output.contains("dns, changed") && table.output.contains("draining"), "\(table.output)")
            // Both may go, as more are looked for; and the name still has them.
            for origin in origins {
                let removed = try martlet.command("server", "remove", "app", origin.address)
                #expect(removed.has(code: 0), "\(removed.errors)")
            }
            #expect(try martlet.request("GET /").status == 503)
            #expect(try martlet.command("reload", "--reset").has(code: 0))
            try eventually("both serve") { try martlet.tally(12).count == 2 }
        }
    }

    @Test func nobodyIsAskedByACheck() throws {
        let resolver = try zone.resolver()
        let folder = try TestFolder()
        let file = try folder.write(Configs.discovering([resolver]), to: "martlet.yaml")
        let (exit, _, errors) = try ChildProcess.run(MartletBinary.path, ["check", file])
        #expect(exit == .code(0) && resolver.questions.isEmpty, "\(errors)")
        let wrong = try folder.write(Configs.discovering("{dns: app.test}"), to: "wrong.yaml")
        let (code, _, text) = try ChildProcess.run(MartletBinary.path, ["check", wrong])
        #expect(code == .code(78) && text.contains("have no port") && text.contains("'port'"), "\(text)")
    }

    @Test func theSystemsResolversAreReadFromTheirFile() throws {
        let origin = try Origin()
        let folder = try TestFolder()
        try folder.write("# nobody\n", to: "resolv.conf")
        let config = Configs.discovering(
            "{dns: app.test, port: \(origin.server.port), startTimeout: 0s}", "",
            "resolvers: {file: FOLDER/resolv.conf, timeout: 100ms, tries: 1}")
        let martlet = try RunningMartlet(config, folder: folder)
        try eventually("nobody answers") { martlet.errors.contains("servers are not found") }
        try folder.write("nameserver 127.0.0.9\n", to: "resolv.conf")
        try eventually("read again") { martlet.errors.contains("resolvers are read anew") }
        try martlet.stop()
    }
}
