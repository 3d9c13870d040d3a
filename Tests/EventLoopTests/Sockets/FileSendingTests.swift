import Foundation
import MartletEventLoop
import MartletTestSupport
import Testing

/// Files, sent by the kernel.
@Suite struct FileSendingTests {
    private let loop: TestLoop
    private let client: TestSocket
    private let folder: TestFolder

    init() throws {
        loop = try TestLoop()
        client = try loop.accept(on: try loop.listen(), receiveBuffer: 4_096)
        folder = try TestFolder()
    }

    /// Without the buffers that the kernel took at once, as far as the loop tells of them.
    private var story: [Event] {
        Array(loop.events(100).dropFirst().drop { !LoopEngine.sendsAtOnce && $0 == .sent(60_000, isIdle: true) })
    }

    private func file(_ bytes: [UInt8]) throws -> OpenFile {
        try Data(bytes).write(to: URL(filePath: folder.path("file")))
        return try FolderHandle(folder.path).open(Array("file".utf8), [])
    }

    private func send(_ file: OpenFile, from start: Int64, count: Int64) throws -> FileOutcome {
        try loop.on { driver, loop in
            loop.sendFile(file, from: start, count: count, on: driver.sockets[100] ?? .none)
        }
    }

    @Test func whatFitsIsSentAtOnce() throws {
        let file = try file(Array("0123456789".utf8))
        #expect(try send(file, from: 2, count: 5) == .sent)
        #expect(try client.receive(exactly: 5) == Array("23456".utf8))
        #expect(try loop.on { driver, loop in loop.bytesSent(driver.sockets[100] ?? .none) } == 5)
        #expect(story == [])
    }

    @Test func theRestFollowsBehindBuffers() throws {
        let content = pattern(9_000_000, seed: 3)
        let file = try file(content)
        let count = try loop.sendUntilPending(2)
        #expect(try send(file, from: 1_000, count: 8_000_000) == .pending)
        #expect(try loop.on { driver, loop in loop.isSendPending(driver.sockets[100] ?? .none) })
        for seed in 0..<count { #expect(try client.receive(exactly: 60_000) == pattern(60_000, seed: seed)) }
        #expect(try client.receive(exactly: 8_000_000) == Array(content[1_000..<8_001_000]))
        try loop.wait(for: 100, last: .fileSent(.sent))
        // Idle is only who has nothing of a file to send, either.
        #expect(story == [.sent(60_000, isIdle: false), .sent(60_000, isIdle: false), .fileSent(.sent)])
        #expect(try loop.on { driver, loop in !loop.isSendPending(driver.sockets[100] ?? .none) })
        #expect(try send(file, from: 0, count: 3) == .sent)
        #expect(try client.receive(exactly: 3) == Array(content[0..<3]))
    }

    @Test func aFileThatIsShorterIsCut() throws {
        let file = try file(pattern(9_000_000, seed: 1))
        #expect(try send(file, from: 8_999_999, count: 2) == .cut)
        #expect(try send(file, from: 0, count: 9_000_000) == .pending)
        #expect(try ChildProcess.run("truncate", ["-s", "10", folder.path("file")]).exit == .code(0))
        _ = try client.receive(exactly: 4_096)
        var rest = 0
        while story.isEmpty { rest += try client.receive(exactly: 1).count }
        #expect(story == [.fileSent(.cut)] && rest < 9_000_000)
    }

    @Test func aCloseLetsTheFileGo() throws {
        let before = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count
        do {
            let file = try file(pattern(9_000_000, seed: 1))
            #expect(try send(file, from: 0, count: 9_000_000) == .pending)
        }
        try loop.on { driver, loop in loop.close(driver.sockets[100] ?? .none) }
        #expect(try client.receiveUntilGone().bytes.count < 9_000_000)
        let path = folder.path("file")
        let open = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").compactMap {
            try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/" + $0)
        }
        #expect(!open.contains(path), "\(before)")
    }

    @Test func aPeerThatLeavesIsAFailure() throws {
        let file = try file(pattern(9_000_000, seed: 1))
        #expect(try send(file, from: 0, count: 9_000_000) == .pending)
        client.reset()
        _ = try loop.wait(for: 100) { events -> Bool? in
            if case .failed = events.last { true } else { nil }
        }
        #expect(!story.contains(.fileSent(.sent)))
    }
}

/// Below a folder, and nowhere else.
@Suite struct FolderHandleTests {
    private let folder: TestFolder

    init() throws {
        folder = try TestFolder()
        try FileManager.default.createDirectory(atPath: folder.path("inner"), withIntermediateDirectories: false)
        try folder.write("in", to: "inner/in.txt")
        try folder.write("out", to: "out.txt")
        for (name, place) in [("link", "in.txt"), ("up", "../out.txt"), ("away", "/etc/passwd"), ("circle", "circle")] {
            try FileManager.default.createSymbolicLink(
                atPath: folder.path("inner/" + name), withDestinationPath: place)
        }
    }

    private func kind(_ path: String, _ walk: PathWalk = []) throws -> FileKind? {
        do throws(SystemError) {
            return try FolderHandle(folder.path("inner")).open(Array(path.utf8), walk).kind
        } catch {
            #expect(error.isAbsence, "\(path): \(error)")
            return nil
        }
    }

    @Test func opensWhatIsThere() throws {
        #expect(try kind("in.txt") == .file)
        #expect(try kind("") == .folder)
        #expect(try kind("link") == .file)
        let file = try FolderHandle(folder.path("inner")).open(Array("in.txt".utf8), [])
        #expect(file.size == 2 && file.modified.seconds > 1_600_000_000)
        #expect(try kind("in.txt", .cached) == .file)
    }

    @Test(arguments: [
        "up", "away", "circle", "../out.txt", "..", "/etc/passwd", "in.txt/", "none", "./../out.txt", "in.txt\0x",
        "link/x",
    ])
    func doesNotOpenWhatIsNot(_ path: String) throws { #expect(try kind(path) == nil) }

    @Test func linksMayBeRefused() throws {
        #expect(try kind("link", .withoutLinks) == nil)
        #expect(try kind("in.txt", .withoutLinks) == .file)
    }

    @Test func readsWithoutWaitingWhatIsInMemory() throws {
        let pool = BufferPool(limitBytes: 1 << 20)
        let file = try FolderHandle(folder.path("inner")).open(Array("in.txt".utf8), [])
        file.load(0, 2)
        guard var buffer = pool.takeSmall() else { throw TestFailure("no buffer") }
        // A file system may be unable to tell.
        let count = try file.read(from: 0, into: &buffer, atMost: 10, mayWait: false)
        #expect(count == 2 || count == nil)
        #expect(file.isCached(0, 2) == (count == 2))
        #expect(try file.read(from: 1, into: &buffer, atMost: 10, mayWait: true) == 1)
        #expect(try file.read(from: 2, into: &buffer, atMost: 10, mayWait: true) == 0)
    }

    @Test func entriesOfAFolder() throws {
        let opened = try FolderHandle(folder.path("inner")).open([], [])
        for _ in 0..<2 {
            let entries = try opened.entries(limit: 10).entries
            #expect(entries.filter { !$0.isLink }.map(\.name) == [Array("in.txt".utf8)])
            let links = entries.filter(\.isLink).map { String(decoding: $0.name, as: UTF8.self) }.sorted()
            #expect(links == ["away", "circle", "link", "up"])
        }
        #expect(try opened.entries(limit: 0).isCut)
    }
}
