import Foundation
import MartletTestSupport
import Testing

/// The commands for operators, against a running proxy.
@Suite(.timeLimit(.minutes(20))) struct OperatorCommandTests {
    @Test func statusIsForPeopleAndPrograms() throws {
        try withMartlet(Configs.operated(["127.0.0.1:1"])) { martlet in
            let text = try martlet.command("status")
            #expect(text.has(code: 0) && text.errors.isEmpty)
            #expect(text.output.contains("is serving, process \(martlet.process.id)"))
            #expect(text.output.contains("\nweb       127.0.0.1:") && text.output.contains(" on 2 loops\n"))
            #expect(text.output.contains("\n1 route, 1 upstream, 1 server, 1 connection, 1 request going on, "))
            let json = try martlet.command("status", "--json")
            let object = try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any]
            #expect(object?["state"] as? String == "serving")
        }
    }

    @Test func statusCountsInWords() throws {
        let config = Configs.operated(["127.0.0.1:1", "127.0.0.1:2"])
            .replacing("workers: 2", with: "workers: 1")
            .replacing("[{upstream: app}]", with: "[{path: /a, upstream: app}, {upstream: app}]")
        try withMartlet(config) { martlet in
            let held = try martlet.connect()
            #expect(try held.exchange("GET /").status == 503)
            let text = try martlet.command("status").output
            #expect(text.contains(" on 1 loop\n"), "\(text)")
            #expect(text.contains("\n2 routes, 1 upstream, 2 servers, 2 connections, 1 request going on, "), "\(text)")
        }
    }

    @Test func withoutAProxyItSaysWhereItLooked() throws {
        let folder = try TestFolder()
        for arguments in [
            ["status"], ["servers"], ["server", "drain", "a", "b:1"], ["reload"], ["drain"], ["log-level"],
        ] {
            let (exit, output, errors) = try ChildProcess.run(
                MartletBinary.path, arguments + ["--admin", folder.path("none.sock")])
            #expect(exit == .code(69) && output.isEmpty, "\(arguments)")
            #expect(
                errors.contains("is martlet running? unix:\(folder.path("none.sock")) does not answer"), "\(errors)")
        }
        #expect(try program("status", "--admin", "nowhere").has(code: 64))
        let config = try folder.write("listeners: [{address: ':0'}]\nadmin: off\n", to: "off.yaml")
        let off = try program("status", "-c", config)
        #expect(off.has(code: 69) && off.errors.contains("admin: off"))
        let wrong = try folder.write("listeners: []\n", to: "wrong.yaml")
        #expect(try program("status", "-c", wrong).has(code: 78))
    }

    @Test func theConfigSaysWhereItIs() throws {
        try withMartlet(Configs.operated(["127.0.0.1:1"], "admin: {address: 'unix:FOLDER/own.sock'}\n")) { martlet in
            let result = try program("status", "-c", martlet.folder.path("martlet.yaml"))
            #expect(result.has(code: 0), "\(result.errors)")
        }
    }

    @Test func serversAreShownInATable() throws {
        let origin = try Origin()
        try withMartlet(Configs.operated([origin.address, "127.0.0.1:1"])) { martlet in
            let result = try martlet.command("servers", "app")
            let lines = result.output.split(separator: "\n")
            #expect(result.has(code: 0) && lines.count == 3 && lines[0].hasPrefix("UPSTREAM  SERVER "))
            #expect(lines[1].hasPrefix("app       \(origin.address) ") && lines[1].contains(" up "))
            let none = try martlet.command("servers", "none")
            #expect(none.has(code: 1) && none.errors.contains("there is no upstream 'none'"))
            let json = try martlet.command("servers", "--json")
            let list = try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [[String: Any]]
            #expect(list?.count == 2)
        }
    }

    @Test func statesAreSet() throws {
        let origins = try [Origin { _ in response(200, "a") }, Origin { _ in response(200, "b") }]
        try withMartlet(Configs.operated(origins.map(\.address))) { martlet in
            let drained = try martlet.command("server", "drain", "app", origins[0].address)
            #expect(drained.has(code: 0) && drained.output.contains(" draining "), "\(drained.errors)")
            #expect(try martlet.tally(10) == ["b": 10])
            #expect(try martlet.command("server", "maintenance", "app", origins[1].address).has(code: 0))
            #expect(try martlet.command("server", "enable", "app", origins[0].address).has(code: 0))
            try eventually("the first one serves") { try martlet.request("GET /").text == "a" }
            let none = try martlet.command("server", "drain", "app", "127.0.0.1:9")
            #expect(none.has(code: 1) && none.errors.contains("no such server"))
            #expect(try martlet.command("server", "drain", "app").has(code: 64))
        }
    }

    @Test func theRest() throws {
        try withMartlet(Configs.operated(["127.0.0.1:1"])) { martlet in
            #expect(try martlet.command("log-level").output == "info\n")
            #expect(try martlet.command("log-level", "debug").output == "debug\n")
            let wrong = try martlet.command("log-level", "loud")
            #expect(wrong.has(code: 1) && wrong.errors.contains("expected"))
            #expect(try martlet.command("certificates").output == "there are no certificates\n")
            let config = try martlet.command("config")
            let file = try martlet.folder.write(config.output, to: "shown.yaml")
            #expect(try program("check", file).has(code: 0), "\(config.output)")
            #expect(try martlet.command("drain", "--delay", "4000").has(code: 64))
        }
    }

    @Test func drainEndsIt() throws {
        let martlet = try RunningMartlet(Configs.operated(["127.0.0.1:1"]))
        #expect(try martlet.command("drain").output == "draining\n")
        #expect(try martlet.process.wait() == .code(0))
    }

    // MARK: Reloads

    @Test func aReloadSaysWhatHasChangedOrWhatIsWrong() throws {
        let origins = try [Origin { _ in response(200, "a") }, Origin { _ in response(200, "b") }]
        try withMartlet(Configs.operated([origins[0].address])) { martlet in
            let same = try martlet.command("reload")
            #expect(same.has(code: 0) && same.output.contains("nothing has changed"), "\(same.errors)")
            let next = Configs.operated([origins[1].address])
            try martlet.folder.write(next, to: "martlet.yaml")
            let changed = try martlet.command("reload")
            #expect(
                changed.has(code: 0) && changed.output.contains("server app/\(origins[1].address)"), "\(changed.output)"
            )
            #expect(try martlet.tally(5) == ["b": 5])
            try martlet.folder.write(next + "upstream: x\n", to: "martlet.yaml")
            let wrong = try martlet.command("reload")
            #expect(wrong.has(code: 78) && wrong.output.isEmpty)
            #expect(wrong.errors.contains("martlet.yaml:5:1: error: "), "\(wrong.errors)")
            #expect(try martlet.tally(5) == ["b": 5])
        }
    }
}
