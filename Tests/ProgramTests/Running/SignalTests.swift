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
                /[-0-9T:.]+Z info event loops stand on (?:epoll|io_uring) .*/,
                /[-0-9T:.]+Z notice listening address=127\.0\.0\.1:[1-9][0-9]* listener=web/,
                /[-0-9T:.]+Z notice started version=[0-9.]+ workers=2/,
                /[-0-9T:.]+Z notice draining: no new connections; a second signal ends at once/,
                /[-0-9T:.]+Z notice stopped/,
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

    @Test func theLogMayBeJSON() throws {
        let folder = try TestFolder()
        let config = "listeners: [{address: 'unix:FOLDER/s', name: web}]\nlog: {format: json}\nadmin: off\n"
        let file = try folder.write(config.replacing("FOLDER", with: folder.path), to: "martlet.yaml")
        let process = try ChildProcess(MartletBinary.path, ["run", file])
        _ = try process.waitForOutput(containing: "\"started\"", on: .errors)
        process.signal(SIGTERM)
        #expect(try process.wait() == .code(0))
        let lines = try process.errors.split(separator: "\n").map {
            try #require(JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: String])
        }
        #expect(lines.contains { $0["message"] == "listening" && $0["listener"] == "web" && $0["level"] == "notice" })
        #expect(lines.allSatisfy { $0["time"]?.hasSuffix("Z") == true })
    }

    /// The journal has its own time, and is told the level as sd-daemon(3) has it.
    @Test func theJournalIsToldTheLevel() throws {
        let folder = try TestFolder()
        let script = """
            import os, subprocess, sys
            own, journal = os.pipe()
            stat = os.fstat(journal)
            variables = dict(os.environ, JOURNAL_STREAM=f"{stat.st_dev}:{stat.st_ino}")
            child = subprocess.Popen([sys.argv[1], "run", sys.argv[2]], stderr=journal, env=variables)
            os.close(journal)
            for line in os.fdopen(own):
                print(line, end="")
                if ">started " in line: child.terminate()
            """
        let file = try folder.write(
            "listeners: [{address: 'unix:\(folder.path("s"))'}]\nadmin: off\n", to: "martlet.yaml")
        let (exit, output, _) = try ChildProcess.run(
            "/usr/bin/env", ["python3", "-c", script, MartletBinary.path, file])
        #expect(exit == .code(0))
        #expect(output.contains("<5>listening address=unix:\(folder.path("s"))"), "\(output)")
        #expect(output.contains("<5>stopped\n"))
    }
}
