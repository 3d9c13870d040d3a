// The screen as a whole: what is seen of a report in a terminal of some size. Pure.

/// What is said beside the figures.
struct Notice: Equatable, Sendable {
    let text: String
    let ink: Ink
}

enum Screen {
    /// Lines for header, view and keys: as many as the terminal has at most.
    /// - Parameter report: `nil` as long as there are no figures.
    static func lines(
        _ report: Report?, _ state: TopState, _ notice: Notice?, width: Int, height: Int
    ) -> [Line] {
        if height < 2 { return [Line(notice.map { PlainText.clean($0.text) } ?? "martlet top", notice?.ink ?? .plain)] }
        if state.showsHelp { return fill(help, height) + [footer(state, notice)] }
        guard let report else {
            let lines = [Line("martlet top", .bold), Line(), Line("the first figures come in a moment")]
            return fill(lines, height) + [footer(state, notice)]
        }
        var lines = Array(report.header(width: width).prefix(headerRows(height)))
        if height >= 14 { lines.append(Line()) }
        lines.append(tabs(state.view, width))
        let room = height - lines.count - 1
        lines += view(report, state, width: width, height: room)
        return fill(lines, height) + [footer(state, notice)]
    }

    /// Lines above the view: its heading and three rows have room at least.
    private static func headerRows(_ height: Int) -> Int { min(5, max(1, height - 7)) }

    /// How many rows of a view there is room for, below its heading, if not all have it.
    static func rows(height: Int) -> Int { max(1, height - headerRows(height) - (height >= 14 ? 1 : 0) - 4) }

    /// All lines but the last.
    private static func fill(_ lines: [Line], _ height: Int) -> [Line] {
        lines.prefix(height - 1) + Array(repeating: Line(), count: max(0, height - 1 - lines.count))
    }

    /// The views, by their numbers alone where there is no room for more.
    private static func tabs(_ current: TopView, _ width: Int) -> Line {
        func line(names: Bool) -> Line {
            var line = Line()
            for view in TopView.allCases {
                line.add("\(view.rawValue + 1) ", .dim)
                if view == current {
                    line.add("[\(view.name)]", .inverse)
                    line.add(" ")
                } else if names {
                    line.add(" \(view.name)  ")
                }
            }
            return line
        }
        let full = line(names: true)
        return full.count <= width ? full : line(names: false)
    }

    private static func view(_ report: Report, _ state: TopState, width: Int, height: Int) -> [Line] {
        let sort = state.sort[state.view]
        let table = state.view.table(report).sorted(by: sort, isInverted: state.isInverted)
        let (heading, rows) = table.lines(width: width, marked: (table.column(sort), state.isInverted))
        if rows.isEmpty { return [heading, Line("  " + table.nothing, .dim)] }
        // Where not all have room, a line says which they are.
        let isPart = rows.count > height - 1
        let room = max(1, isPart ? height - 2 : height - 1)
        let first = min(state.offset, max(0, rows.count - room))
        let last = min(rows.count, first + room)
        var lines = [heading] + rows[first..<last]
        if isPart {
            lines.append(Line("  \(first + 1) to \(last) of \(rows.count); up and down for more", .dim))
        } else if let items = state.view.items(report), lines.count < height {
            lines.append(Line("  " + items.rest(items.entries.count), .dim))
        }
        return lines
    }

    private static func footer(_ state: TopState, _ notice: Notice?) -> Line {
        var line = Line()
        if state.isPaused {
            line.add(" paused ", .inverse)
            line.add(" ")
        }
        if let notice {
            line.add(PlainText.clean(notice.text), notice.ink)
            return line
        }
        line.add(
            "q quit  1-7 view  o/O sort  i invert  space pause  +/- every \(IntervalText.text(state.interval))  ? help",
            .dim)
        return line
    }

    private static let help: [Line] =
        [Line("martlet top", .bold), Line()]
        + [
            "q, Ctrl-C        end", "1 to 7, Tab      another view; Left and Right do the same",
            "o, O             sort by the next column, or by the one before", "i                upside down",
            "Up, Down         other rows; PageUp, PageDown, Home",
            "space, p         pause: the figures stay as they are",
            "+, -             look more often, or less often", "Ctrl-L           draw everything anew",
            "Ctrl-Z           to the background", "?, h             this page, and back",
        ].map { Line("  " + $0) }
}

extension TopView {
    /// What the view's rows are some of.
    func items(_ report: Report) -> Report.Items? {
        switch self {
        case .paths: report.paths
        case .clients: report.clients
        default: nil
        }
    }
}

enum IntervalText {
    static func text(_ milliseconds: Int) -> String {
        milliseconds % 1_000 == 0 ? "\(milliseconds / 1_000)s" : NumberText.fixed(Double(milliseconds) / 1_000, 1) + "s"
    }
}

/// All views one below the other, for `--once`.
enum WholeText {
    /// The most rows of a view.
    static let rows = 20

    static func lines(_ report: Report, sort: String?, width: Int?) -> [Line] {
        var lines = report.header(width: width)
        for view in TopView.allCases {
            let table = view.table(report).sorted(by: sort, isInverted: false)
            let (heading, rows) = table.lines(width: width, marked: nil)
            lines += [Line(), Line(view.name, .bold), heading]
            if rows.isEmpty { lines.append(Line("  " + table.nothing, .dim)) }
            lines += rows.prefix(Self.rows)
            if rows.count > Self.rows { lines.append(Line("  and \(rows.count - Self.rows) more", .dim)) }
            if let items = view.items(report), !rows.isEmpty {
                lines.append(Line("  " + items.rest(items.entries.count), .dim))
            }
        }
        return lines
    }
}
