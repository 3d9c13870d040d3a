// From a path to the best pattern that it matches.

/// Path patterns by their segments, with a root for each host pattern.
struct PathTrie: Sendable {
    struct Node: BitwiseCopyable, Sendable {
        /// The child by `*`; 0 for none, as no node has node 0 as its child.
        var wildcard: UInt32 = 0
        /// The route for a path that ends here; -1 for none.
        var exact: Int32 = -1
        /// The route for paths that end here or go on; -1 for none.
        var prefix: Int32 = -1

        /// The route for a path that ends here.
        var end: Int? { exact >= 0 ? Int(exact) : rest }
        /// The route for a path that goes on where no child does.
        var rest: Int? { prefix >= 0 ? Int(prefix) : nil }
    }

    /// Node 0 stands for no node.
    private var nodes: [Node] = [Node()]
    private var segments: SegmentTable

    init(seed: UInt64) { segments = SegmentTable(seed: seed, isCaseless: false) }

    /// A new root, or a place below one.
    mutating func addNode() -> UInt32 {
        nodes.append(Node())
        return UInt32(nodes.count - 1)
    }

    /// Adds a pattern unless it is there already.
    mutating func insert(_ pattern: PathPattern, below root: UInt32, value: Int) {
        precondition(value >= 0, "values of routes are 0 or more")
        var node = root
        for segment in pattern.segments {
            if let segment { node = child(of: node, segment) } else { node = wildcard(of: node) }
        }
        if pattern.isPrefix {
            if nodes[Int(node)].prefix < 0 { nodes[Int(node)].prefix = Int32(value) }
        } else if nodes[Int(node)].exact < 0 {
            nodes[Int(node)].exact = Int32(value)
        }
    }

    private mutating func child(of node: UInt32, _ segment: String) -> UInt32 {
        var steps = 0
        if let child = segments.child(of: node, segment.utf8.span, steps: &steps) { return child }
        let child = addNode()
        segments.insert(segment.utf8.span, under: node, child: child)
        return child
    }

    private mutating func wildcard(of node: UInt32) -> UInt32 {
        if nodes[Int(node)].wildcard == 0 {
            let new = addNode()
            nodes[Int(node)].wildcard = new
        }
        return nodes[Int(node)].wildcard
    }

    /// The value of the best pattern below `root` for a path that begins with "/".
    func find(_ path: Span<UInt8>, below root: UInt32, steps: inout Int) -> Int? {
        find(path, from: 1, below: root, steps: &steps)
    }

    /// The same for the rest of a path, whose next segment begins at `start`; behind the path's end there is none. It
    /// goes as deep as the patterns do, not as the path.
    private func find(_ path: Span<UInt8>, from start: Int, below node: UInt32, steps: inout Int) -> Int? {
        steps += 1
        let here = nodes.span[Int(node)]
        if start > path.count { return here.end }
        var end = start
        while end < path.count && path[end] != 0x2F { end += 1 }
        if let child = segments.child(of: node, path.extracting(start..<end), steps: &steps),
            let value = find(path, from: end + 1, below: child, steps: &steps)
        {
            return value
        }
        if here.wildcard != 0 && start < end,
            let value = find(path, from: end + 1, below: here.wildcard, steps: &steps)
        {
            return value
        }
        return here.rest
    }
}
