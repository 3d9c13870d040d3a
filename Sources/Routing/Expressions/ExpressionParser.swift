// Reads regular expressions: what may stand in one, and where it is at fault. The syntax is that of RE2 without its
// extensions; what is accepted means the same there. Characters and classes are read in a file of their own.
import MartletHTTPCore

/// Reads an expression from its text.
struct ExpressionParser {
    /// The longest text, in bytes.
    static let longest = 1024
    /// The most groups that remember where they have matched.
    static let mostGroups = 32
    /// How deep groups may stand in each other.
    static let deepest = 100
    /// The highest count of a repetition.
    static let mostRepeats = 1000

    /// What has been read.
    struct Result {
        let node: ExpressionNode
        /// The names of the groups, from group 1 on; `nil` where one has none.
        let groups: [String?]
    }

    /// What `(?…)` sets, to the end of the group.
    struct Flags {
        /// `i`: the case of letters does not matter.
        var isCaseless = false
        /// `m`: `^` and `$` match at the ends of lines as well.
        var isMultiline = false
        /// `s`: `.` is a line feed too.
        var dotMatchesNewline = false
        /// `U`: what is lazy is greedy, and the other way round.
        var isSwapped = false
    }

    let bytes: [UInt8]
    var position = 0
    var flags = Flags()
    private var groups: [String?] = []
    private var depth = 0

    private init(_ text: String) { bytes = Array(text.utf8) }

    /// What `text` says.
    static func parse(_ text: String) throws(PatternError) -> Result {
        var parser = ExpressionParser(text)
        if parser.bytes.count > longest {
            throw PatternError(offset: longest, message: "an expression of at most \(longest) bytes")
        }
        let node = try parser.choice()
        if parser.position < parser.bytes.count { throw parser.error("no `)` without a `(` before it") }
        return Result(node: node, groups: parser.groups)
    }

    /// The byte at hand; `nil` at the end.
    var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    /// Steps behind `text` if it is what comes next.
    mutating func skip(_ text: StaticString) -> Bool {
        let count = text.utf8CodeUnitCount
        guard position + count <= bytes.count else { return false }
        let span = text.bytes
        for index in 0..<count where bytes[position + index] != span[index] { return false }
        position += count
        return true
    }

    func error(_ message: String, at offset: Int? = nil) -> PatternError {
        PatternError(offset: offset ?? position, message: message)
    }

    /// Sequences with `|` between them, up to `)` or the end.
    private mutating func choice() throws(PatternError) -> ExpressionNode {
        var nodes = [try sequence()]
        while skip("|") { nodes.append(try sequence()) }
        return nodes.count == 1 ? nodes[0] : .choice(nodes)
    }

    private mutating func sequence() throws(PatternError) -> ExpressionNode {
        var nodes: [ExpressionNode] = []
        while let byte = next, byte != 0x7C, byte != 0x29 {
            let start = position
            guard let atom = try atom() else { continue }
            nodes.append(try repetition(of: atom, from: start))
        }
        return nodes.isEmpty ? .empty : nodes.count == 1 ? nodes[0] : .sequence(nodes)
    }

    /// What a repetition can stand behind; `nil` for flags alone.
    private mutating func atom() throws(PatternError) -> ExpressionNode? {
        switch bytes[position] {
        case 0x28: return try group()
        case 0x5B: return .set(try bracket())
        case 0x2E:
            position += 1
            return .set(flags.dotMatchesNewline ? .all : ScalarSet.newline.inverted)
        case 0x5E:
            position += 1
            return .assertion(flags.isMultiline ? .lineStart : .textStart)
        case 0x24:
            position += 1
            return .assertion(flags.isMultiline ? .lineEnd : .textEnd)
        case 0x2A, 0x2B, 0x3F: throw error("something to repeat before `\(Character(.init(bytes[position])))`")
        case 0x7B: throw error(Self.countExpected)
        case 0x5C:
            if let assertion = assertion() { return .assertion(assertion) }
            return .set(fold(try escape()))
        default: return .set(fold(ScalarSet(try scalar())))
        }
    }

    /// `set` as the flags want it.
    func fold(_ set: ScalarSet) -> ScalarSet { flags.isCaseless ? set.caseless : set }

    private mutating func assertion() -> ExpressionAssertion? {
        if skip("\\A") { return .textStart }
        if skip("\\z") { return .textEnd }
        if skip("\\b") { return .wordBoundary }
        return skip("\\B") ? .notWordBoundary : nil
    }

    // MARK: Groups

    private mutating func group() throws(PatternError) -> ExpressionNode? {
        let start = position
        let outer = flags
        position += 1
        var name: String?
        var isRemembered = true
        if skip("?P<") || next == 0x3F && !isLookbehind && skip("?<") {
            name = try groupName()
        } else if skip("?") {
            isRemembered = false
            if try setFlags(from: start) { return nil }
        }
        if isRemembered { try remember(name, at: start) }
        let number = groups.count
        depth += 1
        if depth > Self.deepest { throw error("at most \(Self.deepest) groups in each other", at: start) }
        let node = try choice()
        depth -= 1
        if !skip(")") { throw error("a `)` for this group", at: start) }
        flags = outer
        return isRemembered ? .group(node, number) : node
    }

    private var isLookbehind: Bool {
        position + 2 < bytes.count && (bytes[position + 2] == 0x3D || bytes[position + 2] == 0x21)
    }

    private mutating func remember(_ name: String?, at start: Int) throws(PatternError) {
        if groups.count == Self.mostGroups {
            throw error("at most \(Self.mostGroups) groups that remember; write `(?:` for the others", at: start)
        }
        if let name, groups.contains(name) { throw error("another name: there is a group of this one", at: start) }
        groups.append(name)
    }

    private mutating func groupName() throws(PatternError) -> String {
        let start = position
        while let byte = next, ByteKind(byte) == .word { position += 1 }
        let name = String(decoding: bytes[start..<position], as: UTF8.self)
        if name.isEmpty || name.utf8.first.map({ $0 >= 0x30 && $0 <= 0x39 }) == true || !skip(">") {
            throw error("a name of letters, digits and '_', and `>` behind it", at: start)
        }
        return name
    }

    /// Reads flags up to `:`, behind which they are for the group, or up to `)`, where they are for what follows: then it
    /// is true.
    private mutating func setFlags(from start: Int) throws(PatternError) -> Bool {
        var isOn = true
        while let byte = next {
            position += 1
            switch byte {
            case 0x69: flags.isCaseless = isOn
            case 0x6D: flags.isMultiline = isOn
            case 0x73: flags.dotMatchesNewline = isOn
            case 0x55: flags.isSwapped = isOn
            case 0x2D where isOn && (next.map { ByteKind($0) == .word } ?? false): isOn = false
            case 0x3A: return false
            case 0x29 where position > start + 3: return true
            case 0x3D, 0x21, 0x3C:
                throw error("no look-ahead or look-behind: they cannot be matched in linear time", at: start)
            case 0x3E: throw error("no atomic groups; write `(?:`", at: start)
            default: throw error("flags among `i`, `m`, `s` and `U`, or `(?:`", at: position - 1)
            }
        }
        throw error("a `)` for this group", at: start)
    }

    // MARK: Repetitions

    private mutating func repetition(of atom: ExpressionNode, from start: Int) throws(PatternError) -> ExpressionNode {
        guard let (least, most) = try counts() else { return atom }
        let isLazy = skip("?") != flags.isSwapped
        if let byte = next, byte == 0x2A || byte == 0x2B || byte == 0x3F || byte == 0x7B {
            throw error("no repetition of a repetition; put the first in `(?:…)` if it is meant")
        }
        return .repeated(atom, least: least, most: most, isLazy: isLazy)
    }

    private static let countExpected =
        "a count such as `{3}`, `{3,}` or `{3,5}` of what stands before; write `\\{` for the brace itself"

    private mutating func counts() throws(PatternError) -> (least: Int, most: Int?)? {
        if skip("*") { return (0, nil) }
        if skip("+") { return (1, nil) }
        if skip("?") { return (0, 1) }
        let start = position
        guard skip("{") else { return nil }
        let least = try number(from: start)
        var most: Int? = least
        if skip(",") { most = next == 0x7D ? nil : try number(from: start) }
        if !skip("}") { throw error(Self.countExpected, at: start) }
        if let most, most < least { throw error("a count whose end is not below its beginning", at: start) }
        return (least, most)
    }

    private mutating func number(from start: Int) throws(PatternError) -> Int {
        var value = 0
        let first = position
        while let byte = next, byte >= 0x30, byte <= 0x39, value <= Self.mostRepeats {
            value = value * 10 + Int(byte - 0x30)
            position += 1
        }
        if first == position { throw error(Self.countExpected, at: start) }
        if value > Self.mostRepeats { throw error("a count of at most \(Self.mostRepeats)", at: first) }
        return value
    }
}
