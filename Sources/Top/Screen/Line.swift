// Lines of a screen: text in pieces, each with its ink, cut to a width and written with colours or without. Pure.

/// How a piece of text is set off.
enum Ink: Equatable, Sendable {
    case plain, bold, dim, good, bad, odd, inverse

    /// ECMA-48, Select Graphic Rendition.
    fileprivate var code: String? {
        switch self {
        case .plain: nil
        case .bold: "1"
        case .dim: "2"
        case .good: "32"
        case .bad: "31"
        case .odd: "33"
        case .inverse: "7"
        }
    }
}

/// A line.
struct Line: Equatable, Sendable {
    struct Piece: Equatable, Sendable {
        let text: String
        let ink: Ink
    }

    private(set) var pieces: [Piece] = []

    init() {}
    init(_ text: String, _ ink: Ink = .plain) { add(text, ink) }

    /// Adds what is known to be good text.
    mutating func add(_ text: String, _ ink: Ink = .plain) {
        if !text.isEmpty { pieces.append(Piece(text: text, ink: ink)) }
    }

    /// How many characters it has.
    var count: Int { pieces.reduce(0) { $0 + $1.text.count } }

    /// The line in at most so many characters; a line that was cut ends with `~`.
    func text(width: Int? = nil, coloured: Bool) -> String {
        var left = width ?? .max
        let isCut = count > left
        if isCut { left = max(0, left - 1) }
        var result = ""
        for piece in pieces where left > 0 {
            let text = piece.text.count <= left ? piece.text : String(piece.text.prefix(left))
            left -= text.count
            if coloured, let code = piece.ink.code {
                result += "\u{1B}[\(code)m\(text)\u{1B}[0m"
            } else {
                result += text
            }
        }
        if isCut, (width ?? 0) > 0 { result += "~" }
        if coloured { return result }
        while result.last == " " { result.removeLast() }
        return result
    }
}

/// Text from outside: what is no plain character of one column could do whatever it likes to a terminal.
enum PlainText {
    /// The same text with `?` in place of what is not shown as it is.
    static func clean(_ text: String) -> String {
        if text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) { return text }
        var result = ""
        for scalar in text.unicodeScalars { result.unicodeScalars.append(isPlain(scalar.value) ? scalar : "?") }
        return result
    }

    /// US-ASCII, Latin, Greek and Cyrillic, without marks that combine and without the soft hyphen.
    private static func isPlain(_ value: UInt32) -> Bool {
        switch value {
        case 0x20...0x7E, 0xA1...0xAC, 0xAE...0x24F: true
        case 0x386...0x3FF: value != 0x38B && value != 0x38D && value != 0x3A2
        case 0x400...0x482, 0x48A...0x4FF: true
        default: false
        }
    }
}
