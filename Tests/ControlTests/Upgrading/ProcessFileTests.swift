import Foundation
import Glibc
import MartletTestSupport
import Testing

@testable import MartletControl

/// The pid file, the last words of a process, and accounts.
@Suite struct ProcessFileTests {
    @Test func theFileSaysWhoItIs() throws {
        let folder = try TestFolder()
        let file = PidFile(path: folder.path("pid"))
        #expect(file.process == nil)
        try file.write()
        #expect(folder.read("pid") == "\(getpid())\n" && file.process == getpid())
        file.remove()
        #expect(folder.read("pid") == nil)
    }

    @Test func anothersFileIsLeftAlone() throws {
        let folder = try TestFolder()
        let file = PidFile(path: try folder.write("1 \n", to: "pid"))
        #expect(file.process == 1)
        file.remove()
        #expect(folder.read("pid") == "1 \n")
        try folder.write("none", to: "pid")
        #expect(file.process == nil)
    }

    @Test func aLinkIsNotFollowed() throws {
        let folder = try TestFolder()
        try folder.write("precious", to: "other")
        try FileManager.default.createSymbolicLink(
            atPath: folder.path("pid"), withDestinationPath: folder.path("other"))
        #expect(throws: (any Error).self) { try PidFile(path: folder.path("pid")).write() }
        #expect(folder.read("other") == "precious")
    }

    @Test func theLastLinesAreKeptInPieces() {
        var lines = LastLines()
        for number in 0..<20 { lines.append(Array("line \(number)\n\n".utf8)) }
        lines.append(Array("the la".utf8))
        lines.append(Array("st".utf8))
        #expect(lines.all == (11..<20).map { "line \($0)" } + ["the last"])
        lines.append([UInt8](repeating: 0x78, count: 5000))
        #expect(lines.all.last?.count == 1000)
    }

    @Test func accountsAreLookedUp() throws {
        let nobody = try #require(try Privileges.account(user: "nobody", group: nil))
        #expect(nobody.user == 65534 && nobody.name == "nobody")
        #expect(try Privileges.account(user: "nobody", group: "root")?.group == 0)
        #expect(try Privileges.account(user: nil, group: nil) == nil)
        for (user, group, key) in [("no-such-user", nil, "user"), ("nobody", "no-such-group", "group")]
            as [(String, String?, String)]
        {
            do throws(StartError) {
                _ = try Privileges.account(user: user, group: group)
                Issue.record("\(user) was found")
            } catch {
                #expect(error.description.contains("\(key): this host has no \(key) 'no-such-\(key)'"))
                #expect(error.exitCode == ExitStatus.configuration)
            }
        }
    }
}
