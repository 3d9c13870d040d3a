import Foundation
import MartletTestSupport
import Testing

/// Every operation of the admin API, as a client sees it.
@Suite(.timeLimit(.minutes(20))) struct AdminAPITests {
    @Test func theSocketIsWhereItIsByItselfAndForItsOwnerAlone() throws {
        try withMartlet(Configs.operated(["127.0.0.1:1"])) { martlet in
            let attributes = try FileManager.default.attributesOfItem(atPath: martlet.socketPath)
            #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o600)
            #expect(martlet.addresses.contains { $0.address == "unix:" + martlet.socketPath })
            #expect(try martlet.ask("GET /healthz").text == "ok\n")
            #expect(try martlet.ask("GET /readyz").text == "ok\n")
            #expect(try martlet.ask("GET /metrics").text.contains("martlet_build_info"))
        }
    }

    /// Two proxies on one machine do not fight: the second one has a socket of its own, and says so.
    @Test func aSecondProxyTakesAPlaceOfItsOwn() throws {
        let folder = try TestFolder()
        let first = try RunningMartlet(Configs.operated(["127.0.0.1:1"]), folder: folder)
        let second = try RunningMartlet(Configs.operated(["127.0.0.1:1"]), folder: folder)
        let own = folder.path("admin-\(second.process.id).sock")
        #expect(second.errors.contains("another process has the usual socket of the admin listener"))
        #expect(second.errors.split(separator: "\n").count { $0.contains(" event loops stand on ") } == 1)
        #expect(try TestSocket(path: own).exchange("GET /v1/status").number("pid") == Int(second.process.id))
        #expect(try first.ask("GET /v1/status").number("pid") == Int(first.process.id))
        try first.stop()
        // The first one is gone, and its socket with it: the command says which others there are.
        let lost = try second.command("status")
        #expect(
            lost.has(code: 69) && lost.errors.contains("is martlet running? looked at") && lost.errors.contains(own))
        #expect(try second.command("status", "--admin", own).has(code: 0))
        try second.stop()
        #expect(!FileManager.default.fileExists(atPath: own))
    }

    @Test func aFileInTheWayIsNoReasonNotToServe() throws {
        let folder = try TestFolder()
        try folder.write("mine", to: "admin.sock")
        let martlet = try RunningMartlet(Configs.operated(["127.0.0.1:1"]), folder: folder)
        #expect(try martlet.request("GET /").status == 503)
        #expect(martlet.addresses.contains { $0.listener == "admin" && $0.address.contains("admin-") })
        try martlet.stop()
        #expect(try String(contentsOfFile: folder.path("admin.sock"), encoding: .utf8) == "mine")
    }

    @Test func theDocumentIsServed() throws {
        try withMartlet(Configs.operated(["127.0.0.1:1"])) { martlet in
            let document = try martlet.ask("GET /v1/openapi.json")
            #expect(document.status == 200 && document.words("openapi") == "3.1.0")
            let paths = document.object["paths"] as? [String: Any]
            #expect(paths?["/v1/upstreams/{upstream}/servers/{server}"] != nil)
            let tag = try #require(document["ETag"])
            let again = try martlet.ask("GET /v1/openapi.json", ["If-None-Match: " + tag])
            #expect(again.status == 304 && again.content.isEmpty && again["Content-Length"] == nil)
        }
    }

    @Test func figuresAreThoseOfTheProxy() throws {
        let origin = try Origin()
        try withMartlet(Configs.operated([origin.address])) { martlet in
            for _ in 0..<5 { #expect(try martlet.request("GET /").status == 200) }
            let status = try martlet.ask("GET /v1/status")
            #expect(status.words("state") == "serving" && status.object["ready"] as? Bool == true)
            #expect(status.number("pid") == Int(martlet.process.id) && status.number("workers") == 2)
            #expect(status.number("servers") == 1 && status.number("routes") == 1)
            #expect(try martlet.ask("GET /v1/version").words("version") == status.words("version"))
            let loops = try martlet.ask("GET /v1/loops").object["loops"] as? [[String: Any]]
            #expect(loops?.count == 2)
            let stats = try martlet.ask("GET /v1/stats")
            #expect((stats.object["responses"] as? [String: Int])?["2xx"] ?? 0 >= 5)
            let counts = (stats.object["duration"] as? [String: Any])?["counts"] as? [Int]
            #expect((counts ?? []).reduce(0, +) >= 5)
            let server = try martlet.ask("GET /v1/servers").objects.first
            #expect(server?["requests"] as? Int == 5 && server?["state"] as? String == "up")
            let upstream = try martlet.ask("GET /v1/upstreams/app")
            #expect(upstream.number("requests") == 5 && upstream.number("up") == 1)
            #expect(try martlet.ask("GET /v1/upstreams").objects.count == 1)
            #expect(try martlet.ask("GET /v1/upstreams/none").status == 404)
            #expect(try martlet.ask("GET /v1/servers?upstream=none").status == 404)
        }
    }

    @Test func connectionsAreCountedAndListed() throws {
        try withMartlet(Configs.operated(["127.0.0.1:1"])) { martlet in
            let clients = try (0..<5).map { _ in try martlet.connect() }
            try eventually("five connections") {
                let answer = try martlet.ask("GET /v1/connections")
                return (answer.object["listeners"] as? [String: Int])?["web"] == 5
            }
            let some = try martlet.ask("GET /v1/connections?limit=2")
            #expect((some.object["connections"] as? [Any])?.count == 2)
            #expect(some.object["truncated"] as? Bool == true && some.number("total") == 6)
            let all = try martlet.ask("GET /v1/connections?limit=100").object["connections"] as? [[String: Any]] ?? []
            let ports = Set(all.compactMap { $0["port"] as? Int })
            #expect(clients.allSatisfy { ports.contains(Int($0.port)) })
        }
    }

    @Test func theConfigInForceIsShownWithoutSecrets() throws {
        let more = "admin: {address: 'unix:FOLDER/admin.sock', token: \(Configs.token)}\n"
        try withMartlet(Configs.operated(["127.0.0.1:1"], more)) { martlet in
            let json = try martlet.ask("GET /v1/config")
            #expect(json.number("workers") == 2)
            #expect(!json.text.contains(Configs.token))
            let yaml = try martlet.ask("GET /v1/config?format=yaml")
            #expect(yaml["Content-Type"] == "application/yaml" && yaml.text.contains("token: masked-"))
            #expect(yaml["ETag"] == json["ETag"])
            // What is shown is a config.
            let check = try martlet.ask(
                "POST /v1/config/check", ["Content-Type: application/yaml"], content: yaml.text)
            #expect(check.object["good"] as? Bool == true, "\(check.text)")
        }
    }

    @Test func configsAreChecked() throws {
        try withMartlet(Configs.operated(["127.0.0.1:1"])) { martlet in
            let type = ["Content-Type: application/yaml"]
            let wrong = try martlet.ask("POST /v1/config/check", type, content: "listeners: [{adress: ':1'}]\n")
            #expect(wrong.status == 200 && wrong.object["good"] as? Bool == false)
            #expect(wrong.words("text").contains("content:1:14: error: "), "\(wrong.text)")
            #expect((wrong.object["diagnostics"] as? [[String: Any]])?.first?["line"] as? Int == 1)
            #expect(try martlet.ask("POST /v1/config/check", content: "a: 1").status == 415)
        }
    }

    @Test func certificatesAreListed() throws {
        let own = try TestCertificates()
        let origin = try Origin()
        try withMartlet(SecureConfigs.proxy(to: [origin.address], [try own.leaf(["app.test"])])) { martlet in
            let admin = try martlet.connect(to: "admin")
            let list = try admin.exchange("GET /v1/certificates", [Configs.bearer]).objects
            #expect(list.count == 1 && list[0]["owner"] as? String == "tls")
            #expect(list[0]["source"] as? String == "file")
            #expect((list[0]["secondsLeft"] as? Int ?? 0) > 0)
            #expect((list[0]["issuer"] as? String ?? "").contains("CN="))
        }
    }

    @Test func theLogLevelIsSetWhileItRuns() throws {
        try withMartlet(Configs.operated(["127.0.0.1:1"])) { martlet in
            #expect(try martlet.ask("GET /v1/log-level").words("level") == "info")
            let answer = try martlet.ask("PUT /v1/log-level", json: #"{"level": "error"}"#)
            #expect(answer.status == 200 && answer.words("level") == "error")
            #expect(try martlet.ask("PUT /v1/log-level", json: #"{"level": "loud"}"#).status == 422)
            // A change of a server's state is a notice, and leaves no line now.
            #expect(try martlet.ask("POST /servers/app/127.0.0.1:1/drain").status == 200)
            #expect(!martlet.errors.contains("draining"))
            #expect(try martlet.ask("PUT /v1/log-level", json: #"{"level": "info"}"#).status == 200)
            #expect(try martlet.ask("POST /servers/app/127.0.0.1:1/up").status == 200)
            try martlet.waitForLog("127.0.0.1:1", "up")
        }
    }

    /// It says that it is not ready, serves on for a while, and ends as after SIGTERM.
    @Test func drainingBeginsWithNotBeingReady() throws {
        let origin = try Origin()
        let martlet = try RunningMartlet(Configs.operated([origin.address]))
        let admin = try TestSocket(path: martlet.socketPath)
        let fields = ["Content-Type: application/json"]
        let answer = try admin.exchange("POST /v1/drain", fields, content: #"{"delaySeconds": 1}"#)
        #expect(answer.status == 202 && answer.words("state") == "leaving")
        #expect(try admin.exchange("GET /readyz").status == 503)
        #expect(try admin.exchange("GET /healthz").status == 200)
        #expect(try martlet.request("GET /").status == 200)
        #expect(try admin.exchange("POST /v1/drain").status == 202)
        #expect(try martlet.process.wait() == .code(0))
        #expect(martlet.errors.contains("draining: no new connections"))
    }

    // MARK: Content

    @Test func contentInPiecesIsReadAsAWhole() throws {
        try withMartlet(Configs.operated(["127.0.0.1:1"])) { martlet in
            let socket = try TestSocket(path: martlet.socketPath)
            let content = #"{"level": "debug"}"#
            let head = ["Content-Type: application/json", "Transfer-Encoding: chunked"]
            try socket.send(requestText("PUT /v1/log-level", head))
            for byte in content { try socket.send("1\r\n\(byte)\r\n") }
            try socket.send("0\r\n\r\n")
            #expect(try socket.readResponse().words("level") == "debug")
            // The connection serves the next request, with a head and content in one.
            let fields = ["Content-Type: application/json"]
            #expect(try socket.exchange("PUT /v1/log-level", fields, content: #"{"level":"info"}"#).status == 200)
        }
    }

    @Test func whoWaitsIsToldToGoOn() throws {
        try withMartlet(Configs.operated(["127.0.0.1:1"])) { martlet in
            let socket = try TestSocket(path: martlet.socketPath)
            let fields = ["Content-Type: application/json", "Content-Length: 18", "Expect: 100-continue"]
            try socket.send(requestText("PUT /v1/log-level", fields))
            #expect(try socket.readResponse().status == 100)
            try socket.send(#"{"level": "debug"}"#)
            #expect(try socket.readResponse().status == 200)
        }
    }

    @Test func tooMuchContentIsRefusedAtOnceOrWhenItIsTooMuch() throws {
        try withMartlet(Configs.operated(["127.0.0.1:1"])) { martlet in
            let fields = ["Content-Type: application/json"]
            let declared = try TestSocket(path: martlet.socketPath)
            try declared.send(requestText("PUT /v1/log-level", fields + ["Content-Length: 1048577"]))
            let refused = try declared.readResponse()
            #expect(refused.status == 413 && refused["Content-Type"] == "application/problem+json")
            let chunked = try TestSocket(path: martlet.socketPath)
            try chunked.send(requestText("PUT /v1/log-level", fields + ["Transfer-Encoding: chunked"]))
            let piece = "10000\r\n" + String(repeating: " ", count: 65_536) + "\r\n"
            for _ in 0..<17 { try? chunked.send(piece) }
            #expect(try chunked.readResponse().status == 413)
            #expect(try martlet.ask("GET /v1/log-level").words("level") == "info")
        }
    }

    @Test func aClientThatLeavesInTheMiddleLeavesNothing() throws {
        try withMartlet(Configs.operated(["127.0.0.1:1"])) { martlet in
            for _ in 0..<20 {
                let socket = try TestSocket(path: martlet.socketPath)
                let fields = ["Content-Type: application/json", "Content-Length: 1000"]
                try socket.send(requestText("PUT /v1/log-level", fields) + "{")
                socket.reset()
            }
            try eventually("nothing is left") {
                try martlet.ask("GET /v1/status").number("exchangesActive") == 1
            }
        }
    }
}
