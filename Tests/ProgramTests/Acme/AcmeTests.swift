// Certificates of an authority that speaks ACME, from the config to the client.
import Foundation
import MartletTestSupport
import Testing

@Suite(.enabled(if: hasPebble, "pebble is not installed"), .timeLimit(.minutes(20)))
struct AcmeTests {
    @Test(arguments: ["http-01", "tls-alpn-01"])
    func theFirstCertificateComesInTwoSeconds(challenge: String) throws {
        let stage = try AcmeStage(rejectedNonces: 50)
        let root = try stage.pebble.root()
        // A machine that is busy with other things gets three tries.
        var times: [Duration] = []
        while times.count < 3, times.last.map({ $0 >= .seconds(2) }) ?? true {
            let name = "first\(times.count).test"
            let config = stage.config([name, "www.\(name)"], ["challenge: \(challenge)"])
            try withMartlet(config) { martlet throws in
                let start = ContinuousClock.now
                try martlet.waitUntilTrusted(name, root)
                times.append(ContinuousClock.now - start)
                #expect(try martlet.curl("www.\(name)", "/x", authority: root) == "/x")
                try martlet.waitForMetric(#"martlet_acme_issued_total{certificate="\#(name) and 1 more"}"#, 1)
                #expect(try martlet.metrics[#"martlet_acme_failures_total{certificate="\#(name) and 1 more"}"#] == 0)
            }
        }
        print("FIGURE \(challenge), half of the nonces rejected: \(times)")
        #expect(try #require(times.min()) < .seconds(2))
    }

    @Test func startingDoesNotWaitForAnAuthorityThatSaysNothing() throws {
        let silent = try ScriptedServer { socket, _ in _ = try socket.receiveUntilGone() }
        let origin = try Origin()
        let folder = try TestFolder()
        let config = AcmeStage.config(
            ["slow.test"], "https://127.0.0.1:\(silent.port)/dir", ["storage: \(folder.path("acme"))"],
            origin: origin.address)
        try withMartlet(config) { martlet throws in
            #expect(try martlet.curl("slow.test", "/now", ["-k"]) == "/now")
            #expect(try martlet.opensslClient(["-servername", "slow.test"]).contains("CN = martlet self-made"))
            try martlet.process.waitForOutput(
                containing: "a self-made certificate serves until the authority's is there", on: .errors)
            #expect(silent.waitForConnections(1))
        }
    }

    @Test func whoIsToWaitShowsNothingSelfMade() throws {
        let silent = try ScriptedServer { socket, _ in _ = try socket.receiveUntilGone() }
        let origin = try Origin()
        let folder = try TestFolder()
        let config = AcmeStage.config(
            ["wait.test"], "https://127.0.0.1:\(silent.port)/dir",
            ["storage: \(folder.path("acme"))", "wait: true"], origin: origin.address)
        try withMartlet(config) { martlet throws in
            // curl's code for a handshake that fails.
            #expect(try martlet.curlResult("wait.test", "/", ["-k"]).exit == .code(35))
            #expect(try martlet.connect(to: "plain").exchange("GET /plain").status == 200)
        }
        let stage = try AcmeStage()
        try withMartlet(stage.config(["wait.test"], ["wait: true"])) { martlet throws in
            try martlet.waitUntilTrusted("wait.test", try stage.pebble.root())
            #expect(!martlet.errors.contains("self-made"))
        }
    }

    @Test func whatIsStoredServesWithoutTheAuthority() throws {
        let stage = try AcmeStage()
        let root = try stage.pebble.root()
        var serial = ""
        try withMartlet(stage.config(["stored.test"], ["email: me@example.com"])) { martlet throws in
            try martlet.waitUntilTrusted("stored.test", root)
            serial = try martlet.presentedSerial("stored.test")
            // What is presented is stored a moment later.
            try eventually("a stored certificate") { try stage.files().contains { $0.contains("about.json") } }
        }
        let files = try stage.files()
        #expect(files.filter { $0.hasSuffix(" f") }.count == 3)
        #expect(files.allSatisfy { $0.hasSuffix(" 600 f") || $0.hasSuffix(" 700 d") }, "\(files)")
        #expect(files.contains { $0.contains("accounts/me@example.com.json") })

        let moved = try FileManager.default.contentsOfDirectory(atPath: stage.storage)[0]
        let gone = try ReservedPort()
        let directory = "https://127.0.0.1:\(gone.port)/dir"
        try FileManager.default.moveItem(
            atPath: stage.storage + "/" + moved, toPath: stage.storage + "/127.0.0.1_\(gone.port)_dir")
        try withMartlet(stage.config(["stored.test"], directory: directory)) { martlet throws in
            #expect(try martlet.presentedSerial("stored.test") == serial)
            #expect(try martlet.curl("stored.test", authority: root) == "/")
            #expect(!martlet.errors.contains("self-made"))
            #expect(try martlet.metrics[#"martlet_acme_issued_total{certificate="stored.test"}"#] == 0)
        }
    }

    @Test func aRenewedCertificateKeepsTheKeyThatItIsToKeep() throws {
        // Pebble's certificates live for fifteen seconds, and are renewed at two thirds of it.
        let stage = try AcmeStage(validity: 15)
        let root = try stage.pebble.root()
        let config = stage.config(["pinned.test"], ["reuseKey: true"])
        var pin = ""
        try withMartlet(config) { martlet throws in
            try martlet.waitUntilTrusted("pinned.test", root)
            let serial = try martlet.presentedSerial("pinned.test")
            pin = try martlet.presentedPin("pinned.test")
            try eventually("a renewed certificate", .seconds(40)) {
                let now = try martlet.presentedSerial("pinned.test")
                return now != serial
            }
            try martlet.waitUntilTrusted("pinned.test", root)
            #expect(try martlet.presentedPin("pinned.test") == pin)
            #expect(pin.contains("SHA2-256") && pin.count > 64)
        }
        // After a restart as well; by then the stored one may have ended.
        try withMartlet(config) { martlet throws in
            try martlet.waitUntilTrusted("pinned.test", root)
            #expect(try martlet.presentedPin("pinned.test") == pin)
        }
    }

    @Test func aWildcardComesThroughTheHook() throws {
        let stage = try AcmeStage()
        let hook = try stage.folder.script(
            """
            echo "$1 $2" >> \(stage.folder.path("calls"))
            test "$1" = present && do=set-txt || do=clear-txt
            exec curl -sf -d "{\\"host\\": \\"$2.\\", \\"value\\": \\"$3\\"}" \(stage.pebble.records)/$do
            """, named: "hook")
        let config = stage.config(["*.wild.test", "wild.test"], ["challenge: dns-01", "hook: [\(hook)]"])
        try withMartlet(config) { martlet throws in
            let root = try stage.pebble.root()
            try martlet.waitUntilTrusted("any.wild.test", root)
            #expect(try martlet.curl("wild.test", authority: root) == "/")
        }
        let calls = (stage.folder.read("calls") ?? "").split(separator: "\n")
        #expect(calls.filter { $0 == "present _acme-challenge.wild.test" }.count == 2)
        #expect(calls.filter { $0 == "cleanup _acme-challenge.wild.test" }.count == 2)
    }

    @Test func endingTakesTheHookAlongAndCleansUp() throws {
        let stage = try AcmeStage()
        let hook = try stage.folder.script(
            """
            test "$1" = cleanup || sleep 1000 &
            echo "$1 $!" >> \(stage.folder.path("calls"))
            wait
            """, named: "hook")
        func calls() -> [[Substring]] {
            (stage.folder.read("calls") ?? "").split(separator: "\n").map { $0.split(separator: " ") }
        }
        try withMartlet(stage.config(["end.test"], ["challenge: dns-01", "hook: [\(hook)]"])) { _ throws in
            try eventually("a call of the hook") { calls().count == 1 }
        }
        #expect(calls().map { $0[0] } == ["present", "cleanup"])
        // What the hook has started is not left over either; where nobody buries it, it is a zombie.
        let sleeper = try #require(calls().first?[1])
        let status = try? String(contentsOfFile: "/proc/\(sleeper)/stat", encoding: .utf8)
        #expect(status?.contains(") Z ") ?? true)
    }

    @Test func anAuthorityThatRefusesIsQuotedInTheLog() throws {
        // Nobody answers at the port where it looks, so the names are not proven.
        let pebble = try Pebble(http: 9, tls: 9)
        let origin = try Origin()
        let folder = try TestFolder()
        let config = AcmeStage.config(
            ["nobody.test"], pebble.directory, ["ca: \(pebble.authorities)", "storage: \(folder.path("acme"))"],
            origin: origin.address)
        try withMartlet(config) { martlet throws in
            try martlet.waitForMetric(#"martlet_acme_failures_total{certificate="nobody.test"}"#, 1)
            try martlet.process.waitForOutput(
                containing: "no certificate: nobody.test could not be proven", on: .errors)
            #expect(try martlet.curl("nobody.test", "/still", ["-k"]) == "/still")
        }
    }
}
