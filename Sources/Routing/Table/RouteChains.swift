// Routes for the same host and path, which differ in their conditions.

/// Lists of routes. What the tries hold for a place is one number: that of a route without conditions, which needs no list, or
/// else that of a list.
struct RouteChains: Sendable {
    /// No route.
    static let none: Int32 = -1

    private var lists: [[Int32]] = []
    /// All lists one after the other, once all routes are there. A list ends with a route without conditions, or with `none`.
    private var flat: [Int32] = []
    private var starts: [Int32] = []

    /// Whether a value is that of a list.
    @inline(__always)
    static func isList(_ value: Int32) -> Bool { value < none }

    /// The value for a place that has had `value`, with one more route, which comes behind those that are there.
    mutating func add(_ route: Int32, isConditional: Bool, to value: Int32) -> Int32 {
        // Behind a route without conditions, none is ever asked.
        if value >= 0 { return value }
        if value == Self.none && !isConditional { return route }
        let index = value == Self.none ? lists.count : Int(-2 - value)
        if value == Self.none { lists.append([]) }
        if let last = lists[index].last, last < 0 { return value }
        // The end of the list is marked by the complement: below 0.
        lists[index].append(isConditional ? route : ~route)
        return Int32(-2 - index)
    }

    /// To be called when all routes are there.
    mutating func finish() {
        for list in lists {
            starts.append(Int32(flat.count))
            flat += list
            if list.last.map({ $0 >= 0 }) ?? true { flat.append(.min) }
        }
        lists = []
    }

    /// Adds the routes of a list that have conditions to `candidates`; the route without that it ends with, or `none`.
    func collect(_ value: Int32, into candidates: inout [Int32]) -> Int32 {
        var index = Int(starts[Int(-2 - value)])
        while flat[index] >= 0 {
            candidates.append(flat[index])
            index += 1
        }
        return flat[index] == .min ? Self.none : ~flat[index]
    }
}
