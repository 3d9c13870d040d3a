// From a host to the patterns that it matches, the best first.
import MartletHTTPCore

/// Host patterns by their labels from the right: "com", "example", "www". A host is read once, up to the first label that
/// no pattern has, however many labels it has in front.
struct HostTrie: Sendable {
    struct Node: BitwiseCopyable, Sendable {
        /// One label less; the root is its own parent.
        var parent: UInt32 = 0
        /// The root of the paths for this name; 0 for none.
        var exact: UInt32 = 0
        /// The root of the paths for all names below; 0 for none.
        var below: UInt32 = 0
    }

    /// Where the search for the next pattern goes on.
    struct Match: BitwiseCopyable {
        fileprivate var node: UInt32
        /// The host ends here, so that no label stands in front.
        fileprivate var isWhole: Bool
    }

    /// Node 0 is the root; it has no patterns.
    private var nodes: [Node] = [Node()]
    private var labels: SegmentTable

    init(seed: UInt64) { labels = SegmentTable(seed: seed, isCaseless: true) }

    /// The root of a pattern's paths, made by `make` if there is none yet.
    mutating func root(for pattern: HostPattern, make: () -> UInt32) -> UInt32 {
        var node: UInt32 = 0
        for label in pattern.name.split(separator: ".").reversed() { node = child(of: node, String(label)) }
        let old = pattern.isWildcard ? nodes[Int(node)].below : nodes[Int(node)].exact
        if old != 0 { return old }
        let root = make()
        if pattern.isWildcard { nodes[Int(node)].below = root } else { nodes[Int(node)].exact = root }
        return root
    }

    private mutating func child(of node: UInt32, _ label: String) -> UInt32 {
        var steps = 0
        if let child = labels.child(of: node, label.utf8.span, steps: &steps) { return child }
        let child = UInt32(nodes.count)
        nodes.append(Node(parent: node))
        labels.insert(label.utf8.span, under: node, child: child)
        return child
    }

    /// Begins a search.
    /// - Parameter host: an authority, port and final dot included. One that begins with a dot matches nothing.
    func match(_ host: Span<UInt8>, steps: inout Int) -> Match {
        var match = Match(node: 0, isWhole: false)
        if nodes.count == 1 { return match }
        var end = Self.nameLength(of: host)
        if end == 0 || host[0] == 0x2E { return match }
        while true {
            var start = end
            while start > 0 && host[start - 1] != 0x2E { start -= 1 }
            guard let child = labels.child(of: match.node, host.extracting(start..<end), steps: &steps) else {
                return match
            }
            match.node = child
            if start == 0 { break }
            end = start - 1
        }
        match.isWhole = true
        return match
    }

    /// The root of the next best pattern's paths; `nil` when there are no more.
    func next(_ match: inout Match, steps: inout Int) -> UInt32? {
        let nodes = nodes.span
        while match.node != 0 {
            steps += 1
            let node = nodes[Int(match.node)]
            if match.isWhole {
                match.isWhole = false
                // The wildcards begin with those that leave a label in front.
                match.node = node.parent
                if node.exact != 0 { return node.exact }
            } else {
                match.node = node.parent
                if node.below != 0 { return node.below }
            }
        }
        return nil
    }

    /// How much of an authority is the name: without port and final dot.
    static func nameLength(of host: Span<UInt8>) -> Int {
        var end = host.count
        var index = end - 1
        while index >= 0 && host[index] >= 0x30 && host[index] <= 0x39 { index -= 1 }
        if index >= 0 && host[index] == 0x3A { end = index }
        if end > 1 && host[end - 1] == 0x2E { end -= 1 }
        return end
    }
}
