// How the tree of a set of networks is made.

/// Addresses from the first to the last, both included.
struct AddressRange {
    let first: UInt128
    var last: UInt128

    init(first: UInt128, last: UInt128) {
        self.first = first
        self.last = last
    }

    init(_ network: Network) { self.init(first: network.base.bits, last: network.last.bits) }

    /// The same addresses in ranges that do not overlap, in order.
    static func merged(_ networks: some Sequence<Network>) -> [AddressRange] {
        var merged: [AddressRange] = []
        for range in networks.map(AddressRange.init).sorted(by: { $0.first < $1.first }) {
            if let previous = merged.last, previous.last == .max || range.first <= previous.last + 1 {
                merged[merged.count - 1].last = max(previous.last, range.last)
            } else {
                merged.append(range)
            }
        }
        return merged
    }
}

/// Makes nodes level by level, so that the children of each stand together.
struct NetworkSetBuilder {
    private(set) var nodes: [NetworkSet.Node] = []
    private let ranges: [AddressRange]

    /// A node whose parts are still to be looked at.
    private struct Pending {
        let node: Int
        let range: AddressRange
        /// How many bits of addresses differ within the range.
        let bits: Int
        /// The first of the ranges that reaches into it.
        let start: Int
    }

    /// - Parameter ranges: in order, without overlaps.
    init(_ ranges: [AddressRange]) { self.ranges = ranges }

    /// Whether all of `part` is in the set, or nothing of it; `nil` if some is.
    func answer(_ part: AddressRange) -> Bool? { answer(part, from: firstRange(reaching: part.first, from: 0)) }

    /// Adds a node for `range`, whose addresses differ in their last `bits` bits, and all below it.
    mutating func addTree(_ range: AddressRange, bits: Int) {
        var tasks = [
            Pending(node: nodes.count, range: range, bits: bits, start: firstRange(reaching: range.first, from: 0))
        ]
        nodes.append(NetworkSet.Node())
        var next = 0
        while next < tasks.count {
            addParts(tasks[next], &tasks)
            next += 1
        }
    }

    private mutating func addParts(_ task: Pending, _ tasks: inout [Pending]) {
        let width = min(task.bits, 6)
        let bits = task.bits - width
        var start = task.start
        nodes[task.node].children = Int32(nodes.count)
        for part in 0..<(1 << width) {
            let first = task.range.first + UInt128(part) << UInt128(bits)
            let range = AddressRange(first: first, last: first + ((1 << UInt128(bits)) - 1))
            while start < ranges.count && ranges[start].last < first { start += 1 }
            switch answer(range, from: start) {
            case false?: break
            case true?: nodes[task.node].inside |= 1 << UInt64(part)
            case nil:
                nodes[task.node].mixed |= 1 << UInt64(part)
                tasks.append(Pending(node: nodes.count, range: range, bits: bits, start: start))
                nodes.append(NetworkSet.Node())
            }
        }
    }

    /// - Parameter start: the first of the ranges that ends behind the beginning of `part`.
    private func answer(_ part: AddressRange, from start: Int) -> Bool? {
        guard start < ranges.count, ranges[start].first <= part.last else { return false }
        return ranges[start].first <= part.first && part.last <= ranges[start].last ? true : nil
    }

    private func firstRange(reaching address: UInt128, from start: Int) -> Int {
        var low = start
        var high = ranges.count
        while low < high {
            let middle = (low + high) / 2
            if ranges[middle].last < address { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
