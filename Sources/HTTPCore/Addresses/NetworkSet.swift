// A set of networks that answers one question fast: is this address in it?

/// Networks as a tree over the bits of addresses, six at a time, in which what is wholly in or wholly out ends at once. Built
/// once. A look-up takes time in proportion to the length of the longest prefix around the address, however many networks
/// there are: at most 6 steps for IPv4, 22 for IPv6. It does not allocate.
///
/// The tree is that of Asai and Ohara, "Poptrie: A Compressed Trie with Population Count for Fast and Scalable Software IP
/// Routing Table Lookup", SIGCOMM 2015, with one bit for an answer.
package struct NetworkSet: Sendable {
    /// All nodes; the children of each stand together. The first is the root of all addresses.
    @usableFromInline let nodes: [Node]
    /// The root of IPv4 addresses, or -1 if all of them are answered alike.
    @usableFromInline let root4: Int32
    /// That answer.
    @usableFromInline let all4: Bool
    /// Whether no address is in it.
    package let isEmpty: Bool

    /// 64 parts of a range of addresses, by six bits.
    @frozen
    @usableFromInline
    struct Node: Sendable, BitwiseCopyable {
        /// The parts that are wholly in the set.
        @usableFromInline var inside: UInt64 = 0
        /// The parts of which some is in it: each has a node.
        @usableFromInline var mixed: UInt64 = 0
        /// The first of those nodes.
        @usableFromInline var children: Int32 = 0
    }

    /// The addresses that are in at least one of `networks`.
    package init(_ networks: some Sequence<Network>) {
        let ranges = AddressRange.merged(networks)
        var builder = NetworkSetBuilder(ranges)
        let mapped = AddressRange(Network(IPAddress(v4: 0), prefix: 96))
        builder.addTree(AddressRange(first: 0, last: .max), bits: 128)
        let inside = builder.answer(mapped)
        all4 = inside ?? false
        root4 = inside == nil ? Int32(builder.nodes.count) : -1
        if inside == nil { builder.addTree(mapped, bits: 32) }
        nodes = builder.nodes
        isEmpty = ranges.isEmpty
    }

    /// Whether `address` is in one of the networks.
    @inlinable
    package func contains(_ address: IPAddress) -> Bool { lookUp(address).isInside }

    /// The same, and how many nodes were looked at.
    @inlinable
    func lookUp(_ address: IPAddress) -> (isInside: Bool, steps: Int) {
        if isEmpty { return (false, 0) }
        if !address.isIPv4 { return lookUp(address.bits, below: 0, bits: 128) }
        return root4 < 0 ? (all4, 0) : lookUp(address.bits, below: Int(root4), bits: 32)
    }

    /// Looks up the last `bits` bits of an address below a node.
    @inlinable
    func lookUp(_ address: UInt128, below start: Int, bits: Int) -> (isInside: Bool, steps: Int) {
        let nodes = self.nodes.span
        var node = nodes[start]
        var left = bits
        var steps = 1
        while true {
            let width = min(left, 6)
            left &-= width
            let part = UInt64(truncatingIfNeeded: address &>> UInt128(left)) & (1 &<< UInt64(width) &- 1)
            if node.mixed &>> part & 1 == 0 { return (node.inside &>> part & 1 != 0, steps) }
            let before = (node.mixed & (1 &<< part &- 1)).nonzeroBitCount
            node = nodes[Int(node.children) &+ before]
            steps &+= 1
        }
    }
}
