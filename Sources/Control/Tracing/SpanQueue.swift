// The spans between the loops and the exporter: a bounded queue.

/// A value without lock or clock, so that every case of it can be tested.
struct SpanQueue {
    /// Bytes that may wait, those that are being sent included.
    let capacity: Int
    private var batches: [(bytes: [UInt8], spans: Int)] = []
    private var bytes = 0
    private(set) var isClosed = false

    init(capacity: Int) { self.capacity = capacity }

    /// `false` when there is no room.
    mutating func push(_ batch: [UInt8], spans: Int) -> Bool {
        if isClosed || batch.count > capacity - bytes { return false }
        batches.append((batch, spans))
        bytes += batch.count
        return true
    }

    /// Takes as many batches as fit a request of so many bytes, one at least; `nil` when there is none. Their bytes keep their room
    /// until they are `finished`.
    mutating func take(upTo limit: Int) -> (bytes: [[UInt8]], spans: Int)? {
        if batches.isEmpty { return nil }
        var (size, count, spans) = (0, 0, 0)
        for batch in batches {
            if count > 0 && size + batch.bytes.count > limit { break }
            size += batch.bytes.count
            spans += batch.spans
            count += 1
        }
        let taken = batches[..<count].map(\.bytes)
        batches.removeFirst(count)
        return (taken, spans)
    }

    /// Batches of so many bytes are sent, or given up.
    mutating func finished(_ count: Int) { bytes -= count }

    /// Takes no more.
    mutating func close() { isClosed = true }
}
