// The conditions of all routes, in flat arrays: to look at one takes no memory and no reference counting.
import MartletHTTPCore

/// Compiled conditions.
struct ConditionTable: Sendable {
    /// One node of a tree; its children follow it.
    enum Node: BitwiseCopyable, Sendable {
        /// A bit for each known method, and the names of others.
        case methods(UInt16, others: TextList)
        case scheme(isSecure: Bool)
        case field(KnownField, name: ByteRange, Test)
        case parameter(name: ByteRange, Test)
        case cookie(name: ByteRange, Test)
        case certificate(CertificatePart, Test)
        /// An index of `networks`.
        case client(Int32)
        case all, any, not
    }

    enum Test: BitwiseCopyable, Sendable {
        case present
        case exact(ByteRange)
        case prefix(ByteRange)
        /// An index of `expressions`.
        case expression(Int32)
    }

    /// A part of `lists`.
    struct TextList: BitwiseCopyable, Sendable {
        var start: Int32 = 0
        var end: Int32 = 0
    }

    private(set) var nodes: [Node] = []
    /// For each node, the one behind it and all that is below it.
    private(set) var ends: [Int32] = []
    /// All names and values; nodes refer to it.
    private(set) var text: [UInt8] = []
    private(set) var lists: [ByteRange] = []
    private(set) var expressions: [Expression] = []
    private(set) var networks: [NetworkSet] = []
    /// Whether a condition looks at clients' certificates.
    private(set) var usesCertificates = false

    /// Adds a condition; where it begins.
    mutating func insert(_ condition: RouteCondition) -> Int32 {
        let start = nodes.count
        nodes.append(.all)
        ends.append(0)
        nodes[start] = node(condition)
        ends[start] = Int32(nodes.count)
        return Int32(start)
    }

    private mutating func node(_ condition: RouteCondition) -> Node {
        switch condition {
        case .methods(let names): return methods(names)
        case .scheme(let isSecure): return .scheme(isSecure: isSecure)
        case .field(let name, let test):
            return .field(KnownField(token: name.utf8.span), name: range(of: name), self.test(test))
        case .parameter(let name, let test): return .parameter(name: range(of: name), self.test(test))
        case .cookie(let name, let test): return .cookie(name: range(of: name), self.test(test))
        case .certificate(let part, let test):
            usesCertificates = true
            return .certificate(part, self.test(test))
        case .client(let list):
            networks.append(NetworkSet(list))
            return .client(Int32(networks.count - 1))
        case .all(let conditions):
            for condition in conditions { _ = insert(condition) }
            return .all
        case .any(let conditions):
            for condition in conditions { _ = insert(condition) }
            return .any
        case .not(let condition):
            _ = insert(condition)
            return .not
        }
    }

    private mutating func methods(_ names: [String]) -> Node {
        var bits: UInt16 = 0
        var others = TextList(start: Int32(lists.count), end: 0)
        for name in names {
            let method = HTTPMethod(name: name.utf8.span)
            if method == .other { lists.append(range(of: name)) } else { bits |= 1 << UInt16(method.rawValue) }
        }
        others.end = Int32(lists.count)
        return .methods(bits, others: others)
    }

    private mutating func test(_ test: ValueTest) -> Test {
        switch test {
        case .present: return .present
        case .exact(let text): return .exact(range(of: text))
        case .prefix(let text): return .prefix(range(of: text))
        case .expression(let expression):
            expressions.append(expression)
            return .expression(Int32(expressions.count - 1))
        }
    }

    private mutating func range(of string: String) -> ByteRange {
        let start = text.count
        text.append(contentsOf: string.utf8)
        return ByteRange(from: start, to: text.count)
    }
}
