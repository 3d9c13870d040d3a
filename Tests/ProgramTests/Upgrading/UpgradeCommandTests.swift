import Foundation
import Glibc
import MartletTestSupport
import Testing

/// `martlet upgrade` through the admin listener, and the paths of the API behind it.
@Suite(.timeLimit(.minutes(20))) struct UpgradeCommandTests {
    @Test func itSaysWhoHasTakenOver() throws {
        let origin = try Origin()
        let place = try ProgramPlace()
        let generations = try Generations(Configs.operated([origin.address]), place)
        let martlet = generations.martlet
        #expect(try martlet.ask("GET /v1/upgrade").words("stage") == "none")
        try place.put(script: ProgramPlace.waiting)
        let command = try ChildProcess(
            MartletBinary.path, ["upgrade"], environment: ["RUNTIME_DIRECTORY": martlet.folder.path])
        try command.waitForOutput(containing: " has been started, and gets ready", on: .errors, .seconds(60))
        let progress = try martlet.ask("GET /v1/upgrade")
        let process = progress.number("process")
        #expect(progress.words("stage") == "waiting" && progress.words("program") == place.path)
        #expect(place.folder.read("waiting") == "\(process)\n" && process != Int(generations.current))
        // One at a time.
        let second = try martlet.command("upgrade")
        #expect(second.has(code: 1) && second.errors.contains("another upgrade is going on"), "\(second.errors)")
        try place.folder.write("", to: "go")
        #expect(try command.wait(.seconds(60)) == .code(0))
        #expect(
            command.output.hasPrefix("process \(process) has taken over from process \(generations.current) after "),
            "\(command.output)")
        // Whoever asks now asks the new process.
        #expect(try martlet.ask("GET /v1/status").number("pid") == process)
        try generations.waitForTakeover(0)
        let json = try martlet.command("upgrade", "--json")
        let object = try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any]
        #expect(json.has(code: 0) && object?["before"] as? Int == process, "\(json.output)\(json.errors)")
        try generations.waitForTakeover(1)
        #expect(try martlet.ask("GET /v1/upgrade").number("done") == 2)
        try generations.stop()
    }

    @Test func itSaysWhyTheNewProgramDidNotStart() throws {
        let place = try ProgramPlace()
        let generations = try Generations(Configs.operated(["127.0.0.1:1"]), place)
        let martlet = generations.martlet
        try place.put(script: "echo 'cannot open a shared object' >&2; exit 127")
        let result = try martlet.command("upgrade")
        #expect(result.has(code: 69) && result.output.isEmpty)
        #expect(
            result.errors.contains("no upgrade, this process goes on: the new process has ended with exit code 127"))
        #expect(result.errors.contains("\n  cannot open a shared object\n"), "\(result.errors)")
        let progress = try martlet.ask("GET /v1/upgrade")
        #expect(progress.words("stage") == "failed" && progress.words("reason").contains("exit code 127"))
        #expect(progress.object["lines"] as? [String] == ["cannot open a shared object"])
        #expect(progress.number("failed") == 1 && progress.number("refused") == 0)
        let answer = try martlet.ask("POST /v1/upgrade")
        #expect(answer.status == 409 && answer["Content-Type"] == "application/problem+json")
        #expect(answer.object["lines"] as? [String] == ["cannot open a shared object"])
        #expect(try martlet.ask("GET /v1/status").number("pid") == Int(martlet.process.id))
        try generations.stop()
    }

    @Test func theTokenIsWantedAndThePathIsInTheDocument() throws {
        let origin = try Origin()
        try withMartlet(Configs.proxy(to: [origin.address])) { martlet in
            let admin = try martlet.connect(to: "admin")
            #expect(try admin.exchange("POST /v1/upgrade").status == 401)
            let text = try martlet.admin("/v1/openapi.json").text
            #expect(text.contains("\"/v1/upgrade\"") && text.contains("\"UpgradeProgress\""))
            #expect(try martlet.metrics["martlet_binary_upgrades_total{outcome=\"done\"}"] == 0)
        }
    }

    @Test(arguments: [
        ["--pid", "2", "--pid-file", "x"], ["--pid", "1"], ["--wait", "-1"], ["--pid", "2", "--json"],
        ["--pid-file", "x", "--admin", "y"], ["--pid", "x"],
    ])
    func wordsThatMakeNoSenseAreErrors(words: [String]) throws {
        #expect(try ChildProcess.run(MartletBinary.path, ["upgrade"] + words).exit == .code(64))
    }

    @Test func withoutAProxyItSaysSo() throws {
        let folder = try TestFolder()
        let result = try ChildProcess.run(
            MartletBinary.path, ["upgrade", "--admin", folder.path("none.sock")])
        #expect(result.exit == .code(69) && result.errors.contains("is martlet running?"), "\(result.errors)")
    }
}
