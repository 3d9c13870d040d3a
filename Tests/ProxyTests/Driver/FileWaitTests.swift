// Files that a disk has to be waited for.
import Foundation
import MartletEventLoop
import MartletTelemetry
import MartletTestSupport
import Testing

@testable import MartletProxy

@Suite struct FileWaitTests {
    private let folder: TestFolder
    private let desk = WorkDesk()

    init() throws {
        folder = try TestFolder()
        try folder.write("text", to: "a.txt")
        // All holes, which nobody has in memory.
        let result = try ChildProcess.run("truncate", ["-s", "5000000", folder.path("holes.bin")])
        if result.exit != .code(0) { throw TestFailure(result.errors) }
    }

    private func start(_ change: (inout ProxySettings) -> Void = { _ in }) throws -> TestProxy {
        var plan = FileSitePlan()
        plan.lists = true
        let site = FileSite(try FolderHandle(folder.path), plan)
        return try TestProxy(
            ProxySetup.withoutServers.with {
                $0.site = site
                $0.workers = desk
                change(&$0.settings)
            })
    }

    /// Some file systems have their holes in memory, and nothing has to be waited for.
    private func hasToWait() throws -> Bool {
        try !FolderHandle(folder.path).open(Array("holes.bin".utf8), []).isCached(0, 5_000_000)
    }

    private func get(_ path: String) -> String { "GET \(path) HTTP/1.1\r\nHost: test\r\n\r\n" }

    @Test func aListIsMadeBesideTheLoop() throws {
        let proxy = try start()
        let client = try proxy.connect()
        try client.send(get("/"))
        try desk.wait(for: 0)
        // The loop goes on.
        #expect(try proxy.answer(to: get("/a.txt")).text == "text")
        try desk.work(0)
        #expect(try client.readResponse().text.contains("holes.bin"))
        desk.clear()
        client.close()
        try proxy.end()
    }

    @Test func whatTakesTooLongIsGivenUp() throws {
        let proxy = try start { $0.fileTime = 50 }
        let answer = try proxy.answer(to: get("/"))
        #expect(answer.status == 503)
        #expect(proxy.metrics.read(.fileTimeouts) == 1)
        // The answer comes when nobody wants it any more.
        try desk.work(0)
        desk.clear()
        #expect(try proxy.answer(to: get("/a.txt")).text == "text")
        let lines = try proxy.end()
        #expect(lines.map(\.error) == ["file was not opened in time", nil])
    }

    @Test func aClientThatLeavesMeanwhile() throws {
        let proxy = try start { $0.openFiles = 1 }
        let client = try proxy.connect()
        try client.send(get("/"))
        try desk.wait(for: 0)
        client.reset()
        try proxy.wait(for: .filesActive, 0)
        // What the thread does still holds a file.
        #expect(try proxy.answer(to: get("/a.txt")).status == 503)
        try desk.work(0)
        desk.clear()
        try proxy.wait("the file to be let go") { _ in proxy.shared.openFiles == 0 }
        #expect(try proxy.answer(to: get("/a.txt")).status == 200)
        try proxy.end()
    }

    @Test func aFileIsReadAheadByOthers() throws {
        guard try hasToWait() else { return }
        let proxy = try start()
        let client = try proxy.connect()
        try client.send(get("/holes.bin"))
        let worker = TestThread { [desk] in
            for number in 0..<5 { try? desk.work(number) }
        }
        let answer = try client.readResponse()
        #expect(answer.status == 200 && answer.content.count == 5_000_000 && answer.content.allSatisfy { $0 == 0 })
        #expect(worker.join())
        // A mebibyte at a time, or less often if the kernel reads further.
        #expect((1...5).contains(proxy.metrics.read(.fileWaits)))
        desk.clear()
        client.close()
        try proxy.end()
    }

    @Test func aDiskThatDoesNotAnswerEndsTheResponse() throws {
        guard try hasToWait() else { return }
        let proxy = try start { $0.fileTime = 100 }
        let client = try proxy.connect()
        try client.send(get("/holes.bin"))
        #expect(try client.receive(until: "\r\n\r\n").contains("Content-Length: 5000000"))
        #expect(try client.receiveUntilGone().bytes.isEmpty)
        #expect(proxy.metrics.read(.fileTimeouts) == 1 && proxy.metrics.read(.filesCut) == 1)
        desk.clear()
        try proxy.end()
    }

    @Test func aClientThatLeavesBetweenPieces() throws {
        guard try hasToWait() else { return }
        let proxy = try start()
        let client = try proxy.connect()
        try client.send(get("/holes.bin"))
        try desk.wait(for: 0)
        client.reset()
        try proxy.wait(for: .filesActive, 0)
        try desk.work(0)
        desk.clear()
        try proxy.end()
    }
}
