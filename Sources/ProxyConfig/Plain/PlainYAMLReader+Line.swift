// What begins and ends on one line: quotes and brackets.

extension PlainYAMLReader {
    /// Whether a scalar without quotes may begin here; what may not is left to Yams.
    func plainStart(inBrackets: Bool) throws(Unfit) {
        let (first, second) = (bytes[index], bytes[index + 1])
        switch first {
        case UInt8(ascii: "-"):
            let isText = !PlainYAMLText.isBlank(second) && !(inBrackets && PlainYAMLText.isBracket(second))
            guard isText else { throw Unfit() }
        case UInt8(ascii: "?"), UInt8(ascii: ":"):
            guard !inBrackets, !PlainYAMLText.isBlank(second) else { throw Unfit() }
        default:
            guard !PlainYAMLText.isIndicator(first) else { throw Unfit() }
        }
    }

    /// The scalar in quotes that begins here; `nil` when none does.
    mutating func quoted() throws(Unfit) -> (text: String, style: Node.Scalar.Style)? {
        switch bytes[index] {
        case UInt8(ascii: "'"): (try singleQuoted(), .singleQuoted)
        case UInt8(ascii: "\""): (try doubleQuoted(), .doubleQuoted)
        default: nil
        }
    }

    private mutating func singleQuoted() throws(Unfit) -> String {
        index += 1
        let first = index
        var hasQuotes = false
        while true {
            switch bytes[index] {
            case UInt8(ascii: "\n"): throw Unfit()
            case UInt8(ascii: "'"):
                if bytes[index + 1] == UInt8(ascii: "'") {
                    hasQuotes = true
                    index += 2
                    continue
                }
                let text = text(first..<index)
                index += 1
                return hasQuotes ? text.replacing("''", with: "'") : text
            default: index += 1
            }
        }
    }

    private mutating func doubleQuoted() throws(Unfit) -> String {
        index += 1
        let first = index
        while bytes[index] != UInt8(ascii: "\"") {
            if bytes[index] == UInt8(ascii: "\n") { throw Unfit() }
            if bytes[index] == UInt8(ascii: "\\") { return try escaped(from: first) }
            index += 1
        }
        let text = text(first..<index)
        index += 1
        return text
    }

    /// The rest of a scalar with escapes.
    private mutating func escaped(from first: Int) throws(Unfit) -> String {
        var result = Array(bytes[first..<index])
        while true {
            let byte = bytes[index]
            index += 1
            switch byte {
            case UInt8(ascii: "\n"): throw Unfit()
            case UInt8(ascii: "\""): return String(decoding: result, as: UTF8.self)
            case UInt8(ascii: "\\"):
                switch bytes[index] {
                case UInt8(ascii: "\\"), UInt8(ascii: "\""): result.append(bytes[index])
                case UInt8(ascii: "n"): result.append(0x0A)
                case UInt8(ascii: "t"): result.append(0x09)
                default: throw Unfit()
                }
                index += 1
            default: result.append(byte)
            }
        }
    }

    /// The list or mapping in brackets that begins here.
    mutating func brackets(depth: Int, _ references: inout References) throws(Unfit) -> Node {
        guard depth < Self.maximumDepth else { throw Unfit() }
        let start = mark
        let isList = bytes[index] == UInt8(ascii: "[")
        let close = isList ? UInt8(ascii: "]") : UInt8(ascii: "}")
        var nodes: [Node] = []
        var pairs: [Node.Pair] = []
        index += 1
        skipSpaces()
        if bytes[index] != close {
            while true {
                if isList {
                    nodes.append(try element(depth: depth, &references))
                } else {
                    pairs.append(try pair(depth: depth, &references))
                }
                skipSpaces()
                if bytes[index] == close { break }
                guard bytes[index] == UInt8(ascii: ",") else { throw Unfit() }
                index += 1
                skipSpaces()
            }
        }
        index += 1
        return isList
            ? .sequence(Node.Sequence(nodes: nodes, mark: start)) : .mapping(Node.Mapping(pairs: pairs, mark: start))
    }

    private mutating func element(depth: Int, _ references: inout References) throws(Unfit) -> Node {
        let start = mark
        if let quoted = try quoted() { return scalar(quoted.text, quoted.style, start, &references) }
        if bytes[index] == UInt8(ascii: "[") || bytes[index] == UInt8(ascii: "{") {
            return try brackets(depth: depth + 1, &references)
        }
        let text = try plainInBrackets()
        if bytes[index] == UInt8(ascii: ":") { throw Unfit() }
        return scalar(text, .plain, start, &references)
    }

    private mutating func pair(depth: Int, _ references: inout References) throws(Unfit) -> Node.Pair {
        let start = mark
        let key: Node.Scalar
        if let quoted = try quoted() {
            key = Node.Scalar(string: quoted.text, style: quoted.style, mark: start)
        } else {
            key = Node.Scalar(string: try plainInBrackets(), style: .plain, mark: start)
        }
        guard bytes[index] == UInt8(ascii: ":"), bytes[index + 1] == UInt8(ascii: " ") else { throw Unfit() }
        index += 1
        skipSpaces()
        return Node.Pair(key: .scalar(key), value: try element(depth: depth, &references))
    }

    /// A scalar without quotes, up to what ends it in brackets.
    private mutating func plainInBrackets() throws(Unfit) -> String {
        try plainStart(inBrackets: true)
        let first = index
        var end = index
        while true {
            let (byte, next) = (bytes[index], bytes[index + 1])
            switch byte {
            case UInt8(ascii: ","), UInt8(ascii: "]"), UInt8(ascii: "}"): return text(first..<end)
            case UInt8(ascii: "\n"), UInt8(ascii: "["), UInt8(ascii: "{"): throw Unfit()
            case UInt8(ascii: ":") where PlainYAMLText.isBlank(next):
                guard index == end else { throw Unfit() }
                return text(first..<end)
            case UInt8(ascii: ":") where PlainYAMLText.isBracket(next): throw Unfit()
            // Readers of YAML do not agree on what it means here.
            case UInt8(ascii: "?"): throw Unfit()
            case UInt8(ascii: " "):
                if next == UInt8(ascii: "#") { throw Unfit() }
                index += 1
            default:
                index += 1
                end = index
            }
        }
    }
}
