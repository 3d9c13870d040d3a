import Testing

@testable import MartletTop

@Suite struct TopStateTests {
    private var state = TopState(view: .servers, sort: nil, interval: 1_000)

    @Test(arguments: [Key.character("q"), .control("c"), .control("d"), .control("\\")])
    func manyKeysEnd(key: Key) {
        var state = state
        #expect(state.press(key) == .quit)
    }

    @Test func digitsAndArrowsChooseTheView() {
        var state = state
        #expect(state.press(.character("5")) == .draw && state.view == .paths)
        #expect(state.press(.right) == .draw && state.view == .clients)
        #expect(state.press(.tab) == .draw && state.view == .errors)
        #expect(state.press(.tab) == .draw && state.view == .servers)
        #expect(state.press(.left) == .draw && state.view == .errors)
        #expect(state.press(.backTab) == .draw && state.view == .clients)
        for key in [Key.character("8"), .character("0"), .character("x"), .other, .control("h")] {
            let before = state
            #expect(state.press(key) == .nothing && state == before)
        }
    }

    @Test func columnsAreGoneThroughAndComeAround() {
        var state = state
        let keys = TopView.clients.columns.map(\.key)
        state.view = .clients
        var seen: [String] = []
        for _ in keys {
            #expect(state.press(.character("o")) == .draw)
            seen.append(state.sort[.clients] ?? "")
        }
        #expect(seen == ["share", "mean", "4xx", "errors", "name", "rate"])
        #expect(state.press(.character("O")) == .draw && state.sort[.clients] == "name")
        #expect(state.sort[.servers] == nil, "other views stay as they were")
    }

    @Test func theOptionIsForAllViewsThatHaveTheColumn() {
        let state = TopState(view: .routes, sort: "p99", interval: 1_000)
        #expect(state.sort.keys.sorted { $0.rawValue < $1.rawValue } == [.servers, .upstreams, .routes, .listeners])
    }

    @Test func thePaceHasItsBounds() {
        var state = state
        for wanted in [500, 200, 200] {
            #expect(state.press(.character("+")) == .draw)
            #expect(state.interval == wanted)
        }
        state.interval = 3_000
        for wanted in [5_000, 10_000, 30_000, 60_000, 60_000] {
            _ = state.press(.character("-"))
            #expect(state.interval == wanted)
        }
    }

    @Test func rowsAreNotLeft() {
        var state = state
        _ = state.press(.pageDown)
        _ = state.press(.down)
        #expect(state.offset == 11)
        state.limitOffset(rows: 30, room: 25)
        #expect(state.offset == 5)
        _ = state.press(.up)
        #expect(state.offset == 4)
        _ = state.press(.pageUp)
        #expect(state.offset == 0)
        state.limitOffset(rows: 3, room: 10)
        #expect(state.offset == 0)
    }

    @Test func theRest() {
        var state = state
        #expect(state.press(.character(" ")) == .draw && state.isPaused)
        #expect(state.press(.character("p")) == .draw && !state.isPaused)
        #expect(state.press(.character("i")) == .draw && state.isInverted)
        #expect(state.press(.character("?")) == .draw && state.showsHelp)
        #expect(state.press(.character("2")) == .draw && !state.showsHelp)
        #expect(state.press(.control("l")) == .drawAnew && state.press(.control("z")) == .suspend)
    }
}
