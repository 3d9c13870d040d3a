import Foundation
import MartletTestSupport
import Testing

/// Servers that are added, removed and changed while the proxy runs.
@Suite(.timeLimit(.minutes(20))) struct RuntimeServerTests {
    private func origins(_ count: Int) throws -> [Origin] {
        try (0..<count).map { number in try Origin { _ in response(200, "\(number)") } }
    }

    private func path(_ address: String) -> String { "/v1/upstreams/app/servers/\(address)" }

    @Test func aServerIsAddedAndRemovedWithoutAReload() throws {
        let origins = try origins(2)
        try withMartlet(Configs.operated([origins[0].address])) { martlet in
            let held = try martlet.connect()
            #expect(try held.exchange("GET /").text == "0")
            // What is in the file meanwhile is not put into force by it, right or wrong.
            try martlet.folder.write("nothing: good\n", to: "martlet.yaml")
            let added = try martlet.command("server", "add", "app", origins[1].address, "--weight", "2")
            #expect(added.has(code: 0) && added.output.contains("runtime"), "\(added.errors)")
            try eventually("both serve") { try martlet.tally(12).count == 2 }
            let removed = try martlet.command("server", "remove", "app", origins[0].address)
            #expect(removed.has(code: 0), "\(removed.errors)")
            #expect(try martlet.tally(10) == ["1": 10])
            #expect(try held.exchange("GET /").text == "1", "the client's connection is the same")
            #expect(try martlet.ask("GET /v1/status").number("changes") == 2)
            let again = try martlet.command("server", "remove", "app", origins[0].address)
            #expect(again.has(code: 1) && again.errors.contains("no such server"))
            let last = try martlet.command("server", "remove", "app", origins[1].address)
            #expect(last.has(code: 1) && last.errors.contains("maintenance"), "the last one stays: \(last.errors)")
            #expect(try martlet.tally(5) == ["1": 5])
        }
    }

    @Test func theAPITellsWhatCannotBeDone() throws {
        let origin = try Origin()
        try withMartlet(Configs.operated([origin.address])) { martlet in
            let add = "POST /v1/upstreams/app/servers"
            let created = try martlet.ask(add, json: #"{"address": "127.0.0.1:9", "weight": 7}"#)
            #expect(created.status == 201 && created.number("weight") == 7 && created.words("origin") == "runtime")
            #expect(created["Location"] == path("127.0.0.1:9") && created["ETag"] != nil)
            #expect(try martlet.ask(add, json: #"{"address": "127.0.0.1:9"}"#).status == 409)
            #expect(try martlet.ask(add, json: #"{"address": "nonsense"}"#).status == 422)
            #expect(try martlet.ask(add, json: #"{"weight": 1}"#).status == 422)
            #expect(try martlet.ask(add, json: #"{"address": "127.0.0.1:8", "weight": 0}"#).status == 422)
            #expect(try martlet.ask("POST /v1/upstreams/none/servers", json: #"{"address": "a:1"}"#).status == 404)
            #expect(try martlet.ask("PATCH " + path("127.0.0.1:7"), json: "{}").status == 404)
            #expect(try martlet.ask("DELETE " + path("127.0.0.1:9")).status == 204)
            #expect(try martlet.ask("GET " + path("127.0.0.1:9")).status == 404)
            let socket = try martlet.ask(add, json: #"{"address": "unix:/run/no.sock", "state": "maintenance"}"#)
            #expect(socket.status == 201 && socket.words("wanted") == "maintenance", "\(socket.text)")
            #expect(try martlet.ask("GET " + path("unix:%2Frun%2Fno.sock")).words("server") == "unix:/run/no.sock")
        }
    }

    @Test func changesHeedTheETag() throws {
        let origin = try Origin()
        try withMartlet(Configs.operated([origin.address, "127.0.0.1:1"])) { martlet in
            let line = "PATCH " + path(origin.address)
            let tag = try #require(try martlet.ask("GET " + path(origin.address))["ETag"])
            #expect(try martlet.request("GET /").status == 200)
            let same = try martlet.ask("GET " + path(origin.address))["ETag"]
            #expect(same == tag, "traffic changes nothing that can be edited")
            let first = try martlet.ask(line, json: #"{"weight": 5}"#, ["If-Match: " + tag])
            #expect(first.status == 200 && first.number("weight") == 5 && first.object["changed"] as? Bool == true)
            #expect(try martlet.ask(line, json: #"{"weight": 6}"#, ["If-Match: " + tag]).status == 412)
            let state = try martlet.ask(line, json: #"{"state": "draining"}"#, ["If-Match: " + (first["ETag"] ?? "")])
            #expect(state.status == 200 && state.words("wanted") == "draining" && state["ETag"] != first["ETag"])
            #expect(try martlet.ask("DELETE " + path(origin.address), ["If-Match: \"x\""]).status == 412)
            #expect(try martlet.ask("DELETE " + path(origin.address), ["If-Match: *"]).status == 204)
        }
    }

    @Test func whatRunsOnARemovedServerMayFinishOrIsCut() throws {
        let server = try ScriptedServer { socket, _ in
            while try socket.readRequest() != nil { _ = try socket.receiveUntilGone() }
        }
        let other = try Origin()
        try withMartlet(Configs.operated([server.address, other.address])) { martlet in
            #expect(try martlet.command("server", "drain", "app", other.address).has(code: 0))
            let client = try martlet.begin("GET /")
            #expect(server.waitForConnections(1))
            #expect(try martlet.command("server", "enable", "app", other.address).has(code: 0))
            let removed = try martlet.command("server", "remove", "app", server.address, "--now")
            #expect(removed.has(code: 0), "\(removed.errors)")
            #expect(try client.readResponse().text == "/", "what has no answer yet goes to another server")
            #expect(try martlet.tally(5) == ["/": 5])
        }
    }

    /// The time that a removed server has for what it works on ends when another server has its place already.
    @Test func whoHasThePlaceOfARemovedServerIsNotCut() throws {
        let isOpen = Monitor(false)
        let (gone, stays) = (try Origin(), try Origin())
        let next = try Origin { _ in
            _ = isOpen.wait { $0 ? true : nil }
            return response(200, "next")
        }
        try withMartlet(Configs.operated([gone.address, stays.address])) { martlet in
            let removed = try martlet.command("server", "remove", "app", gone.address, "--drain-time", "1")
            #expect(removed.has(code: 0), "\(removed.errors)")
            #expect(try martlet.command("server", "add", "app", next.address).has(code: 0))
            #expect(try martlet.command("server", "drain", "app", stays.address).has(code: 0))
            let client = try martlet.begin("POST /")
            _ = try next.waitForRequests(1)
            // There is nothing to be seen of a cut that does not come: the time has to pass.
            _ = Monitor(false).wait(.milliseconds(1_500)) { $0 ? true : nil }
            isOpen.change { $0 = true }
            #expect(try client.readResponse().text == "next")
        }
    }

    // MARK: What is kept

    @Test func whatIsSavedIsThereAfterAStart() throws {
        let origins = try origins(3)
        let folder = try TestFolder()
        let config = Configs.operated([origins[0].address, origins[1].address])
        var martlet = try RunningMartlet(config, folder: folder)
        #expect(try martlet.command("server", "add", "app", origins[2].address, "--save").has(code: 0))
        #expect(try martlet.command("server", "remove", "app", origins[0].address, "--save").has(code: 0))
        #expect(try martlet.command("server", "weight", "app", origins[1].address, "9").has(code: 0))
        try martlet.stop()
        #expect(folder.read("state.json")?.contains(origins[2].address) == true)

        martlet = try RunningMartlet(config, folder: folder)
        let servers = try martlet.ask("GET /v1/servers").objects
        #expect(servers.map { $0["server"] as? String } == [origins[1].address, origins[2].address])
        #expect(servers.map { $0["origin"] as? String } == ["config", "saved"])
        #expect(servers[0]["weight"] as? Int == 1, "that was not saved")
        #expect(try Set(martlet.tally(12).keys) == ["1", "2"])

        // A reload keeps it, saved or not; the config counts where it has changed since.
        #expect(try martlet.command("server", "weight", "app", origins[1].address, "9").has(code: 0))
        let kept = try martlet.command("reload")
        #expect(kept.has(code: 0) && kept.output.contains("3 changes of servers"), "\(kept.output)\(kept.errors)")
        #expect(try martlet.ask("GET " + path(origins[1].address)).number("weight") == 9)
        let reset = try martlet.command("reload", "--reset")
        let two = "2 changes of servers at run time stay in force"
        #expect(reset.has(code: 0) && reset.output.contains(two), "\(reset.output)\(reset.errors)")
        let one = "1 change of servers at run time stays in force"
        #expect(try martlet.command("server", "remove", "app", origins[2].address, "--save").has(code: 0))
        #expect(try martlet.command("reload").output.contains(one))
        #expect(try martlet.command("server", "add", "app", origins[2].address, "--save").has(code: 0))
        #expect(try martlet.ask("GET " + path(origins[1].address)).number("weight") == 1)
        try folder.write(
            config.replacing("'\(origins[0].address)'", with: "{address: '\(origins[0].address)', weight: 2}"),
            to: "martlet.yaml")
        #expect(try martlet.command("reload").has(code: 0))
        #expect(try martlet.ask("GET " + path(origins[0].address)).number("weight") == 2)
        let dormant = try martlet.ask("GET /v1/status").object["dormant"] as? [String]
        #expect(dormant?.first?.contains("the config says something else since") == true)
        try martlet.stop()
    }

    @Test func whatCannotBeSavedIsInForceAndTold() throws {
        let folder = try TestFolder()
        try folder.write("mine", to: "state.json")
        let martlet = try RunningMartlet(Configs.operated(["127.0.0.1:1"]), folder: folder)
        #expect(martlet.errors.contains("the state file cannot be used"))
        let result = try martlet.command("server", "add", "app", "127.0.0.1:2", "--save")
        #expect(result.has(code: 1) && result.errors.contains("it is in force, but not saved"), "\(result.errors)")
        #expect(try martlet.ask("GET /v1/servers").objects.count == 2)
        #expect(folder.read("state.json") == "mine")
        try martlet.stop()
    }

    /// Fifty times, under load: nobody notices.
    @Test func serversComeAndGoWhileClientsAreServed() throws {
        let origins = try origins(3)
        try withMartlet(Configs.operated([origins[0].address, origins[1].address])) { martlet in
            let failures = Monitor(0)
            let isOver = Monitor(false)
            let clients = (0..<4).map { _ in
                TestThread {
                    guard let client = try? martlet.connect() else { return failures.change { $0 += 1 } }
                    while !isOver.value {
                        if (try? client.exchange("GET /").status) != 200 { return failures.change { $0 += 1 } }
                    }
                }
            }
            for _ in 0..<50 {
                let added = try martlet.ask(
                    "POST /v1/upstreams/app/servers", json: #"{"address": "\#(origins[2].address)"}"#)
                #expect(added.status == 201, "\(added.text)")
                #expect(try martlet.ask("DELETE " + path(origins[2].address)).status == 204)
            }
            isOver.change { $0 = true }
            #expect(clients.allSatisfy { $0.join() })
            #expect(failures.value == 0)
        }
    }
}
