import MartletEventLoop
import MartletTestSupport
import Testing

@testable import MartletControl

/// When files are loaded anew, and when it is said that they cannot be.
@Suite struct FileWatchTests {
    private let problem = FileProblem("listeners[0].tls", "it is empty")
    private let stamps: [[FileStamp]]

    init() throws {
        let folder = try TemporaryFolder()
        try folder.write("a", to: "a")
        try folder.write("bb", to: "b")
        stamps = [[FileStamp(folder.path("a"))], [FileStamp(folder.path("b"))], [FileStamp(folder.path("c"))]]
    }

    @Test func whatDoesNotChangeIsNotLoaded() {
        var watch = FileWatch(stamps[0])
        #expect(watch.look(stamps[0], now: 0) == .none)
        #expect(watch.look(stamps[0], now: 1_000_000) == .none)
    }

    @Test func aChangeIsLoadedOnce() {
        var watch = FileWatch(stamps[0])
        #expect(watch.look(stamps[1], now: 0) == .load)
        watch.loaded()
        #expect(watch.look(stamps[1], now: 9_000) == .none)
        #expect(watch.look(stamps[0], now: 9_001) == .load)
        #expect(watch.look(stamps[2], now: 9_002) == .load, "it is gone")
    }

    @Test func whatCannotBeLoadedIsSaidOnceAndNotAtOnce() {
        var watch = FileWatch(stamps[0])
        #expect(watch.look(stamps[1], now: 100) == .load)
        watch.failed(problem, now: 100)
        #expect(watch.look(stamps[1], now: 99 + FileWatch.patience) == .none)
        #expect(watch.look(stamps[1], now: 100 + FileWatch.patience) == .complain(problem))
        #expect(watch.look(stamps[1], now: 200 + FileWatch.patience) == .none)
    }

    @Test func theOtherHalfOfAChangeMayComeALittleLater() {
        var watch = FileWatch(stamps[0])
        #expect(watch.look(stamps[1], now: 0) == .load)
        watch.failed(problem, now: 0)
        #expect(watch.look(stamps[2], now: 4_000) == .load)
        watch.loaded()
        #expect(watch.look(stamps[2], now: 50_000) == .none)
    }

    @Test func whatIsWrongWhileFilesGoOnChangingIsSaidInTime() {
        var watch = FileWatch(stamps[0])
        for turn in 0..<5 {
            #expect(watch.look(stamps[(turn + 1) % 2], now: UInt64(turn) * 1_000) == .load)
            watch.failed(problem, now: UInt64(turn) * 1_000)
        }
        #expect(watch.look(stamps[1], now: FileWatch.patience) == .complain(problem))
    }

    @Test func eachChangeThatIsNoGoodIsSaid() {
        var watch = FileWatch(stamps[0])
        #expect(watch.look(stamps[1], now: 0) == .load)
        watch.failed(problem, now: 0)
        #expect(watch.look(stamps[1], now: 6_000) == .complain(problem))
        #expect(watch.look(stamps[2], now: 7_000) == .load)
        watch.failed(problem, now: 7_000)
        #expect(watch.look(stamps[2], now: 11_999) == .none)
        #expect(watch.look(stamps[2], now: 12_000) == .complain(problem))
    }

    @Test func stampsTellWhatReplacesAFileFromWhatWasThere() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("f")
        let missing = FileStamp(path)
        try folder.write("one", to: "f")
        let first = FileStamp(path)
        #expect(missing != first && FileStamp(path) == first)
        // As certbot does it: another file of the same size under the same name.
        try folder.write("two", to: "g")
        let isReplaced = folder.replace("f", by: "g")
        #expect(isReplaced)
        let second = FileStamp(path)
        #expect(first != second)
        // As Kubernetes does it: a folder by a symbolic link, which is swapped.
        try folder.makeFolder("v1")
        try folder.makeFolder("v2")
        for version in ["v1", "v2"] { try folder.write("x", to: version + "/f") }
        try folder.link("now", to: "v1")
        let before = FileStamp(folder.path("now/f"))
        try folder.link("next", to: "v2")
        let isSwapped = folder.replace("now", by: "next")
        #expect(isSwapped)
        #expect(FileStamp(folder.path("now/f")) != before)
        // A file that may be read now is another one.
        let stamp = FileStamp(path)
        try folder.setMode("f", 0o600)
        #expect(FileStamp(path) != stamp)
    }
}
