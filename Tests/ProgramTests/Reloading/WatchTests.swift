import Foundation
import MartletTestSupport
import Testing

/// `martlet run --watch`: a saved config is in force.
@Suite(.timeLimit(.minutes(20))) struct WatchTests {
    /// What a client gets tells which config is in force.
    private static func config(_ answer: String, _ more: String = "") -> String {
        """
        workers: 1
        listeners: [{address: "127.0.0.1:0"}]
        admin: {address: "127.0.0.1:0"}
        routes:
          - {path: /, respond: {body: "\(answer)"}}
        \(more)

        """
    }

    private static func run(
        _ config: String, folder: TestFolder? = nil, _ test: (RunningMartlet) throws -> Void
    ) throws {
        let martlet = try RunningMartlet(config, ["--watch"], folder: folder)
        do {
            try test(martlet)
        } catch {
            throw TestFailure("\(error)\nmartlet's standard error:\n\(martlet.errors)")
        }
        try martlet.stop()
    }

    private static func waitFor(_ answer: String, _ client: TestSocket) throws {
        try eventually("answer \(answer)", .seconds(60)) { try client.exchange("GET /").text == answer }
    }

    @Test func aFileThatIsWrittenIsInForce() throws {
        try Self.run(Self.config("0")) { martlet in
            let client = try martlet.connect()
            for round in 1...5 {
                try martlet.write(Self.config("\(round)"))
                try Self.waitFor("\(round)", client)
            }
            #expect(martlet.errors.contains("by=watch") && martlet.errors.contains("changes=\"~ route / (respond)\""))
        }
    }

    /// As editors do it: another file takes the place.
    @Test func aFileThatIsReplacedIsInForce() throws {
        try Self.run(Self.config("0")) { martlet in
            let client = try martlet.connect()
            for round in 1...5 {
                try martlet.folder.write(Self.config("\(round)"), to: ".martlet.yaml.swp")
                try martlet.folder.move(".martlet.yaml.swp", to: "martlet.yaml")
                try Self.waitFor("\(round)", client)
            }
        }
    }

    /// As Kubernetes does it: the file leads to `..data`, which leads to another folder from one moment to the next.
    @Test func aLinkThatLeadsElsewhereIsInForce() throws {
        let folder = try TestFolder()
        for name in ["1", "2"] {
            try folder.makeFolder("..\(name)")
            try folder.write(Self.config(name), to: "..\(name)/martlet.yaml")
        }
        try folder.link("..data", to: "..1")
        try folder.link("martlet.yaml", to: "..data/martlet.yaml")
        let martlet = try ChildProcess(MartletBinary.path, ["run", folder.path("martlet.yaml"), "--watch"])
        let log = try martlet.waitForOutput(containing: " notice started ", on: .errors)
        let line = try #require(log.split(separator: "\n").first { $0.contains("listener=127.0.0.1:0") })
        let address = try #require(line.firstMatch(of: /address=127\.0\.0\.1:([0-9]+)/))
        let client = try TestSocket(port: try #require(UInt16(address.1)))
        try Self.waitFor("1", client)
        for name in ["2", "1", "2"] {
            try folder.link("..new", to: "..\(name)")
            try folder.move("..new", to: "..data")
            try Self.waitFor(name, client)
        }
        martlet.signal(SIGTERM)
        #expect(try martlet.wait() == .code(0))
    }

    @Test func aFileThatAPatternMatchesFromNowOnIsInForce() throws {
        let folder = try TestFolder()
        try folder.makeFolder("sites")
        try Self.run(Self.config("1", "include: sites/*.yaml"), folder: folder) { martlet in
            let client = try martlet.connect()
            try folder.write("routes: [{path: /more, respond: {body: more}}]\n", to: "sites/more.yaml")
            try eventually("the new file", .seconds(60)) { try client.exchange("GET /more").text == "more" }
            try folder.write("routes: [{path: /more, respond: {body: other}}]\n", to: "sites/more.yaml")
            try eventually("its change", .seconds(60)) { try client.exchange("GET /more").text == "other" }
            try folder.remove("sites/more.yaml")
            try eventually("its end", .seconds(60)) { try client.exchange("GET /more").status == 404 }
        }
    }

    @Test func aSecretThatChangesIsInForce() throws {
        let folder = try TestFolder()
        try folder.write("first", to: "secret")
        try Self.run(Self.config("${file:secret}"), folder: folder) { martlet in
            let client = try martlet.connect()
            try Self.waitFor("first", client)
            try folder.write("second", to: "secret")
            try Self.waitFor("second", client)
        }
    }

    /// Once for each save; and what is whole again is in force.
    @Test func aBrokenFileIsReportedOnce() throws {
        try Self.run(Self.config("1")) { martlet in
            let client = try martlet.connect()
            for round in 1...2 {
                // By renaming, so that a save is one change.
                try martlet.folder.write(Self.config("2", "worker: \(round)"), to: "new")
                try martlet.folder.move("new", to: "martlet.yaml")
                try martlet.waitForMetric("martlet_reloads_total{result=\"refused\"}", Double(round), .seconds(60))
            }
            #expect(try client.exchange("GET /").text == "1")
            try martlet.write(Self.config("3"))
            try Self.waitFor("3", client)
            let reports = martlet.errors.split(separator: "unknown key 'worker'", omittingEmptySubsequences: false)
            #expect(reports.count == 3, "\(martlet.errors)")
            #expect(try martlet.metrics["martlet_reloads_total{result=\"refused\"}"] == 2)
        }
    }

    /// A file beside it that is written all the time is none of its business.
    @Test func otherFilesDoNotMatter() throws {
        try Self.run(Self.config("1")) { martlet in
            let client = try martlet.connect()
            for _ in 0..<50 { try martlet.folder.write("x", to: "other.yaml") }
            try martlet.folder.write(Self.config("2"), to: "new")
            try martlet.folder.move("new", to: "martlet.yaml")
            try Self.waitFor("2", client)
            // What was saved in the tick in which it was read is read once more, when the process starts as well.
            // It is counted when it is in force.
            var reads = 0.0
            try eventually("a reload is counted", .seconds(60)) {
                reads = try martlet.metrics["martlet_reloads_total{result=\"applied\"}"] ?? 0
                return reads > 0
            }
            #expect((1...3).contains(reads), "\(martlet.errors)")
        }
    }
}

extension TestFolder {
    func remove(_ name: String) throws { try FileManager.default.removeItem(atPath: path(name)) }

    /// From one moment to the next, in place of what has the other name.
    func move(_ name: String, to other: String) throws {
        let (exit, _, errors) = try ChildProcess.run("mv", ["-fT", path(name), path(other)])
        if exit != .code(0) { throw TestFailure("mv: \(errors)") }
    }
}
