import Foundation
import MartletTestSupport
import Testing

/// Servers that are found in the files of a folder.
@Suite(.timeLimit(.minutes(20))) struct FolderDiscoveryTests {
    private let folder: TestFolder
    private let origins: [Origin]

    init() throws {
        folder = try TestFolder()
        origins = try numbered(3)
        try FileManager.default.createDirectory(atPath: folder.path("servers"), withIntermediateDirectories: false)
    }

    private var config: String { Configs.discovering("{folder: FOLDER/servers}") }
    private func line(_ number: Int) -> String { origins[number].address + " folder" }
    private func write(_ text: String, to name: String = "a.conf") throws {
        try folder.write(text, to: "servers/" + name)
    }

    private func move(_ name: String, to other: String) throws {
        let result = unsafe rename(folder.path(name), folder.path(other))
        if result != 0 { throw TestFailure("rename failed") }
    }

    private func withFolder(_ test: (RunningMartlet) throws -> Void) throws {
        let martlet = try RunningMartlet(config, folder: folder)
        do { try test(martlet) } catch { throw TestFailure("\(error)\n\(martlet.errors)") }
        try martlet.stop()
    }

    @Test func editsAreInForceAtOnceAndFailNobody() throws {
        try write("# the first\n\(origins[0].address)   # here\n\n")
        try withFolder { martlet in
            #expect(try martlet.found() == [line(0)])
            let clients = SteadyRequests(martlet)
            for turn in 0..<9 {
                let wanted = [turn % 3, (turn + 1) % 3]
                try folder.write(wanted.map { origins[$0].address + "\n" }.joined(), to: "new")
                let start = ContinuousClock.now
                try move("new", to: "servers/a.conf")
                try martlet.waitFor(wanted.map(line))
                #expect(ContinuousClock.now - start < .seconds(5))
            }
            let (failures, requests) = clients.stop()
            #expect(failures.isEmpty && requests > 50, "\(failures) of \(requests)")
            #expect(try martlet.metrics["martlet_discovery_servers{upstream=\"app\",source=\"folder\"}"] == 2)
        }
    }

    @Test func aFileThatIsWrongStaysAsItWas() throws {
        try write("\(origins[0].address) weight=3 maxInFlight=9\n")
        try write(origins[1].address + "\n", to: "b.conf")
        try withFolder { martlet in
            #expect(try martlet.found() == [line(0), line(1)])
            try write("\(origins[0].address) weight=3\n\(origins[2].address) wieght=2\nnonsense\n")
            let place = "\(folder.path)/servers/a.conf:"
            try eventually("told") {
                martlet.errors.contains(place + "2: there is no setting 'wieght'")
                    && martlet.errors.contains(place + "3: ")
            }
            #expect(try martlet.found() == [line(0), line(1)], "as they were")
            let server = try martlet.admin("/v1/servers").objects[0]
            #expect(server["weight"] as? Int == 3 && server["maxInFlight"] as? Int == 9)
            // Another file is not concerned.
            try write("\(origins[2].address) backup=true\n", to: "b.conf")
            try martlet.waitFor([line(0), line(2)])
            try write(origins[1].address + "\n")
            try martlet.waitFor([line(1), line(2)])
        }
    }

    @Test func filesThatAreNoneAreNotLookedAt() throws {
        try write(origins[0].address + "\n")
        for name in [".hidden", "a.conf~"] { try write("nonsense\n", to: name) }
        try FileManager.default.createDirectory(atPath: folder.path("servers/sub"), withIntermediateDirectories: false)
        try withFolder { martlet in
            #expect(try martlet.found() == [line(0)])
            #expect(!martlet.errors.contains("nonsense"))
            // A server in two files is one.
            try write(origins[0].address + " weight=9\n", to: "z.conf")
            try eventually("told") { martlet.errors.contains("z.conf: \(origins[0].address) is in another file") }
            #expect(try martlet.found() == [line(0)])
        }
    }

    @Test func aFolderThatIsGoneTakesNothingAlong() throws {
        try write(origins[0].address + "\n")
        try withFolder { martlet in
            try move("servers", to: "elsewhere")
            try eventually("told") { martlet.errors.contains("the folder cannot be read") }
            #expect(try martlet.tally(4) == ["0": 4])
            try FileManager.default.createDirectory(
                atPath: folder.path("servers"), withIntermediateDirectories: false)
            try write(origins[1].address + "\n")
            try martlet.waitFor([line(1)])
            #expect(martlet.errors.contains("servers are found again"))
        }
    }

    @Test func anEmptyFolderIsAnUpstreamWithoutServers() throws {
        try withFolder { martlet in
            #expect(try martlet.request("GET /").status == 503)
            #expect(try martlet.found() == [])
            try write(origins[0].address + "\n")
            try eventually("served") { try martlet.request("GET /").status == 200 }
        }
    }

    @Test func thereIsABoundOnServers() throws {
        try write((1...9).map { "127.0.0.1:\($0)\n" }.joined())
        let text = Configs.discovering("{folder: FOLDER/servers, maxServers: 4}")
        let martlet = try RunningMartlet(text, folder: folder)
        #expect(try martlet.found().count == 4 && martlet.errors.contains("left-out=5"))
        try martlet.stop()
    }
}
