// The expressions of the routes of a host pattern.
import MartletHTTPCore

/// Expressions by the first segment of the paths that they match, where they name one: so those of other segments cost
/// nothing.
struct ExpressionIndex: Sendable {
    private struct Entry: Sendable {
        let expression: Expression
        let route: Int32
        let isConditional: Bool
    }

    /// Places in `entries`, in order of precedence.
    private var lists: [[Int32]] = []
    private var entries: [Entry] = []
    /// From a group and a first segment to a list.
    private var segments: SegmentTable
    /// For each group, the list of those whose first segment is not known.
    private var general: [Int32] = []

    init(seed: UInt64) { segments = SegmentTable(seed: seed, isCaseless: false) }

    /// A group for the expressions of one host pattern.
    mutating func addGroup() -> Int32 {
        general.append(addList())
        return Int32(general.count - 1)
    }

    private mutating func addList() -> Int32 {
        lists.append([])
        return Int32(lists.count - 1)
    }

    /// Adds an expression, which comes behind those that are there.
    mutating func insert(_ expression: Expression, group: Int32, route: Int32, isConditional: Bool) {
        let list = Self.firstSegment(of: expression).map { self.list($0, group) } ?? general[Int(group)]
        entries.append(Entry(expression: expression, route: route, isConditional: isConditional))
        lists[Int(list)].append(Int32(entries.count - 1))
    }

    private mutating func list(_ segment: [UInt8], _ group: Int32) -> Int32 {
        var steps = 0
        if let list = segments.child(of: UInt32(group), segment.span, steps: &steps) { return Int32(list) }
        let list = addList()
        segments.insert(segment.span, under: UInt32(group), child: UInt32(list))
        return list
    }

    /// What stands between the first two slashes of every path that matches.
    private static func firstSegment(of expression: Expression) -> [UInt8]? {
        let prefix = expression.prefix
        guard prefix.first == 0x2F, let end = prefix.dropFirst().firstIndex(of: 0x2F) else { return nil }
        return Array(prefix[1..<end])
    }

    /// The first route of the group without conditions whose expression matches `path`; those with conditions before it are
    /// added to the candidates.
    func find(_ path: Span<UInt8>, group: Int32, _ memory: inout RouteMemory) -> Int32 {
        var end = 1
        while end < path.count, path[end] != 0x2F { end += 1 }
        let own =
            end < path.count
            ? segments.child(of: UInt32(group), path.extracting(1..<end), steps: &memory.steps) : nil
        let first = Int(general[Int(group)])
        let second = own.map { Int($0) } ?? first
        var (one, other) = (0, second == first ? lists[first].count : 0)
        // Both lists are in order of precedence.
        while true {
            let left = one < lists[first].count ? lists[first][one] : .max
            let right = other < lists[second].count ? lists[second][other] : .max
            if left == .max && right == .max { return RouteChains.none }
            if left < right { one += 1 } else { other += 1 }
            let place = Int(min(left, right))
            memory.steps += 1
            if !entries[place].expression.matches(path, &memory.expressions) { continue }
            if !entries[place].isConditional { return entries[place].route }
            memory.candidates.append(entries[place].route)
        }
    }
}
