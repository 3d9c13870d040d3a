import Foundation
import MartletTestSupport
import Testing

/// The live view, on a terminal.
@Suite(.timeLimit(.minutes(20))) struct TopLiveTests {
    private func live(
        _ martlet: RunningMartlet, _ arguments: [String] = [], environment: [String: String] = [:]
    ) throws -> TestTerminal {
        let place = ["--admin", "unix:" + martlet.socketPath, "--interval", "0.2"]
        return try TestTerminal([MartletBinary.path, "top"] + place + arguments, environment: environment)
    }

    @Test func keysChooseWhatIsSeen() throws {
        let origin = try TopStage.origin()
        try withMartlet(TopStage.config(origin)) { martlet in
            let terminal = try live(martlet)
            let first = try terminal.wait(for: "the servers") { $0.contains("RATE v") && $0.contains(origin.address) }
            #expect(first.contains("[servers]") && first.contains("process \(martlet.process.id)"))
            #expect(first.split(separator: "\n").last?.hasPrefix("q quit") == true)
            try TopStage.ask(martlet)
            for (key, part) in [("5", "/shop"), ("6", "127.0.0.1"), ("7", "404"), ("3", "own"), ("4", "admin")] {
                terminal.type(key)
                try terminal.wait(for: "view \(key)") { $0.contains(part) && !$0.contains("[servers]") }
            }
            terminal.type("\u{1B}[C")
            try terminal.wait(for: "the next view") { $0.contains("[paths]") && $0.contains("RATE v") }
            terminal.type("o")
            try terminal.wait(for: "another column") { $0.contains("SHARE v") }
            terminal.type("i")
            try terminal.wait(for: "upside down") { $0.contains("SHARE ^") }
            terminal.type("?")
            try terminal.wait(for: "help") { $0.contains("another view; Left and Right") }
            terminal.type("?")
            try terminal.wait(for: "no help") { $0.contains("[paths]") }
            terminal.type("-")
            try terminal.wait(for: "a slower pace") { $0.contains("every 0.5s") }
            terminal.type("q")
            #expect(try terminal.wait() == .code(0))
        }
    }

    @Test func aPauseKeepsTheFigures() throws {
        try withMartlet(TopStage.config(try TopStage.origin())) { martlet in
            let terminal = try live(martlet, ["--view", "routes", "--sort", "name"])
            try terminal.wait(for: "the routes") { $0.contains("ROUTE ^") && $0.contains("(none)") }
            terminal.type(" ")
            let before = try terminal.wait(for: "the pause") { $0.contains("paused") }
            _ = try martlet.request("GET /own")
            var (own, asked) = (0, try TopStage.asked(martlet))
            asked += 6
            try eventually("it has asked a few times more") {
                own += 1
                return try TopStage.asked(martlet) >= asked + own
            }
            #expect(terminal.screen == before)
            terminal.type(" ")
            try terminal.wait(for: "the end of the pause") { !$0.contains("paused") && $0 != before }
            terminal.type("q")
            #expect(try terminal.wait() == .code(0))
        }
    }

    @Test func anotherSizeIsHeeded() throws {
        let origin = try TopStage.origin()
        try withMartlet(TopStage.config(origin)) { martlet in
            let terminal = try live(martlet)
            try terminal.wait(for: "the servers") { $0.contains("CONNS") }
            terminal.resize(columns: 44, rows: 12)
            let small = try terminal.wait(for: "fewer columns") {
                $0.contains("RATE v") && $0.split(separator: "\n").last?.hasPrefix("q quit") == true
            }
            #expect(!small.contains("CONNS") && small.contains(origin.address), "\(small)")
            terminal.resize(columns: 200, rows: 30)
            try terminal.wait(for: "all columns") {
                $0.contains("CONNS") && $0.contains("P90") && $0.contains("first byte")
            }
            terminal.resize(columns: 20, rows: 2)
            try terminal.wait(for: "hardly anything") { $0.hasPrefix("martlet") }
            terminal.resize(columns: 100, rows: 24)
            try terminal.wait(for: "the servers again") { $0.contains("CONNS") }
            terminal.type("q")
            #expect(try terminal.wait() == .code(0))
        }
    }

    // MARK: The terminal is given back

    @Test(arguments: [("q", Int32(0)), ("\u{3}", 0), ("", SIGTERM), ("", SIGINT), ("", SIGHUP)])
    func theTerminalIsAsBefore(key: String, signal: Int32) throws {
        try withMartlet(TopStage.config(try TopStage.origin())) { martlet in
            let terminal = try live(martlet)
            try terminal.wait(for: "the view") { $0.contains("[servers]") }
            #expect(terminal.isRaw && terminal.written.hasPrefix("\u{1B}[?1049h\u{1B}[?25l"))
            if key.isEmpty { terminal.signal(signal) } else { terminal.type(key) }
            #expect(try terminal.wait() == .code(signal == 0 ? 0 : 128 + signal))
            #expect(!terminal.isRaw)
            try eventually("what was written last") {
                terminal.written.hasSuffix("\u{1B}[0m\u{1B}[?7h\u{1B}[?25h\u{1B}[?1049l")
            }
        }
    }

    /// Where nobody can go on with what is stopped, it is not stopped.
    @Test func stoppingGivesTheTerminalBackMeanwhile() throws {
        try withMartlet(TopStage.config(try TopStage.origin())) { martlet in
            let terminal = try live(martlet)
            try terminal.wait(for: "the view") { $0.contains("[servers]") }
            terminal.type("\u{1A}")
            try eventually("it was given back, and taken again") {
                let parts = terminal.written.split(separator: "\u{1B}[?1049l", omittingEmptySubsequences: false)
                return parts.count == 2 && parts[1].contains("\u{1B}[?1049h") && terminal.isRaw
            }
            terminal.type("2")
            try terminal.wait(for: "another view") { $0.contains("[upstreams]") }
            terminal.type("q")
            #expect(try terminal.wait() == .code(0))
        }
    }

    @Test func coloursAreForThoseWhoWantThem() throws {
        let origin = try TopStage.origin()
        try withMartlet(TopStage.config(origin)) { martlet in
            for (environment, isColoured) in [([:], true), (["NO_COLOR": "1"], false), (["NO_COLOR": ""], true)] {
                let terminal = try live(martlet, environment: environment)
                try terminal.wait(for: "the table") { $0.contains(origin.address) }
                if isColoured {
                    try eventually("what is bold, with \(environment)") { terminal.written.contains("\u{1B}[1m") }
                }
                terminal.type("q")
                #expect(try terminal.wait() == .code(0))
                #expect(terminal.written.contains("\u{1B}[1m") == isColoured, "\(environment)")
            }
            let dumb = try live(martlet, environment: ["TERM": "dumb"])
            #expect(try dumb.wait() == .code(64))
        }
    }

    // MARK: Another proxy

    @Test func itGoesOnTryingAndSaysSo() throws {
        let origin = try TopStage.origin()
        let first = try RunningMartlet(TopStage.config(origin))
        let terminal = try live(first)
        try terminal.wait(for: "the first proxy") { $0.contains("process \(first.process.id)") }
        try first.stop()
        try terminal.wait(for: "that it is gone") {
            $0.contains("no answer since") && $0.contains("is martlet running?")
        }
        let second = try RunningMartlet(TopStage.config(origin), folder: first.folder)
        try terminal.wait(for: "that there is another") {
            $0.contains("process \(second.process.id) has taken the place of process \(first.process.id)")
        }
        try terminal.wait(for: "its figures") { $0.contains("  process \(second.process.id)  ") }
        terminal.type("q")
        #expect(try terminal.wait() == .code(0))
        try second.stop()
    }

    @Test func withoutAProxyItDoesNotBegin() throws {
        let folder = try TestFolder()
        let terminal = try TestTerminal([MartletBinary.path, "top", "--admin", folder.path("none.sock")])
        #expect(try terminal.wait() == .code(69))
        try terminal.wait(for: "why") { $0.contains("is martlet running?") }
        #expect(!terminal.written.contains("?1049h"))
    }
}
