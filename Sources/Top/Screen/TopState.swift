// What the viewer has chosen, and what keys do to it. Pure.

/// What a key press means for whoever draws.
enum TopAction: Equatable, Sendable {
    case nothing, draw
    /// The whole screen, as something else has written on it.
    case drawAnew
    case quit
    /// Give the terminal back, and stop until somebody goes on with it.
    case suspend
}

/// What is looked at, and how.
package struct TopState: Equatable, Sendable {
    /// How often the figures may be asked for, in milliseconds.
    package static let intervals = 200...60_000
    private static let steps = [200, 500, 1_000, 2_000, 5_000, 10_000, 30_000, 60_000]

    var view: TopView
    /// What each view is sorted by, where that is not as by default.
    var sort: [TopView: String] = [:]
    var isInverted = false
    var isPaused = false
    var showsHelp = false
    /// The first row that is shown.
    var offset = 0
    /// In milliseconds.
    var interval: Int

    /// - Parameter sort: a column's key, for all views that have it.
    package init(view: TopView, sort: String?, interval: Int) {
        self.view = view
        self.interval = interval
        guard let sort else { return }
        for view in TopView.allCases where view.columns.contains(where: { $0.key == sort }) { self.sort[view] = sort }
    }

    mutating func press(_ key: Key) -> TopAction {
        switch key {
        case .control("c"), .control("d"), .control("\\"), .character("q"): return .quit
        case .control("z"): return .suspend
        case .control("l"): return .drawAnew
        case .character("?"), .character("h"): showsHelp.toggle()
        case .character(" "), .character("p"): isPaused.toggle()
        case .character("o"): turnSort(by: 1)
        case .character("O"): turnSort(by: -1)
        case .character("i"): isInverted.toggle()
        case .character("+"): step(by: -1)
        case .character("-"): step(by: 1)
        case .character(let digit):
            guard let number = digit.wholeNumberValue, let view = TopView(rawValue: number - 1) else { return .nothing }
            show(view)
        case .tab, .right: turnView(by: 1)
        case .backTab, .left: turnView(by: -1)
        case .up: offset = max(0, offset - 1)
        case .down: offset += 1
        case .pageUp: offset = max(0, offset - 10)
        case .pageDown: offset += 10
        case .home: offset = 0
        case .control, .other: return .nothing
        }
        return .draw
    }

    /// Never beyond the last row, so that the way back begins at once.
    mutating func limitOffset(rows: Int, room: Int) { offset = min(offset, max(0, rows - room)) }

    private mutating func show(_ view: TopView) {
        (self.view, offset, showsHelp) = (view, 0, false)
    }

    private mutating func turnView(by step: Int) {
        let count = TopView.allCases.count
        show(TopView.allCases[(view.rawValue + step + count) % count])
    }

    private mutating func turnSort(by step: Int) {
        let keys = view.columns.map(\.key)
        let now = keys.firstIndex(of: sort[view] ?? view.defaultSort) ?? 0
        sort[view] = keys[(now + step + keys.count) % keys.count]
        offset = 0
    }

    /// The next of the usual intervals in a direction.
    private mutating func step(by direction: Int) {
        let next = direction > 0 ? Self.steps.first { $0 > interval } : Self.steps.last { $0 < interval }
        interval = next ?? interval
    }
}

extension TopView {
    /// The key of the column that it is sorted by if nobody says otherwise.
    var defaultSort: String { self == .errors ? "count" : "rate" }
}
