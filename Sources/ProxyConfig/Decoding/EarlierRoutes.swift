// The routes of a config that was read before. Of a large file most are the same when it is read again.

/// Routes with what they were read from.
struct EarlierRoutes {
    let routes: RouteList
    /// Whether something was odd about them.
    private let isOdd: Bool
    private let nodes: [Node]

    /// `nil` when it is not known what each was read from.
    init?(_ checked: CheckedConfiguration) {
        guard let mapping = checked.tree?.root.mapping else { return nil }
        let value = mapping.pairs.first { $0.key.scalar?.string == "routes" }?.value
        guard let nodes = value?.sequence?.nodes, nodes.count == checked.configuration.routes.count else { return nil }
        self.nodes = nodes
        routes = checked.configuration.routes
        let hasRoom = checked.warnings.count < ConfigurationDecoder.maximumProblems
        isOdd = !hasRoom || checked.warnings.contains { $0.keyPath.hasPrefix("routes[") }
    }

    /// The routes, if none of them stands in the shadow of another one.
    var unshadowed: RouteList? { isOdd ? nil : routes }

    /// How many at the front, and how many of the others at the end, say the same.
    func unchanged(_ other: [Node]) -> (front: Int, back: Int) {
        let most = min(nodes.count, other.count)
        var (front, back) = (0, 0)
        while front < most && Node.areAlike(nodes[front], other[front]) { front += 1 }
        while back < most - front && Node.areAlike(nodes[nodes.count - 1 - back], other[other.count - 1 - back]) {
            back += 1
        }
        return (front, back)
    }
}

extension Node {
    /// Whether two say the same, wherever they stand.
    fileprivate static func areAlike(_ one: Node, _ two: Node) -> Bool {
        switch (one, two) {
        case (.scalar(let one), .scalar(let two)): areAlike(one, two)
        case (.sequence(let one), .sequence(let two)): areAlike(one.nodes, two.nodes)
        case (.mapping(let one), .mapping(let two)): areAlike(one.pairs, two.pairs)
        default: false
        }
    }

    private static func areAlike(_ one: Scalar, _ two: Scalar) -> Bool {
        one.style == two.style && one.string == two.string
    }

    private static func areAlike(_ one: [Node], _ two: [Node]) -> Bool {
        if one.count != two.count { return false }
        for index in one.indices where !areAlike(one[index], two[index]) { return false }
        return true
    }

    private static func areAlike(_ one: [Pair], _ two: [Pair]) -> Bool {
        if one.count != two.count { return false }
        for index in one.indices {
            guard areAlike(one[index].key, two[index].key), areAlike(one[index].value, two[index].value) else {
                return false
            }
        }
        return true
    }
}
