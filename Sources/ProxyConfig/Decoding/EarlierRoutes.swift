// The routes of a config that was read before. Of a large file most are the same when it is read again.

/// Routes with what they were read from.
struct EarlierRoutes {
    let routes: [RouteConfiguration]
    private let nodes: [Node]

    /// `nil` when it is not known what each was read from.
    init?(_ checked: CheckedConfiguration) {
        guard let mapping = checked.tree?.root.mapping else { return nil }
        let value = mapping.pairs.first { $0.key.scalar?.string == "routes" }?.value
        guard let nodes = value?.sequence?.nodes, nodes.count == checked.configuration.routes.count else { return nil }
        self.nodes = nodes
        routes = checked.configuration.routes
    }

    /// How many at the front, and how many of the others at the end, say the same.
    func unchanged(_ other: [Node]) -> (front: Int, back: Int) {
        let most = min(nodes.count, other.count)
        var (front, back) = (0, 0)
        while front < most && nodes[front].saysSame(as: other[front]) { front += 1 }
        while back < most - front && nodes[nodes.count - 1 - back].saysSame(as: other[other.count - 1 - back]) {
            back += 1
        }
        return (front, back)
    }
}

extension Node {
    /// Whether it is the same value, wherever it stands.
    fileprivate func saysSame(as other: Node) -> Bool {
        switch (self, other) {
        case (.scalar(let one), .scalar(let two)): one.string == two.string && one.style == two.style
        case (.sequence(let one), .sequence(let two)):
            one.count == two.count && one.nodes.indices.allSatisfy { one.nodes[$0].saysSame(as: two.nodes[$0]) }
        case (.mapping(let one), .mapping(let two)):
            one.pairs.count == two.pairs.count
                && one.pairs.indices.allSatisfy {
                    one.pairs[$0].key.saysSame(as: two.pairs[$0].key)
                        && one.pairs[$0].value.saysSame(as: two.pairs[$0].value)
                }
        default: false
        }
    }
}
