// The batches between the loops and the thread that writes them: a bounded queue, and what became of its lines.

/// A value without lock or thread, so that every case of it can be tested.
struct LogQueue {
    /// What the thread is to do, in order.
    enum Item: Equatable {
        case write([UInt8], lines: Int)
        /// Lines before it belong to the old file, lines behind it to the new one.
        case reopen
    }

    /// Bytes that may wait, those that are being written included.
    let capacity: Int
    private var items: [Item] = []
    private var bytes = 0
    private var lines = 0
    private(set) var isClosed = false
    /// Nobody waits any longer for what is left.
    private(set) var isAbandoned = false
    private(set) var counts = AccessLogCounts()

    init(capacity: Int) { self.capacity = capacity }

    /// Queues a batch; `false` when there is no room for all of it.
    mutating func push(_ batch: [UInt8], lines count: Int) -> Bool {
        if isClosed || batch.count > capacity - bytes {
            counts.refused += UInt64(count)
            return false
        }
        items.append(.write(batch, lines: count))
        bytes += batch.count
        lines += count
        return true
    }

    /// Queues the opening of a new file. Twice in a row is once.
    mutating func pushReopen() {
        if !isClosed && items.last != .reopen { items.append(.reopen) }
    }

    /// Takes what there is to do. The bytes keep their room until they are `finished`.
    mutating func takeAll() -> [Item] {
        let all = items
        items = []
        return all
    }

    /// A batch has left the queue for good.
    /// - Parameters:
    ///   - written: how many of its lines the kernel took in full.
    ///   - failed: whether an error ended it.
    mutating func finished(_ batch: [UInt8], lines count: Int, written: Int, failed: Bool) {
        bytes -= batch.count
        // Given up already, and counted as lost.
        if isAbandoned { return }
        lines -= count
        counts.written += UInt64(written)
        counts.lost += UInt64(max(0, count - written))
        if failed { counts.errors += 1 }
    }

    /// A new file could not be opened.
    mutating func reopeningFailed() { counts.errors += 1 }

    /// Takes no more lines.
    mutating func close() { isClosed = true }

    /// Counts all that is not written yet as lost.
    mutating func abandon() {
        isClosed = true
        isAbandoned = true
        counts.lost += UInt64(lines)
        lines = 0
        items = []
    }
}
