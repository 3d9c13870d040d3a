// Which of many things is due next.

/// Times of numbered items, the earliest first: a binary heap that knows where each item is, so that a time can be
/// moved or taken away. All cost the logarithm of the number of items.
package struct Agenda: Sendable {
    private var heap: [UInt32] = []
    /// For each item its place in the heap; `.max` if it is not in.
    private var places: [UInt32]
    private var times: [UInt64]

    /// An empty agenda for items `0..<items`.
    package init(items: Int) {
        places = Array(repeating: .max, count: items)
        times = Array(repeating: 0, count: items)
    }

    /// Makes room for more items.
    package mutating func grow(items: Int) {
        while places.count < items {
            places.append(.max)
            times.append(0)
        }
    }

    /// The earliest time; `nil` if there is nothing to do.
    package var first: UInt64? { heap.first.map { times[Int($0)] } }

    /// When an item is due; `nil` if it is not.
    package func time(of item: Int) -> UInt64? { places[item] == .max ? nil : times[item] }

    /// Sets an item's time, instead of the one that it may have. `nil` takes it out.
    package mutating func set(_ item: Int, at time: UInt64?) {
        guard let time else { return remove(item) }
        if places[item] == .max {
            places[item] = UInt32(heap.count)
            heap.append(UInt32(item))
        }
        times[item] = time
        rise(Int(places[item]))
        sink(Int(places[item]))
    }

    /// Takes an item out whose time has come; `nil` if there is none. Of several it is the earliest, then the lowest.
    package mutating func takeDue(now: UInt64) -> Int? {
        guard let item = heap.first.map({ Int($0) }), times[item] <= now else { return nil }
        remove(item)
        return item
    }

    private mutating func remove(_ item: Int) {
        let place = Int(places[item])
        if places[item] == .max { return }
        places[item] = .max
        let last = heap.removeLast()
        if Int(last) == item { return }
        heap[place] = last
        places[Int(last)] = UInt32(place)
        rise(place)
        sink(Int(places[Int(last)]))
    }

    private func isBefore(_ a: UInt32, _ b: UInt32) -> Bool { (times[Int(a)], a) < (times[Int(b)], b) }

    private mutating func rise(_ place: Int) {
        var place = place
        while place > 0, isBefore(heap[place], heap[(place - 1) / 2]) {
            exchange(place, (place - 1) / 2)
            place = (place - 1) / 2
        }
    }

    private mutating func sink(_ place: Int) {
        var place = place
        while true {
            var least = place
            for child in [2 * place + 1, 2 * place + 2] where child < heap.count && isBefore(heap[child], heap[least]) {
                least = child
            }
            if least == place { return }
            exchange(place, least)
            place = least
        }
    }

    private mutating func exchange(_ a: Int, _ b: Int) {
        heap.swapAt(a, b)
        places[Int(heap[a])] = UInt32(a)
        places[Int(heap[b])] = UInt32(b)
    }
}
