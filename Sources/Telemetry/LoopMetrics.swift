// A loop's counters. One of the few files that hold `unsafe`: the cells are raw memory, every access is checked.
import Glibc
import Synchronization

/// The counters of one loop. The loop is the only writer; any thread may read at any time without stopping it.
///
/// Adding is a relaxed load and a relaxed store: with a single writer nothing is lost and no lock prefix is paid.
@safe
@usableFromInline
package final class LoopMetrics: @unchecked Sendable {
    @usableFromInline let cells: UnsafeMutablePointer<Atomic<UInt64>>
    /// How many cells there are.
    @usableFromInline let count: Int
    @usableFromInline package let layout: MetricsLayout

    /// How many servers have a block of counters.
    package var servers: Int { layout.servers }

    package convenience init(servers: Int) { self.init(MetricsLayout(servers: servers)) }

    package init(_ layout: MetricsLayout) {
        self.layout = layout
        // Padding on both sides keeps another loop's cells out of the cache lines at the ends.
        count = layout.count
        // Zeros, which is what an atomic 0 is, in pages that come when they are first touched: room for servers that may come
        // costs nothing until they do.
        guard let zeros = unsafe calloc(count + 32, MemoryLayout<Atomic<UInt64>>.stride) else {
            fatalError("no memory for counters")
        }
        unsafe cells = zeros.bindMemory(to: Atomic<UInt64>.self, capacity: count + 32)
    }

    deinit { unsafe free(cells) }

    /// Another server has the place from now on. Its loop must not be counting for the old one any more.
    package func reset(server: Int) {
        let base = layout.base(server: server)
        for index in base..<base + MetricsLayout.serverSize {
            unsafe cells[index + 16].store(0, ordering: .relaxed)
        }
    }

    @inlinable
    @inline(__always)
    func add(at index: Int, _ amount: UInt64) {
        precondition(index >= 0 && index < count, "no such counter")
        let cell = unsafe cells + index + 16
        unsafe cell.pointee.store(cell.pointee.load(ordering: .relaxed) &+ amount, ordering: .relaxed)
    }

    @inlinable
    func read(at index: Int) -> UInt64 {
        precondition(index >= 0 && index < count, "no such counter")
        return unsafe cells[index + 16].load(ordering: .relaxed)
    }

    /// Adds all cells to those of a sum with the same layout, which may be for fewer servers.
    func addAll(to sum: inout MutableSpan<UInt64>) {
        precondition(sum.count <= count, "another layout")
        for index in 0..<sum.count { sum[index] &+= unsafe cells[index + 16].load(ordering: .relaxed) }
    }

    /// Adds to a counter.
    @inlinable package func add(_ counter: Counter, _ amount: UInt64 = 1) { add(at: counter.rawValue, amount) }
    /// Raises a gauge by one.
    @inlinable package func increment(_ gauge: Counter) { add(at: gauge.rawValue, 1) }
    /// Lowers a gauge by one.
    @inlinable package func decrement(_ gauge: Counter) { add(at: gauge.rawValue, .max) }
    /// What a counter or gauge says.
    @inlinable package func read(_ counter: Counter) -> UInt64 { read(at: counter.rawValue) }

    /// Sets a gauge.
    @inlinable
    package func set(_ gauge: Counter, _ value: Int) {
        let index = gauge.rawValue + 16
        unsafe cells[index].store(UInt64(truncatingIfNeeded: value), ordering: .relaxed)
    }

    @inlinable
    func index(_ counter: ServerCounter, _ server: Int) -> Int { layout.base(server: server) + counter.rawValue }

    /// Adds to a server's counter.
    @inlinable
    package func add(_ counter: ServerCounter, server: Int, _ amount: UInt64 = 1) {
        add(at: index(counter, server), amount)
    }
    /// Raises a server's gauge by one.
    @inlinable package func increment(_ gauge: ServerCounter, server: Int) { add(at: index(gauge, server), 1) }
    /// Lowers a server's gauge by one.
    @inlinable package func decrement(_ gauge: ServerCounter, server: Int) { add(at: index(gauge, server), .max) }
    /// What a server's counter or gauge says.
    @inlinable package func read(_ counter: ServerCounter, server: Int) -> UInt64 { read(at: index(counter, server)) }

    /// Counts a response of a server by how long it took.
    @inlinable
    package func record(server: Int, microseconds: UInt64) {
        let base = layout.base(server: server)
        add(at: base + ServerCounter.microseconds.rawValue, microseconds)
        add(at: base + ServerCounter.allCasesCount + DurationBuckets.index(of: microseconds), 1)
    }

    /// Counts an exchange in a block; in that of all others if there is no such block.
    @inlinable
    package func count(_ ending: ExchangeEnding, _ scope: Scope, _ block: Int) {
        let base = layout.base(scope, block)
        add(at: base + ending.status, 1)
        add(at: base + ScopeCounter.microseconds.rawValue, ending.microseconds)
        add(at: base + ScopeCounter.allCasesCount + ending.bucket, 1)
        if ending.hasFailed { add(at: base + ScopeCounter.failures.rawValue, 1) }
    }

    /// The cells of a block as they are now.
    package func read(_ scope: Scope, _ block: Int) -> [UInt64] {
        let base = layout.base(scope, block)
        return (base..<base + MetricsLayout.scopeSize).map { read(at: $0) }
    }

    /// Records a value in microseconds.
    @inlinable
    package func record(_ distribution: Distribution, _ microseconds: UInt64) {
        let base = MetricsLayout.distributionBase + distribution.rawValue * MetricsLayout.distributionSize
        add(at: base + HistogramBuckets.index(of: microseconds), 1)
        add(at: base + HistogramBuckets.count, microseconds)
    }

    /// The counts of a distribution's buckets, and the sum of its values in microseconds.
    package func read(_ distribution: Distribution) -> (buckets: [UInt64], sum: UInt64) {
        let base = MetricsLayout.base(distribution)
        let buckets = (0..<HistogramBuckets.count).map { read(at: base + $0) }
        return (buckets, read(at: base + HistogramBuckets.count))
    }
}
