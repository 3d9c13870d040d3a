// The routes of a config that was read before. Of a large file most are the same when it is read again.

/// Routes with what they were read from.
struct EarlierRoutes {
    private let routes: RouteList
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

    /// For each of other nodes the route that was read from one that says the same; `nil` where there was none.
    func routes(of other: [Node]) -> [RouteEntry?] {
        let same = unchanged(other)
        let shift = nodes.count - other.count
        let places = Dictionary(
            (same.front..<nodes.count - same.back).map { (nodes[$0].digest, $0) },
            uniquingKeysWith: { first, _ in first })
        return other.indices.map { index in
            if index < same.front { return routes.entries[index] }
            if index >= other.count - same.back { return routes.entries[index + shift] }
            guard let place = places[other[index].digest], Node.areAlike(nodes[place], other[index]) else { return nil }
            return routes.entries[place]
        }
    }

    /// How many at the front, and how many of the others at the end, say the same.
    private func unchanged(_ other: [Node]) -> (front: Int, back: Int) {
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

    /// The same for nodes that are alike, and hardly ever for others.
    fileprivate var digest: Int {
        var hasher = Hasher()
        combine(into: &hasher)
        return hasher.finalize()
    }

    private func combine(into hasher: inout Hasher) {
        switch self {
        case .scalar(let scalar): hasher.combine(scalar.string)
        case .sequence(let sequence):
            hasher.combine(sequence.count)
            for node in sequence.nodes { node.combine(into: &hasher) }
        case .mapping(let mapping):
            hasher.combine(mapping.pairs.count)
            for pair in mapping.pairs {
                pair.key.combine(into: &hasher)
                pair.value.combine(into: &hasher)
            }
        }
    }
}
