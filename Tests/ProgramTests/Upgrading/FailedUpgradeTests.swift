import Foundation
import Glibc
import MartletTestSupport
import Testing

/// New programs that do not get as far as serving: nothing changes, whatever they do.
@Suite(.timeLimit(.minutes(20))) struct FailedUpgradeTests {
    private func config(_ origin: Origin) -> String {
        Configs.operated([origin.address], "timeouts: {upgrade: 1s}")
    }

    /// What something else does that is where the program was: at its start, after it, and when it is to serve.
    private static let scripts = [
        ("exit 3", "ended with exit code 3"),
        ("echo 'no such library' >&2; exit 127", "exit code 127 before it was ready | no such library"),
        ("kill -ABRT $$", "ended with signal 6"),
        ("exec sleep 600", "was not ready after 1"),
        ("exec 4>&-; exec sleep 600", "ended with signal 9"),
        ("printf nonsense >&4; exec sleep 600", "ended with signal 9"),
        // It says that it is ready, hears that it may serve, and does not come to it.
        ("printf 'ready 9 confirms' >&4; head -c 2 <&4 >/dev/null; exit 4", "ended with exit code 4"),
        ("printf 'ready 9 confirms' >&4; head -c 2 <&4 >/dev/null; kill -SEGV $$", "ended with signal 11"),
        ("printf 'ready 9 confirms' >&4; exec sleep 600", "was not ready after 10"),
    ]

    @Test(arguments: scripts) func nothingChanges(script: String, reason: String) throws {
        let origin = try Origin { _ in response(200, "here") }
        let place = try ProgramPlace()
        let generations = try Generations(config(origin), place)
        let martlet = generations.martlet
        #expect(try martlet.command("server", "add", "app", "127.0.0.1:1").has(code: 0))
        #expect(try martlet.command("server", "maintenance", "app", "127.0.0.1:1").has(code: 0))
        let client = try martlet.connect()
        #expect(try client.exchange("GET /").text == "here")
        try place.put(script: script)
        martlet.process.signal(SIGUSR2)
        try eventually("it has failed", .seconds(120)) { generations.failures == 1 }
        let line = martlet.errors.split(separator: "\n").last { $0.contains("no upgrade") } ?? ""
        let parts = reason.components(separatedBy: " | ")
        #expect(parts.allSatisfy { line.contains($0) }, "\(line)")
        // Not even a connection has noticed, and what was said at run time holds.
        #expect(try client.exchange("GET /").text == "here")
        #expect(try martlet.ask("GET /v1/servers").objects.count == 2)
        #expect(try martlet.command("reload").has(code: 0))
        #expect(try martlet.command("server", "remove", "app", "127.0.0.1:1").has(code: 0))
        #expect(try martlet.request("GET /").text == "here")
        // Once the right program is there again, it is followed.
        try place.putProgram()
        try generations.upgrade()
        #expect(try martlet.request("GET /").text == "here")
        #expect(try martlet.ask("GET /v1/servers").objects.count == 1)
        try generations.stop()
    }

    @Test func aConfigThatIsBrokenNowKeepsWhatWasChanged() throws {
        let origin = try Origin()
        let generations = try Generations(Configs.operated([origin.address]))
        let martlet = generations.martlet
        #expect(try martlet.command("server", "add", "app", "127.0.0.1:1").has(code: 0))
        try martlet.folder.write("listeners: [{adress: ':1'}]\n", to: "martlet.yaml")
        martlet.process.signal(SIGUSR2)
        try eventually("it has failed", .seconds(120)) { generations.failures == 1 }
        #expect(martlet.errors.contains("ended with exit code 78") && martlet.errors.contains("adress"))
        #expect(try martlet.ask("GET /v1/servers").objects.count == 2)
        #expect(try martlet.request("GET /").status == 200)
        try generations.stop()
    }
}
