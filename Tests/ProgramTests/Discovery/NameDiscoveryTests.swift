import MartletTestSupport
import Testing

/// Servers that are found by a name.
@Suite(.timeLimit(.minutes(20))) struct NameDiscoveryTests {
    private let zone = Zone()

    private func line(_ origin: Origin) -> String { origin.address + " dns" }

    @Test func serversComeAndGoWhileClientsAreServed() throws {
        let origins = try numbered(3)
        zone.serve(Configs.service, [origins[0]])
        let resolver = try zone.resolver()
        try withMartlet(Configs.discovering([resolver])) { martlet in
            // The start has waited for the first answer.
            #expect(try martlet.tally(3) == ["0": 3])
            let clients = SteadyRequests(martlet)
            for turn in 0..<6 {
                let wanted = turn.isMultiple(of: 2) ? origins : [origins[turn % 3]]
                zone.serve(Configs.service, wanted, additional: turn < 3)
                try martlet.waitFor(wanted.map(line))
            }
            let (failures, requests) = clients.stop()
            #expect(failures.isEmpty && requests > 100, "\(failures) of \(requests)")
            #expect(try martlet.tally(4) == ["2": 4])
            #expect(
                martlet.errors.contains("by=discovery")
                    && martlet.errors.contains("+1 server app/\(origins[1].address)"))
            #expect(martlet.errors.contains("-1 server app/\(origins[1].address)"))
            let metrics = try martlet.metrics
            #expect(metrics["martlet_discovery_servers{upstream=\"app\",source=\"dns\"}"] == 1)
            #expect(metrics["martlet_discovery_queries_total{result=\"found\"}"] ?? 0 >= 6)
            #expect(metrics["martlet_discovery_answer_age_seconds{upstream=\"app\",source=\"dns\"}"] ?? 99 < 5)
        }
    }

    @Test func addressesOfBothKindsAreServers() throws {
        let origin = try Origin()
        let port = origin.server.port
        zone.set("app.test", 1, TestAnswer([.a("app.test", "127.0.0.1")]))
        zone.set("app.test", 28, TestAnswer([.aaaa("app.test", [0, 0, 0, 0, 0, 0, 0, 1])]))
        let resolver = try zone.resolver()
        func config(_ type: String) -> String {
            Configs.discovering(
                "{dns: App.Test., port: \(port), minTTL: 100ms\(type)}", "",
                "resolvers: {addresses: '\(resolver.address)'}")
        }
        let (v4, v6) = ("127.0.0.1:\(port) dns", "[::1]:\(port) dns")
        for (type, wanted) in [("", [v4, v6]), (", type: a", [v4]), (", type: aaaa", [v6])] {
            try withMartlet(config(type)) { martlet in
                try martlet.waitFor(wanted)
                if wanted.contains(v4) { #expect(try martlet.request("GET /a").text == "/a") }
            }
        }
        #expect(Set(resolver.questions.map(\.name)) == ["app.test"])
    }

    @Test func aDeadResolverTakesNothingAway() throws {
        let origins = try numbered(2)
        zone.serve(Configs.service, origins)
        let resolver = try zone.resolver()
        try withMartlet(Configs.discovering([resolver])) { martlet in
            let clients = SteadyRequests(martlet)
            resolver.stop()
            let failures = "martlet_discovery_failures_total{upstream=\"app\",source=\"dns\"}"
            try eventually("counted") { try martlet.metrics[failures] ?? 0 >= 3 }
            #expect(try martlet.found().count == 2)
            let (failed, _) = clients.stop()
            #expect(failed.isEmpty, "\(failed)")
            #expect(martlet.errors.split(separator: "\n").count { $0.contains("servers are not found") } == 1)
        }
    }

    @Test func anotherResolverIsAskedInstead() throws {
        let origins = try numbered(1)
        zone.serve(Configs.service, origins)
        let dead = try TestResolver { _ in TestAnswer(isSilent: true) }
        let failing = try TestResolver { _ in TestAnswer(status: 2) }
        let good = try zone.resolver()
        try withMartlet(Configs.discovering([dead, failing, good])) { martlet in
            try martlet.waitFor(origins.map(line))
            #expect(!dead.questions.isEmpty && !failing.questions.isEmpty)
            // The one that has answered is asked first from now on.
            let asked = (dead.questions.count, good.questions.count)
            #expect(good.waitForQuestions { $0.count >= asked.1 + 3 })
            #expect(dead.questions.count == asked.0)
            #expect(Set(good.questions.map(\.id)).count > 2 && Set(good.questions.map(\.from)).count > 2)
        }
    }

    @Test func whatIsCutIsFetchedByTCP() throws {
        let origins = try numbered(1)
        let records = origins.map { TestRecord.srv(Configs.service, "one.test", port: $0.server.port) }
        let many = (0..<90).map { TestRecord.srv(Configs.service, "one.test", port: UInt16($0 + 1), priority: 7) }
        zone.serve(Configs.service, origins)
        zone.set(Configs.service, 33, TestAnswer(isTruncated: true), isStream: false)
        zone.set(Configs.service, 33, TestAnswer(records + many), isStream: true)
        let resolver = try zone.resolver()
        try withMartlet(Configs.discovering([resolver])) { martlet in
            try eventually("all are there") { try martlet.found().count == 91 }
            #expect(try martlet.tally(4) == ["0": 4], "the others are backups")
            #expect(resolver.questions.contains { $0.isStream })
        }
    }

    @Test func datagramsThatAreNotTheAnswerArePassedOver() throws {
        let origins = try numbered(1)
        zone.serve(Configs.service, origins)
        let resolver = try zone.resolver { message in
            var (number, name, cut) = (message, message, message)
            number[1] ^= 1
            name[13] ^= 1
            cut.removeLast(3)
            return [number, name, [], [1], cut, Array(message.prefix(12))]
        }
        try withMartlet(Configs.discovering([resolver])) { martlet in
            try martlet.waitFor(origins.map(line))
            #expect(try martlet.tally(2) == ["0": 2])
        }
    }

    @Test func nothingIsBelievedInTheEnd() throws {
        let origins = try numbered(1)
        zone.serve(Configs.service, origins)
        let resolver = try zone.resolver()
        try withMartlet(Configs.discovering([resolver])) { martlet in
            zone.set(Configs.service, 33, TestAnswer(status: 3))
            try martlet.waitFor([])
            #expect(martlet.errors.contains("there are said to be no servers"))
            #expect(try martlet.request("GET /").status == 503)
            // An HTTP/1.0 request without Host, with no server to name it after.
            let old = try martlet.connect()
            try old.send("GET / HTTP/1.0\r\n\r\n")
            #expect(try old.readResponse().status == 503)
            #expect(try martlet.metrics["martlet_requests_without_server_total"] == 2)
            zone.serve(Configs.service, origins)
            try eventually("back") { try martlet.request("GET /").status == 200 }
        }
    }

    @Test func weightsAndPrioritiesAreThoseOfTheRecords() throws {
        let origins = try numbered(3)
        let records: [TestRecord] = [
            .srv(Configs.service, "one.test", port: origins[0].server.port, priority: 3, weight: 40_000),
            .srv(Configs.service, "one.test", port: origins[1].server.port, priority: 3, weight: 20_000),
            .srv(Configs.service, "one.test", port: origins[2].server.port, priority: 8, weight: 0),
        ]
        zone.set(Configs.service, 33, TestAnswer(records, additional: [.a("one.test", "127.0.0.1")]))
        let resolver = try zone.resolver()
        try withMartlet(Configs.discovering([resolver])) { martlet in
            try martlet.waitFor(origins.map(line))
            var seen: [String: (Int, Bool)] = [:]
            for server in try martlet.admin("/v1/servers").objects {
                seen[server["server"] as? String ?? ""] = (
                    server["weight"] as? Int ?? 0, server["backup"] as? Bool ?? false
                )
            }
            #expect(seen[origins[0].address]! == (1_000, false) && seen[origins[1].address]! == (500, false))
            #expect(seen[origins[2].address]! == (1, true))
            #expect(try martlet.tally(30)["2"] == nil)
        }
    }
}
