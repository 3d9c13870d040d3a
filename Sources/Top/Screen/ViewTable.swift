// A table of one view, before it is known how much room there is for it. Pure.

/// What is shown one at a time.
package enum TopView: Int, CaseIterable, Sendable {
    case servers, upstreams, routes, listeners, paths, clients, errors

    /// As keys, options and headings call it.
    package var name: String { "\(self)" }
}

/// What rows are sorted by.
enum Order: Equatable, Sendable {
    case number(Double)
    case text(String)

    /// Numbers before texts: they are never in one column.
    static func isBefore(_ left: Order, _ right: Order) -> Bool? {
        switch (left, right) {
        case (.number(let a), .number(let b)): a == b ? nil : a < b
        case (.text(let a), .text(let b)): a == b ? nil : a < b
        case (.number, .text): true
        case (.text, .number): false
        }
    }
}

struct Column: Equatable, Sendable {
    let title: String
    /// As `--sort` calls it.
    let key: String
    /// The most important have the lowest: where there is no room, those with the highest go.
    let rank: Int
    /// Numbers stand at the right, and are sorted with the largest first.
    var isNumber = true
    /// It may be cut to so many characters; `nil` if not at all.
    var least: Int?

    /// What rows are called is cut only when nothing else can go.
    static func text(_ title: String, _ key: String, rank: Int) -> Column {
        Column(title: title, key: key, rank: rank, isNumber: false, least: rank == 0 ? 24 : 8)
    }
}

struct Cell: Equatable, Sendable {
    let text: String
    let order: Order
    var ink = Ink.plain

    init(_ text: String, _ order: Order, _ ink: Ink = .plain) {
        self.text = text
        self.order = order
        self.ink = ink
    }

    /// A text that somebody else has chosen.
    init(_ text: String, _ ink: Ink = .plain) { self.init(PlainText.clean(text), .text(text), ink) }
    static func rate(_ value: Double, _ ink: Ink = .plain) -> Cell {
        Cell(NumberText.short(value), .number(value), ink)
    }
    static func count(_ value: Int) -> Cell { Cell(String(value), .number(Double(value))) }
    static func time(_ value: Double?) -> Cell { Cell(NumberText.time(value), .number(value ?? -1)) }
    static func share(_ value: Double) -> Cell { Cell(NumberText.share(value), .number(value)) }
    /// One that should be 0.
    static func fault(_ value: Double, _ ink: Ink = .bad) -> Cell { rate(value, value > 0 ? ink : .dim) }
}

struct ViewTable: Equatable, Sendable {
    let columns: [Column]
    private(set) var rows: [[Cell]]
    /// What is said where there are no rows.
    let nothing: String

    /// The column that the table is sorted by if nobody says otherwise.
    let byDefault: String

    init(_ columns: [Column], _ rows: [[Cell]], byDefault: String, nothing: String) {
        self.columns = columns
        self.rows = rows
        self.byDefault = byDefault
        self.nothing = nothing
    }

    /// The place of the column that a key is for, or else that of the default.
    func column(_ key: String?) -> Int {
        columns.firstIndex { $0.key == key } ?? columns.firstIndex { $0.key == byDefault } ?? 0
    }

    /// The rows in the order of a column: the largest numbers first, texts by the alphabet. What is equal stays as it was.
    func sorted(by key: String?, isInverted: Bool) -> ViewTable {
        let place = column(key)
        let goesDown = columns[place].isNumber != isInverted
        var table = self
        table.rows = rows.enumerated().sorted { left, right in
            guard let isBefore = Order.isBefore(left.element[place].order, right.element[place].order) else {
                return left.offset < right.offset
            }
            return isBefore != goesDown
        }.map(\.element)
        return table
    }
}
