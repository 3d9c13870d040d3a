// A set of networks that answers one question fast: is this address in it?

/// Networks, merged into ranges that do not overlap. Built once; a look-up is a binary search and does not allocate.
package struct NetworkSet: Sendable {
    /// The ranges, in order.
    @usableFromInline let ranges: [ClosedRange]

    /// From the first address to the last, both included.
    @frozen
    @usableFromInline
    struct ClosedRange: Sendable, BitwiseCopyable {
        @usableFromInline let first: UInt128
        @usableFromInline var last: UInt128
    }

    /// The addresses that are in at least one of `networks`.
    package init(_ networks: some Sequence<Network>) {
        var merged: [ClosedRange] = []
        let all = networks.map { ClosedRange(first: $0.base.bits, last: $0.last.bits) }
        for range in all.sorted(by: { $0.first < $1.first }) {
            if let previous = merged.last, range.first <= previous.last {
                merged[merged.count - 1].last = max(previous.last, range.last)
            } else {
                merged.append(range)
            }
        }
        ranges = merged
    }

    /// Whether no address is in it.
    @inlinable
    package var isEmpty: Bool { ranges.isEmpty }

    /// Whether `address` is in one of the networks. Takes time in proportion to the logarithm of their number.
    @inlinable
    package func contains(_ address: IPAddress) -> Bool {
        let bits = address.bits
        var low = 0
        var high = ranges.count
        while low < high {
            let middle = (low + high) / 2
            if ranges[middle].last < bits { low = middle + 1 } else { high = middle }
        }
        return low < ranges.count && ranges[low].first <= bits
    }
}
