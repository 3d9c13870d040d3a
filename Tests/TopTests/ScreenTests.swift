import Foundation
import Testing

@testable import MartletTop

/// What is seen, to the character: files in `Tests/TopScreens`, which are written anew with `MARTLET_UPDATE=1` in the environment.
@Suite struct ScreenTests {
    private static let folder = URL(filePath: #filePath).appending(path: "../../TopScreens").standardizedFileURL

    private func check(_ text: String, _ name: String) throws {
        let file = Self.folder.appending(path: name + ".txt")
        let seen = text + "\n"
        if ProcessInfo.processInfo.environment["MARTLET_UPDATE"] == "1" {
            try seen.write(to: file, atomically: true, encoding: .utf8)
        }
        let wanted = try String(contentsOf: file, encoding: .utf8)
        #expect(seen == wanted, "\(name)")
    }

    private func screen(
        _ view: TopView, _ size: (Int, Int), sort: String? = nil, coloured: Bool = false,
        _ change: (inout TopState) -> Void = { _ in }
    ) throws -> String {
        var state = TopState(view: view, sort: sort, interval: 1_000)
        change(&state)
        let (width, height) = size
        let lines = Screen.lines(try Sample.report(), state, nil, width: width, height: height)
        #expect(lines.count == height && lines.allSatisfy { $0.text(width: width, coloured: false).count <= width })
        return lines.map { $0.text(width: width, coloured: coloured) }.joined(separator: "\n")
    }

    @Test func servers() throws { try check(try screen(.servers, (100, 16)), "servers") }
    @Test func wide() throws { try check(try screen(.servers, (160, 16), sort: "name"), "wide") }
    @Test func narrow() throws { try check(try screen(.servers, (50, 12)), "narrow") }
    @Test func upstreams() throws { try check(try screen(.upstreams, (90, 14)), "upstreams") }
    @Test func routes() throws { try check(try screen(.routes, (70, 14), sort: "5xx"), "routes") }
    @Test func listeners() throws { try check(try screen(.listeners, (120, 14)), "listeners") }
    @Test func paths() throws { try check(try screen(.paths, (90, 14), sort: "mean"), "paths") }
    @Test func clients() throws { try check(try screen(.clients, (80, 14)), "clients") }
    @Test func errors() throws { try check(try screen(.errors, (140, 14)), "errors") }

    @Test func colours() throws {
        let text = try screen(.servers, (100, 16), coloured: true)
        try check(text.replacing("\u{1B}", with: "ESC"), "colours")
    }

    @Test func pausedAndUpsideDown() throws {
        let text = try screen(.servers, (100, 16)) { ($0.isPaused, $0.isInverted) = (true, true) }
        try check(text, "paused")
    }

    @Test func help() throws { try check(try screen(.servers, (80, 14)) { $0.showsHelp = true }, "help") }

    /// However small it is, nothing is drawn outside of it.
    @Test func allSizes() throws {
        for view in TopView.allCases {
            for width in [1, 7, 20, 43, 79] {
                for height in 1...9 { _ = try screen(view, (width, height)) }
            }
        }
    }

    @Test func rowsThatDoNotFitAreToldAndReached() throws {
        let first = try screen(.servers, (100, 9))
        #expect(first.contains("1 to 3 of 3") == false && first.contains("10.0.0.2"), "all have room: \(first)")
        let small = try screen(.servers, (100, 6))
        #expect(small.contains("1 to 1 of 3; up and down for more") && small.contains("10.0.0.2"), "\(small)")
        let last = try screen(.servers, (100, 6)) { $0.offset = 99 }
        #expect(last.contains("3 to 3 of 3") && last.contains("10.0.0.3"), "\(last)")
        var state = TopState(view: .servers, sort: nil, interval: 1_000)
        state.offset = 99
        state.limitOffset(rows: 3, room: Screen.rows(height: 6))
        #expect(state.offset == 2, "so that the way back begins at once")
    }

    @Test func whatHasHappenedIsSaid() throws {
        let state = TopState(view: .servers, sort: nil, interval: 1_000)
        let notice = Notice(text: "no answer since 3s, trying on: \u{1B}[2Jgone", ink: .bad)
        let lines = Screen.lines(try Sample.report(), state, notice, width: 100, height: 16)
        #expect(lines.last?.text(width: 100, coloured: false) == "no answer since 3s, trying on: ?[2Jgone")
        let empty = Screen.lines(nil, state, nil, width: 80, height: 24).plain
        #expect(empty.hasPrefix("martlet top") && empty.contains("the first figures come"))
    }

    @Test func text() throws {
        try check(WholeText.lines(try Sample.report(), sort: "name", width: nil).plain, "text")
    }
}
