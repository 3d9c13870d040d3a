import MartletEventLoop
import MartletTestSupport
import Testing

@testable import MartletControl

/// When a saved config is read.
struct SaveWatchTests {
    /// A file in successive states.
    private static func look(_ state: Int, matches: [String] = []) throws -> SaveWatch.Look {
        let folder = try TestFolder()
        let stamps = try (0...state).map { FileStamp(try folder.write("", to: "\($0)")) }
        return SaveWatch.Look(stamps: ["a": stamps[state]], matches: matches)
    }

    private static let missing = SaveWatch.Look(stamps: ["a": FileStamp("/nowhere")], matches: [])

    @Test func nothingIsReadWhileNothingChanges() throws {
        let look = try Self.look(0)
        var watch = SaveWatch(look)
        for now: UInt64 in [0, 100, 10_000] {
            #expect(watch.look(look, isWhole: now == 100, now: now) == .wait(until: nil))
        }
    }

    @Test func aFileThatIsWrittenIsReadWhenItHasComeToRest() throws {
        let (one, two, three) = (Self.missing, try Self.look(0), try Self.look(0))
        var watch = SaveWatch(one)
        #expect(watch.look(two, isWhole: false, now: 1_000) == .wait(until: 1_100))
        #expect(watch.look(two, isWhole: false, now: 1_099) == .wait(until: 1_100))
        #expect(watch.look(three, isWhole: false, now: 1_099) == .wait(until: 1_199))
        #expect(watch.look(three, isWhole: false, now: 1_199) == .read)
        watch.read(three)
        #expect(watch.look(three, isWhole: false, now: 1_300) == .wait(until: nil))
    }

    @Test func aFileThatIsClosedOrRenamedIsReadAtOnce() throws {
        let look = try Self.look(0)
        var watch = SaveWatch(Self.missing)
        #expect(watch.look(look, isWhole: true, now: 1_000) == .wait(until: 1_005))
        #expect(watch.look(look, isWhole: false, now: 1_005) == .read)
        // Written first, closed later.
        var slow = SaveWatch(Self.missing)
        #expect(slow.look(look, isWhole: false, now: 1_000) == .wait(until: 1_100))
        #expect(slow.look(look, isWhole: true, now: 1_050) == .wait(until: 1_055))
        #expect(slow.look(look, isWhole: false, now: 1_055) == .read)
    }

    /// An editor that removes the file and writes it anew.
    @Test func aFileThatIsGoneForAMomentIsNotRead() throws {
        let (old, new) = (try Self.look(0), try Self.look(0))
        var watch = SaveWatch(old)
        #expect(watch.look(Self.missing, isWhole: false, now: 0) == .wait(until: 100))
        #expect(watch.look(new, isWhole: true, now: 20) == .wait(until: 25))
        #expect(watch.look(new, isWhole: false, now: 25) == .read)
        // What is as it was before is not read.
        watch.read(new)
        #expect(watch.look(Self.missing, isWhole: false, now: 200) == .wait(until: 300))
        #expect(watch.look(new, isWhole: true, now: 250) == .wait(until: nil))
    }

    @Test func aFileMoreThatAPatternMatchesIsAChange() throws {
        let look = try Self.look(0)
        var watch = SaveWatch(look)
        var more = look
        more.matches = ["sites/a.yaml"]
        #expect(watch.look(more, isWhole: true, now: 0) == .wait(until: 5))
        #expect(watch.look(more, isWhole: false, now: 5) == .read)
    }

    /// What has changed while the files were read is read again; files that are new count as read.
    @Test func whatChangesDuringReadingIsReadAgain() throws {
        let (before, during) = (try Self.look(0), try Self.look(0))
        var watch = SaveWatch(Self.missing)
        _ = watch.look(before, isWhole: true, now: 0)
        #expect(watch.look(before, isWhole: true, now: 5) == .read)
        var after = during
        after.stamps["b"] = FileStamp("/nowhere")
        watch.read(after)
        #expect(watch.look(after, isWhole: true, now: 10) == .wait(until: 15))
        #expect(watch.look(after, isWhole: true, now: 15) == .read)
        watch.read(after)
        #expect(watch.look(after, isWhole: true, now: 20) == .wait(until: nil))
    }
}

/// What the kernel tells of folders.
struct FolderNoticesTests {
    @Test func tellsWhatHappensToFiles() throws {
        let folder = try TestFolder()
        let notices = try FolderNotices()
        let watch = try #require(notices.watch(folder.path))
        #expect(notices.watch(folder.path) == watch)
        #expect(notices.watch(folder.path("none")) == nil)
        #expect(notices.wait(milliseconds: 1).isEmpty)
        _ = try folder.write("x", to: "a.yaml")
        let happened = notices.wait(milliseconds: 10_000)
        #expect(happened.allSatisfy { $0.watch == watch && $0.name == "a.yaml" } && !happened.isEmpty)
        let last = try #require(happened.last)
        #expect(last.isWhole || notices.wait(milliseconds: 10_000).contains { $0.isWhole })
        notices.end(watch)
        _ = notices.wait(milliseconds: 10_000)
        _ = try folder.write("x", to: "b.yaml")
        #expect(notices.wait(milliseconds: 1).isEmpty)
    }

    @Test func halfANoticeIsNone() {
        let one: [UInt8] = [1, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0, 0x61, 0, 0, 0]
        #expect(FolderNotices.parse(one[...]) == [.init(watch: 1, name: "a", isWhole: true)])
        #expect(FolderNotices.parse((one + one)[...]).count == 2)
        #expect(FolderNotices.parse((one + one[..<15])[...]).count == 1)
        #expect(FolderNotices.parse([]).isEmpty)
    }
}

/// The entries that a path goes through.
struct FilePlacesTests {
    private typealias Place = FilePlaces.Place

    /// As Kubernetes lays out what it mounts: a file that leads to `..data`, which leads to a folder with a time in its name.
    @Test func linksAreFollowedStepByStep() throws {
        let folder = try TestFolder()
        _ = try ChildProcess.run("mkdir", ["-p", folder.path("..1")])
        _ = try folder.write("x", to: "..1/martlet.yaml")
        _ = try ChildProcess.run("ln", ["-s", "..1", folder.path("..data")])
        _ = try ChildProcess.run("ln", ["-s", "..data/martlet.yaml", folder.path("martlet.yaml")])
        #expect(
            FilePlaces.all(of: folder.path("martlet.yaml")) == [
                Place(folder: folder.path, name: "martlet.yaml"),
                Place(folder: folder.path + "/..data", name: "martlet.yaml"),
                Place(folder: folder.path, name: "..data"),
                Place(folder: folder.path + "/..1", name: "martlet.yaml"),
            ])
    }

    @Test func aPathWithoutLinksIsOneEntry() {
        #expect(FilePlaces.all(of: "/nowhere/a/b.yaml") == [Place(folder: "/nowhere/a", name: "b.yaml")])
        #expect(FilePlaces.all(of: "b.yaml").map(\.name) == ["b.yaml"])
        #expect(FilePlaces.all(of: "/b.yaml") == [Place(folder: "/", name: "b.yaml")])
    }

    @Test func linksThatLeadToThemselvesEnd() throws {
        let folder = try TestFolder()
        _ = try ChildProcess.run("ln", ["-s", "b", folder.path("a")])
        _ = try ChildProcess.run("ln", ["-s", "a", folder.path("b")])
        #expect(FilePlaces.all(of: folder.path("a")).count <= 41)
    }
}
