// Reads the part of YAML that almost every config keeps to, many times faster than a reader of all of it: block mappings
// and lists, scalars and brackets that end on the line where they begin, comments. Whatever is not plainly of that part,
// mistakes included, is left to Yams, which reads it all or says what is wrong.

/// Reads plain YAML.
struct PlainYAMLReader {
    /// This text is not for this reader.
    struct Unfit: Error {}

    /// How deep values may be nested.
    static let maximumDepth = 60
    /// How far a line may be indented; beyond, and in longer keys, YAML has rules of its own.
    private static let maximumIndent = 200
    private static let longestKey = 1000
    private static let fewKeys = 8

    /// The text with two line ends behind it: every line has one, and there is always a byte behind the one at hand.
    let bytes: [UInt8]
    let file: Int32
    /// Whether there are characters of more than one byte.
    let isWide: Bool
    var index = 0
    private var line = 1
    private var lineStart = 0
    /// The indentation of the line at hand, which has something on it; -1 behind the last one.
    private var indent = 0
    /// Whether there was nothing but comments so far.
    private var isAtStart = true
    /// How many keys the last mapping had, if those were few: the next one is likely to be of the same kind.
    private var likelyKeys = 0

    /// The tree; `nil` for a text that is not plain.
    static func read(_ text: String, file: Int32, references: inout References) -> Node? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count + 2)
        bytes += text.utf8
        bytes += [UInt8(ascii: "\n"), UInt8(ascii: "\n")]
        guard let isWide = PlainYAMLText.isWide(bytes) else { return nil }
        var reader = PlainYAMLReader(bytes: bytes, file: file, isWide: isWide)
        return try? reader.document(&references)
    }

    private init(bytes: [UInt8], file: Int32, isWide: Bool) {
        self.bytes = bytes
        self.file = file
        self.isWide = isWide
    }

    // MARK: Lines

    private mutating func document(_ references: inout References) throws(Unfit) -> Node {
        try findLine()
        isAtStart = false
        if indent == 0, beginsDocument {
            index += 3
            try endLine()
        }
        guard indent >= 0 else { throw Unfit() }
        let root = try block(depth: 0, &references)
        guard indent < 0 else { throw Unfit() }
        return root
    }

    /// Nothing but spaces and a comment may stand on the rest of the line. Goes to the next line with something on it.
    private mutating func endLine() throws(Unfit) {
        let start = index
        skipSpaces()
        if bytes[index] == UInt8(ascii: "#"), index > start {
            while bytes[index] != UInt8(ascii: "\n") { index += 1 }
        }
        guard bytes[index] == UInt8(ascii: "\n") else { throw Unfit() }
        index += 1
        (line, lineStart) = (line + 1, index)
        try findLine()
    }

    /// From the beginning of a line to the next one with something on it.
    private mutating func findLine() throws(Unfit) {
        while index < bytes.count {
            skipSpaces()
            let byte = bytes[index]
            if byte == UInt8(ascii: "#") {
                while bytes[index] != UInt8(ascii: "\n") { index += 1 }
            }
            guard bytes[index] == UInt8(ascii: "\n") else {
                indent = index - lineStart
                guard indent <= Self.maximumIndent, indent > 0 || !isMarker(byte) else { throw Unfit() }
                return
            }
            index += 1
            (line, lineStart) = (line + 1, index)
        }
        indent = -1
    }

    /// Whether the line may be a directive, or begin or end a document.
    private func isMarker(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "%") || bytes[index...].starts(with: "...".utf8)
            || bytes[index...].starts(with: "---".utf8) && !(isAtStart && beginsDocument)
    }

    /// Whether the line is the one that may stand before a document.
    private var beginsDocument: Bool { bytes[index...].starts(with: "---\n".utf8) }

    mutating func skipSpaces() {
        while bytes[index] == UInt8(ascii: " ") { index += 1 }
    }

    /// Whether nothing but a comment stands on the rest of the line.
    private var isAtEnd: Bool { bytes[index] == UInt8(ascii: "\n") || bytes[index] == UInt8(ascii: "#") }

    /// Where the reader is.
    var mark: Mark { mark(at: index) }

    func mark(at index: Int) -> Mark {
        guard isWide else { return Mark(file: file, line: line, column: index - lineStart + 1) }
        var column = 1
        for place in lineStart..<index where bytes[place] & 0xC0 != 0x80 { column += 1 }
        return Mark(file: file, line: line, column: column)
    }

    // MARK: Blocks

    /// The list or mapping that begins here.
    private mutating func block(depth: Int, _ references: inout References) throws(Unfit) -> Node {
        guard depth < Self.maximumDepth else { throw Unfit() }
        let column = index - lineStart
        return isDash
            ? try list(at: column, depth: depth, &references) : try mapping(at: column, depth: depth, &references)
    }

    private var isDash: Bool {
        bytes[index] == UInt8(ascii: "-") && PlainYAMLText.isBlank(bytes[index + 1])
    }

    private mutating func mapping(at column: Int, depth: Int, _ references: inout References) throws(Unfit) -> Node {
        let start = mark
        var pairs: [Node.Pair] = []
        pairs.reserveCapacity(likelyKeys)
        repeat {
            let key = try key()
            pairs.append(Node.Pair(key: key, value: try value(in: column, depth: depth, &references)))
        } while indent == column && !isDash
        // A line that is indented further, or a dash where a key should be, is no part of this.
        guard indent < column else { throw Unfit() }
        likelyKeys = min(pairs.count, Self.fewKeys)
        return .mapping(Node.Mapping(pairs: pairs, mark: start))
    }

    /// The key that begins here, and the colon behind it.
    private mutating func key() throws(Unfit) -> Node {
        let start = mark
        let first = index
        let scalar: Node.Scalar
        if let quoted = try quoted() {
            scalar = Node.Scalar(string: quoted.text, style: quoted.style, mark: start)
        } else {
            try plainStart(inBrackets: false)
            let end = try keyEnd()
            scalar = Node.Scalar(string: text(first..<end), style: .plain, mark: start)
            index = end
        }
        guard bytes[index] == UInt8(ascii: ":"), PlainYAMLText.isBlank(bytes[index + 1]),
            index - first <= Self.longestKey
        else { throw Unfit() }
        index += 1
        return .scalar(scalar)
    }

    /// The colon behind a plain key.
    private func keyEnd() throws(Unfit) -> Int {
        var end = index
        while true {
            switch bytes[end] {
            case UInt8(ascii: ":") where PlainYAMLText.isBlank(bytes[end + 1]): return end
            case UInt8(ascii: "\n"): throw Unfit()
            case UInt8(ascii: " ") where bytes[end + 1] == UInt8(ascii: ":") || bytes[end + 1] == UInt8(ascii: "#"):
                throw Unfit()
            default: end += 1
            }
        }
    }

    /// What stands behind the colon of a key in a mapping at `column`.
    private mutating func value(
        in column: Int, depth: Int, _ references: inout References
    ) throws(Unfit) -> Node {
        let colon = mark
        skipSpaces()
        guard isAtEnd else { return try inline(depth: depth, &references) }
        try endLineOfKey()
        if indent > column { return try block(depth: depth + 1, &references) }
        // A list may stand as far left as its key.
        if indent == column && isDash { return try list(at: column, depth: depth + 1, isOfKey: true, &references) }
        return .scalar(Node.Scalar(string: "", style: .plain, mark: colon))
    }

    private mutating func endLineOfKey() throws(Unfit) {
        if bytes[index] == UInt8(ascii: "#") { index -= 1 }
        try endLine()
    }

    private mutating func list(
        at column: Int, depth: Int, isOfKey: Bool = false, _ references: inout References
    ) throws(Unfit) -> Node {
        guard depth < Self.maximumDepth else { throw Unfit() }
        let start = mark
        var nodes: [Node] = []
        repeat {
            index += 1
            skipSpaces()
            if isAtEnd {
                try endLineOfKey()
                guard indent > column else { throw Unfit() }
                nodes.append(try block(depth: depth + 1, &references))
            } else if isDash || isKey {
                nodes.append(try block(depth: depth + 1, &references))
            } else {
                nodes.append(try inline(depth: depth, &references))
            }
        } while indent == column && isDash
        guard indent < column || indent == column && isOfKey else { throw Unfit() }
        return .sequence(Node.Sequence(nodes: nodes, mark: start))
    }

    /// Whether a key stands here rather than a value.
    private var isKey: Bool {
        var copy = PlainYAMLText.Cursor(index: index)
        return copy.isKey(in: bytes)
    }

    // MARK: Values on a line

    /// The value that begins here, with the rest of its line.
    private mutating func inline(depth: Int, _ references: inout References) throws(Unfit) -> Node {
        let start = mark
        let node: Node
        if let quoted = try quoted() {
            node = scalar(quoted.text, quoted.style, start, &references)
        } else if bytes[index] == UInt8(ascii: "[") || bytes[index] == UInt8(ascii: "{") {
            node = try brackets(depth: depth + 1, &references)
        } else {
            try plainStart(inBrackets: false)
            let first = index
            let end = try plainEnd()
            node = scalar(text(first..<end), .plain, start, &references)
            index = end
        }
        try endLine()
        return node
    }

    /// The end of a plain scalar outside of brackets.
    private func plainEnd() throws(Unfit) -> Int {
        var place = index
        var end = index
        while true {
            switch bytes[place] {
            case UInt8(ascii: "\n"): return end
            case UInt8(ascii: ":") where PlainYAMLText.isBlank(bytes[place + 1]): throw Unfit()
            case UInt8(ascii: " "):
                if bytes[place + 1] == UInt8(ascii: "#") { return end }
                place += 1
            default:
                place += 1
                end = place
            }
        }
    }

    func scalar(
        _ text: String, _ style: Node.Scalar.Style, _ mark: Mark, _ references: inout References
    ) -> Node {
        .scalar(Node.Scalar(string: references.resolve(text, at: mark), style: style, mark: mark))
    }

    func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }
}
