import Glibc
import Logging
import MartletEventLoop
import MartletProxyConfig
import Testing

@testable import MartletControl

/// A writer to a path, with a log that nobody reads.
private func writer(to path: String, queue: Int = 1 << 20) throws -> AccessLogWriter {
    try AccessLogWriter(to: .path(path), queue: queue, log: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
}

@Suite(.timeLimit(.minutes(20))) struct AccessLogWriterTests {
    @Test func writesAllBatchesInOrderBehindWhatIsThere() throws {
        let folder = try TemporaryFolder()
        try folder.write("old\n", to: "a.log")
        let writer = try writer(to: folder.path("a.log"))
        var expected = "old\n"
        for index in 0..<200 {
            #expect(writer.submit(Array("line \(index)\nsecond\n".utf8), lines: 2))
            expected += "line \(index)\nsecond\n"
        }
        #expect(writer.close())
        #expect(folder.read("a.log") == expected)
        #expect(writer.counts == counts(written: 400))
        #expect(!writer.submit([0x0A], lines: 1))
        #expect(writer.counts == counts(written: 400, refused: 1))
        #expect(writer.close(), "closing twice is harmless")
    }

    @Test func createsAFileThatOthersCannotRead() throws {
        let folder = try TemporaryFolder()
        try writer(to: folder.path("a.log")).close()
        #expect(folder.mode("a.log") & 0o007 == 0)
        #expect(folder.mode("a.log") & 0o600 == 0o600)
    }

    @Test func losesNoLineWhenTheFileIsRotated() throws {
        let folder = try TemporaryFolder()
        let writer = try writer(to: folder.path("a.log"))
        #expect(writer.submit(Array("one\n".utf8), lines: 1))
        folder.move("a.log", to: "a.log.1")
        writer.reopen()
        #expect(writer.submit(Array("two\n".utf8), lines: 1))
        #expect(writer.close())
        #expect(folder.read("a.log.1") == "one\n")
        #expect(folder.read("a.log") == "two\n")
        #expect(writer.counts == counts(written: 2))
    }

    @Test func keepsTheOldFileWhenANewOneCannotBeOpened() throws {
        let folder = try TemporaryFolder()
        try folder.makeFolder("sub")
        let writer = try writer(to: folder.path("sub/a.log"))
        folder.move("sub", to: "moved")
        writer.reopen()
        #expect(writer.submit(Array("one\n".utf8), lines: 1))
        #expect(writer.close())
        #expect(folder.read("moved/a.log") == "one\n")
        #expect(writer.counts == counts(written: 1, errors: 1))
    }

    @Test func refusesAFileThatCannotBeOpened() throws {
        let folder = try TemporaryFolder()
        #expect(throws: SystemError(ENOENT)) { _ = try writer(to: folder.path("none/a.log")) }
        #expect(throws: SystemError(EISDIR)) { _ = try writer(to: folder.path(".")) }
    }

    @Test func countsWhatAFullDiskCosts() throws {
        let writer = try writer(to: "/dev/full")
        #expect(writer.submit(Array("one\ntwo\n".utf8), lines: 2))
        #expect(writer.submit(Array("three\n".utf8), lines: 1))
        #expect(writer.close())
        #expect(writer.counts == counts(lost: 3, errors: 2))
    }

    @Test func goesOnAfterTheReaderOfAPipeHasLeft() throws {
        var pipe = TestPipe()
        let writer = try writer(to: pipe.path)
        try pipe.closeReader()
        #expect(writer.submit(Array("lost\n".utf8), lines: 1))
        #expect(wait { writer.counts.lost == 1 })
        try pipe.openReader()
        #expect(writer.submit(Array("read\n".utf8), lines: 1))
        #expect(writer.close())
        #expect(try pipe.read(5) == Array("read\n".utf8))
        #expect(writer.counts == counts(written: 1, lost: 1, errors: 1))
    }

    /// A pipe takes 64 KiB and then no more: the queue fills, and lines are refused without a wait.
    @Test func neverWaitsForAPipeThatNobodyReads() throws {
        var pipe = TestPipe()
        let writer = try writer(to: pipe.path, queue: 256 << 10)
        let batch = [UInt8](repeating: 0x78, count: (16 << 10) - 1) + [0x0A]
        var accepted = 0
        for _ in 0..<100 where writer.submit(batch, lines: 1) { accepted += 1 }
        #expect(accepted >= 16)
        #expect(writer.counts.refused == UInt64(100 - accepted))
        #expect(writer.counts.refused > 50)
        #expect(!writer.close(within: .milliseconds(50)))
        #expect(writer.counts.written + writer.counts.lost == UInt64(accepted))
        #expect(writer.counts.lost > 0)
        try pipe.closeReader()
    }

    /// A reader that is slow loses nothing: writes go on where the kernel stopped taking.
    @Test func writesOnWhenAPipeIsReadAgain() throws {
        let pipe = TestPipe()
        let writer = try writer(to: pipe.path, queue: 1 << 20)
        let batch = Array(String(repeating: "0123456789abcdef\n", count: 20_000).utf8)
        #expect(writer.submit(batch, lines: 20_000))
        #expect(try pipe.read(batch.count) == batch)
        #expect(writer.close())
        #expect(writer.counts == counts(written: 20_000))
    }

    private func counts(
        written: UInt64 = 0, refused: UInt64 = 0, lost: UInt64 = 0, errors: UInt64 = 0
    ) -> AccessLogCounts {
        var counts = AccessLogCounts()
        counts.written = written
        counts.refused = refused
        counts.lost = lost
        counts.errors = errors
        return counts
    }
}

/// What was cut off by an error must not run into the next line.
@Suite struct LogFileTests {
    @Test func beginsANewLineAfterACut() throws {
        let folder = try TemporaryFolder()
        var file = try LogFile(.path(folder.path("a.log")))
        #expect(file.write(Array("cut".utf8)) { false } == (3, nil))
        #expect(file.write(Array("whole\n".utf8)) { false } == (6, nil))
        #expect(file.write(Array("next\n".utf8)) { false } == (5, nil))
        #expect(folder.read("a.log") == "cut\nwhole\nnext\n")
    }

    @Test func givesUpWhenAskedTo() throws {
        var pipe = TestPipe()
        var file = try LogFile(.path(pipe.path))
        let result = file.write([UInt8](repeating: 0x78, count: 1 << 20)) { true }
        #expect(result.bytes > 0 && result.bytes < 1 << 20)
        #expect(result.error == SystemError(EAGAIN))
        try pipe.closeReader()
    }
}

private func == (a: (bytes: Int, error: SystemError?), b: (Int, SystemError?)) -> Bool {
    a.bytes == b.0 && a.error == b.1
}

/// Looks until something is so, for at most 10 seconds.
private func wait(until condition: () -> Bool) -> Bool {
    let end = ContinuousClock.now + .seconds(10)
    while !condition() {
        if ContinuousClock.now > end { return false }
        sched_yield()
    }
    return true
}
