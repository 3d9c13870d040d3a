import Foundation
import MartletTestSupport
import Testing

/// `martlet top --once`, as text and as a document, and what it is told in vain.
@Suite(.timeLimit(.minutes(20))) struct TopTests {
    private typealias Object = [String: Any]

    @Test func theDocumentHasWhatWasAskedFor() throws {
        let origin = try TopStage.origin()
        try withMartlet(TopStage.config(origin)) { martlet in
            let (output, _) = try TopStage.over(martlet, ["--once", "--json", "--interval", "6"]) {
                try TopStage.ask(martlet)
            }
            let report = try #require(try JSONSerialization.jsonObject(with: Data(output.utf8)) as? Object)
            #expect(report["pid"] as? Int == Int(martlet.process.id) && report["state"] as? String == "serving")
            #expect((report["seconds"] as? Double ?? 0) >= 6)
            let traffic = try #require(report["traffic"] as? Object)
            #expect(traffic["requests"] as? Int == 22 && traffic["failures"] as? Int == 1)
            let classes = traffic["responses"] as? [String: Int]
            #expect(classes == ["none": 0, "1xx": 0, "2xx": 16, "3xx": 0, "4xx": 3, "5xx": 3])
            let latency = try #require(traffic["latencyMilliseconds"] as? [String: Double])
            #expect(latency["p50"]! > 0 && latency["p50"]! <= latency["p90"]! && latency["p90"]! <= latency["p99"]!)
            #expect(latency["p99"]! >= 75, "one of 22 waited for 100 ms")
            #expect(report["inFlight"] as? Int == 0 && (report["loops"] as? [Object])?.count == 2)
            checkNames(report, origin)
            checkTables(report)
        }
    }

    private func checkNames(_ report: Object, _ origin: Origin) {
        func requests(_ list: String, _ name: String, key: String = "name") -> Int? {
            (report[list] as? [Object])?.first { $0[key] as? String == name }?["requests"] as? Int
        }
        #expect(requests("routes", "all") == 17 && requests("routes", "own") == 4 && requests("routes", "dead") == 1)
        #expect(requests("upstreams", "app") == 17 && requests("upstreams", "dead") == 1)
        #expect(requests("listeners", "web") == 22)
        #expect(requests("servers", origin.address, key: "server") == 17)
        let server = (report["servers"] as? [Object])?.first { $0["server"] as? String == origin.address }
        #expect(server?["state"] as? String == "up" && server?["weight"] as? Int == 1)
        #expect((server?["latencyMilliseconds"] as? Object)?["p50"] is Double)
    }

    private func checkTables(_ report: Object) {
        let paths = report["paths"] as? Object
        let entries = paths?["entries"] as? [Object] ?? []
        func path(_ name: String) -> Object? { entries.first { $0["path"] as? String == name } }
        #expect(paths?["requests"] as? Int == 22 && entries.count == 5)
        #expect(path("/shop")?["requests"] as? Int == 12, "whatever the query")
        #expect(path("/shop")?["host"] as? String == "test" && path("/dead/x")?["host"] as? String == "dead.example")
        #expect(path("/missing")?["clientErrors"] as? Int == 3 && path("/broken")?["errors"] as? Int == 2)
        let clients = (report["clients"] as? Object)?["entries"] as? [Object]
        #expect(clients?.count == 1 && clients?[0]["client"] as? String == "127.0.0.1")
        #expect(clients?[0]["requests"] as? Int == 22)
        let errors = report["errors"] as? [Object] ?? []
        #expect(
            errors.map { $0["status"] as? Int } == [404, 500, 503] && errors.map { $0["count"] as? Int } == [3, 2, 1])
        let dead = errors.last
        #expect(
            (dead?["reason"] as? String)?.hasPrefix("no server can be reached") == true
                && dead?["route"] as? String == "dead")
        #expect(dead?["path"] as? String == "/dead/x" && dead?["client"] as? String == "127.0.0.1")
        #expect(errors.first?["reason"] as? String == "answered so by the server")
    }

    @Test func theTextHasTheSame() throws {
        let origin = try TopStage.origin()
        try withMartlet(TopStage.config(origin)) { martlet in
            let (text, errors) = try TopStage.over(martlet, ["--once", "--interval", "6", "--sort", "name"]) {
                try TopStage.ask(martlet)
            }
            #expect(errors.isEmpty && !text.contains("\u{1B}"), "no colours where there is no terminal")
            #expect(text.contains("serving  up ") && text.contains("process \(martlet.process.id)"))
            let lines = text.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
            for start in [
                ["test", "/shop"], ["dead.example", "/dead/x"], ["127.0.0.1"], ["app", origin.address, "up"],
            ] {
                #expect(lines.contains { $0.starts(with: start) }, "\(start) in\n\(text)")
            }
            #expect(lines.contains { $0.starts(with: ["404", "answered", "so", "by", "the", "server", "3"]) })
            let routes = lines.compactMap(\.first).filter { ["all", "dead", "own"].contains($0) }
            #expect(Array(routes.suffix(3)) == ["all", "dead", "own"], "sorted by name")
        }
    }

    /// Nothing is counted by path when nobody has asked for a while: the tables begin anew.
    @Test func tablesAreGoneWhenNobodyLooks() throws {
        try withMartlet(TopStage.config(try TopStage.origin())) { martlet in
            try eventually("the path is there") {
                _ = try martlet.ask("GET /v1/top?watchSeconds=10")
                _ = try martlet.request("GET /before")
                return try martlet.ask("GET /v1/top?watchSeconds=1").text.contains("/before")
            }
            let ended = ContinuousClock.now + .milliseconds(3_500)
            try eventually("it is over") { ContinuousClock.now > ended }
            _ = try martlet.request("GET /meanwhile")
            let anew = try martlet.ask("GET /v1/top")
            #expect(!anew.text.contains("/before") && !anew.text.contains("/meanwhile"))
            #expect(anew.object["watchedMilliseconds"] as? Int == 0)
        }
    }

    @Test func wrongWordsAreTold() throws {
        let (exit, _, errors) = try ChildProcess.run(MartletBinary.path, ["top"])
        #expect(exit == .code(64) && errors.contains("--once"), "\(errors)")
        let wrong: [([String], String)] = [
            (["--json"], "--json is for --once"), (["--once", "--sort", "speed"], "there are upstream, name"),
            (["--once", "--interval", "0.1"], "0.2 to 60"), (["--once", "--interval", "61"], "0.2 to 60"),
            (["--view", "all"], "servers"), (["--once", "--admin", "nowhere"], "expected an address"),
        ]
        for (arguments, part) in wrong {
            let (exit, output, errors) = try ChildProcess.run(MartletBinary.path, ["top"] + arguments)
            #expect(exit == .code(64) && output.isEmpty && errors.contains(part), "\(arguments): \(errors)")
        }
    }

    @Test func withoutAProxyOrARightItEndsAsOthersDo() throws {
        let folder = try TestFolder()
        let none = try ChildProcess.run(MartletBinary.path, ["top", "--once", "--admin", folder.path("none.sock")])
        #expect(none.exit == .code(69) && none.errors.contains("is martlet running?"), "\(none.errors)")
        try withMartlet(Configs.proxy(to: ["127.0.0.1:1"])) { martlet in
            let place = "127.0.0.1:\(try martlet.port(of: "admin"))"
            let refused = try ChildProcess.run(MartletBinary.path, ["top", "--once", "--admin", place])
            #expect(refused.exit == .code(77) && refused.errors.contains("--token-file"), "\(refused.errors)")
            let (exit, output, _) = try ChildProcess.run(
                MartletBinary.path, ["top", "--once", "--interval", "0.2", "--admin", place],
                environment: ["MARTLET_ADMIN_TOKEN": Configs.token])
            #expect(exit == .code(0) && output.contains("there have been no errors"))
        }
    }
}
