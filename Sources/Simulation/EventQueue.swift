// What happens next.

/// Events by their time, the earliest first; those of one time in the order in which they were put in.
struct EventQueue {
    /// Something that will happen.
    enum Event: BitwiseCopyable {
        /// A request comes in.
        case arrival
        /// A server has done with a request.
        case finish(server: Int, request: Int)
        /// The servers among whom is chosen change.
        case join
    }

    private struct Entry: BitwiseCopyable {
        let time: UInt64
        let order: Int
        let event: Event

        func isBefore(_ other: Entry) -> Bool { time < other.time || (time == other.time && order < other.order) }
    }

    private var heap: [Entry] = []
    private var order = 0

    mutating func add(_ event: Event, at time: UInt64) {
        heap.append(Entry(time: time, order: order, event: event))
        order += 1
        var child = heap.count - 1
        while child > 0 && heap[child].isBefore(heap[(child - 1) / 2]) {
            heap.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    /// Takes the next event out; `nil` when nothing will happen any more.
    mutating func next() -> (time: UInt64, event: Event)? {
        guard let first = heap.first, let last = heap.popLast() else { return nil }
        if heap.isEmpty { return (first.time, first.event) }
        heap[0] = last
        var hole = 0
        while true {
            var child = 2 * hole + 1
            if child >= heap.count { break }
            if child + 1 < heap.count && heap[child + 1].isBefore(heap[child]) { child += 1 }
            if !heap[child].isBefore(heap[hole]) { break }
            heap.swapAt(child, hole)
            hole = child
        }
        return (first.time, first.event)
    }
}
