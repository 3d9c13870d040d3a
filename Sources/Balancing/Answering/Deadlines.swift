// What is to be done at a time, for exchanges. Pure.

/// Times in order, each with what it is for. Nothing is ever taken out before its time: whoever no longer cares ignores it.
package struct Deadlines {
    /// Something due.
    package struct Entry: BitwiseCopyable, Equatable {
        /// Milliseconds.
        package let time: UInt64
        /// The exchange's token, and what is due.
        package let token: UInt64
        package let purpose: UInt32
    }

    /// A binary heap, the earliest first.
    private var heap: [Entry] = []
    private let limit: Int

    /// - Parameter limit: how many times are kept.
    package init(limit: Int) { self.limit = limit }

    package var count: Int { heap.count }
    /// The earliest time; `nil` if there is none.
    package var next: UInt64? { heap.first?.time }

    /// Keeps a time; `false` when there are too many.
    package mutating func insert(_ time: UInt64, token: UInt64, purpose: UInt32) -> Bool {
        if heap.count >= limit { return false }
        heap.append(Entry(time: time, token: token, purpose: purpose))
        var child = heap.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            if heap[parent].time <= heap[child].time { break }
            heap.swapAt(parent, child)
            child = parent
        }
        return true
    }

    /// Takes out one that is due.
    package mutating func popDue(_ now: UInt64) -> Entry? {
        guard let first = heap.first, first.time <= now, let last = heap.popLast() else { return nil }
        if heap.isEmpty { return first }
        heap[0] = last
        sink()
        return first
    }

    private mutating func sink() {
        var parent = 0
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2]
            where child < heap.count && heap[child].time < heap[least].time {
                least = child
            }
            if least == parent { return }
            heap.swapAt(parent, least)
            parent = least
        }
    }
}
