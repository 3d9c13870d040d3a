import Foundation
import MartletTestSupport
import Testing

/// Signals that do not end it.
@Suite(.timeLimit(.minutes(20))) struct SignalTests {
    @Test func withoutAFileThereIsNothingToReadAgain() throws {
        let origin = try Origin()
        let martlet = try ChildProcess(
            MartletBinary.path, ["proxy", "--listen", "127.0.0.1:0", "--to", origin.address])
        let client = try TestSocket(port: try martlet.listeningPort())
        #expect(try client.exchange("GET /").status == 200)
        martlet.signal(SIGHUP)
        try martlet.waitForOutput(containing: "there is no config file that could be read again", on: .errors)
        #expect(try client.exchange("GET /").status == 200)
        martlet.signal(SIGTERM)
        #expect(try martlet.wait() == .code(0))
    }

    @Test func aReaderOfTheAccessLogThatGoesAwayIsNoEnd() throws {
        let origin = try Origin()
        let script = "'\(MartletBinary.path)' proxy --listen 127.0.0.1:0 --to \(origin.address) | head -1"
        let shell = try ChildProcess("sh", ["-c", script])
        let port = try shell.listeningPort()
        let client = try TestSocket(port: port)
        #expect(try client.exchange("GET /1").status == 200)
        try shell.waitForOutput(containing: "\"target\":\"/1\"")
        for number in 2..<200 { #expect(try client.exchange("GET /\(number)").status == 200) }
        try shell.waitForOutput(containing: "access log", on: .errors)
        let id = try #require(
            try ChildProcess.run("pgrep", ["-P", "\(shell.id)", "martlet"]).output.split(separator: "\n").first)
        _ = try ChildProcess.run("kill", [String(id)])
        #expect(try shell.wait() == .code(0))
    }

    @Test func theLogTellsOfStartAndEnd() throws {
        let martlet = try RunningMartlet("workers: 2\nlisteners: [{address: '127.0.0.1:0', name: web}]\n")
        try martlet.stop()
        let lines = martlet.errors.split(separator: "\n").filter {
            !$0.contains("limit of descriptors") && !$0.contains("runs as root") && !$0.contains("admin.sock")
        }
        #expect(lines.count == 5, "\(martlet.errors)")
        for (line, pattern) in zip(
            lines,
            [
                /.* info martlet: .* event loops stand on (?:epoll|io_uring)/,
                /.* notice martlet: address=127\.0\.0\.1:[1-9][0-9]* listener=web .* listening/,
                /.* notice martlet: version=[0-9.]+ workers=2 .* started/,
                /.* notice martlet: .* draining: no new connections; a second signal ends at once/,
                /.* notice martlet: .* stopped/,
            ])
        {
            #expect(line.wholeMatch(of: pattern) != nil, "\(line)")
        }
    }

    @Test func theLevelLeavesOut() throws {
        let config = "listeners: [{address: 'unix:FOLDER/s'}]\nlog: {level: error}\n"
        let folder = try TestFolder()
        let file = try folder.write(config.replacing("FOLDER", with: folder.path), to: "martlet.yaml")
        let process = try ChildProcess(MartletBinary.path, ["run", file])
        try eventually("it serves") { (try? TestSocket(path: folder.path("s")).exchange("GET /").status) == 404 }
        process.signal(SIGTERM)
        #expect(try process.wait() == .code(0))
        #expect(process.errors.isEmpty)
    }
}
