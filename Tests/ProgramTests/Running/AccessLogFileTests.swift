import Foundation
import MartletTestSupport
import Testing

/// The access log as a file: rotation, and files that take no more.
@Suite(.timeLimit(.minutes(20))) struct AccessLogFileTests {
    private static func lines(_ text: String?) throws -> [AccessLogLine] {
        try (text ?? "").split(separator: "\n", omittingEmptySubsequences: false).dropLast().map {
            try AccessLogLine($0)
        }
    }

    private static let file = "accessLog: {file: FOLDER/a.log}\n"

    @Test func rotationLosesNothing() throws {
        let origin = try Origin()
        let martlet = try RunningMartlet(Configs.proxy(to: origin.server, Self.file))
        let client = try martlet.connect()
        let move = { (name: String) in
            let folder = martlet.folder
            try FileManager.default.moveItem(atPath: folder.path("a.log"), toPath: folder.path(name))
        }
        for number in 0..<500 {
            #expect(try client.exchange("GET /\(number)").status == 200)
            if number % 100 != 99 { continue }
            try move("old-\(number)")
            martlet.process.signal(SIGUSR1)
            try eventually("a new file") { FileManager.default.fileExists(atPath: martlet.folder.path("a.log")) }
        }
        client.close()
        try martlet.stop()
        let files = try FileManager.default.contentsOfDirectory(atPath: martlet.folder.path).filter {
            $0 != "martlet.yaml"
        }
        #expect(files.count == 6)
        let targets = try files.flatMap { try Self.lines(martlet.folder.read($0)).compactMap { $0["target"] } }
        #expect(Set(targets) == Set((0..<500).map { "/\($0)" }))
        #expect(targets.count == 500)
    }

    @Test func aFileThatIsThereIsAppendedTo() throws {
        let origin = try Origin()
        let folder = try TestFolder()
        try folder.write("before\n", to: "a.log")
        let martlet = try RunningMartlet(Configs.proxy(to: origin.server, Self.file), folder: folder)
        #expect(try martlet.request("GET /").status == 200)
        try martlet.stop()
        let lines = folder.read("a.log")?.split(separator: "\n") ?? []
        #expect(lines.count == 2 && lines.first == "before")
        #expect(martlet.process.output.isEmpty)
    }

    /// Nobody reads, the queue is small: requests go on, and what is lost is counted.
    @Test func aPipeWithoutReaderHoldsNobodyUp() throws {
        let origin = try Origin()
        let folder = try TestFolder()
        #expect(try ChildProcess.run("mkfifo", [folder.path("a.log")]).exit == .code(0))
        // Opened for reading and writing, a pipe without reader can be opened by the proxy, too.
        let keeper = try FileHandle(forUpdating: URL(filePath: folder.path("a.log")))
        let config = Configs.proxy(
            to: origin.server, "accessLog: {file: FOLDER/a.log, queue: 64KiB}\ntimeouts: {drain: 1s}\n")
        let martlet = try RunningMartlet(config, folder: folder)
        let client = try martlet.connect()
        let requests = (0..<20).map { _ in requestText("GET /" + String(repeating: "a", count: 900)) }
        for _ in 0..<50 {
            try client.send(requests.joined())
            for _ in requests { #expect(try client.readResponse().status == 200) }
        }
        // Lines are handed over up to 100 ms later; those of the questions for counters are lines as well.
        try eventually("each line is counted, and some as dropped") {
            let metrics = try martlet.metrics
            let handed = metrics["martlet_access_log_lines_total"] ?? 0
            let dropped = metrics["martlet_access_log_lines_dropped_total"] ?? 0
            return dropped > 0 && handed + dropped >= 1_000
        }
        client.close()
        // The last lines cannot be written: it says so, and ends.
        try martlet.stop()
        #expect(martlet.errors.contains("the access log could not be written in time"))
        try keeper.close()
    }

    @Test func aPipeThatNobodyHasOpenIsAnError() throws {
        let folder = try TestFolder()
        #expect(try ChildProcess.run("mkfifo", [folder.path("a.log")]).exit == .code(0))
        let config = "listeners: [{address: '127.0.0.1:0'}]\naccessLog: {file: '\(folder.path("a.log"))'}\n"
        let result = try program("run", folder.write(config, to: "martlet.yaml"))
        #expect(result.has(code: 69))
        #expect(result.errors.contains("cannot open the access log"))
    }

    @Test func aFullDiskIsCountedAndToldOnce() throws {
        let origin = try Origin()
        let config = Configs.proxy(to: origin.server, "accessLog: {file: /dev/full}\n")
        try withMartlet(config) { martlet in
            let client = try martlet.connect()
            for number in 0..<50 { #expect(try client.exchange("GET /\(number)").status == 200) }
            try eventually("lost lines") { try martlet.metrics["martlet_access_log_lines_lost_total"] ?? 0 >= 50 }
            #expect(try martlet.metrics["martlet_access_log_errors_total"] ?? 0 > 0)
            #expect(martlet.errors.split(separator: "\n").count { $0.contains("No space left on device") } == 1)
        }
    }
}
