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
    @usableFromInline let count: Int
    /// How many servers may have a block of counters.
    @usableFromInline package let servers: Int

    @inlinable static var distributionBase: Int { Counter.allCasesCount }
    @inlinable static var distributionSize: Int { HistogramBuckets.count + 1 }
    @inlinable static var serverBase: Int { distributionBase + 2 * distributionSize }

    package init(servers: Int) {
        self.servers = servers
        // Padding on both sides keeps another loop's cells out of the cache lines at the ends.
        count = Self.serverBase + servers * ServerCounter.allCasesCount
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
        for counter in 0..<ServerCounter.allCasesCount {
            let index = Self.serverBase + server * ServerCounter.allCasesCount + counter
            precondition(server >= 0 && server < servers, "no such server")
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
    func index(_ counter: ServerCounter, _ server: Int) -> Int {
        precondition(server >= 0 && server < servers, "no such server")
        return Self.serverBase + server * ServerCounter.allCasesCount + counter.rawValue
    }

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

    /// Records a value in microseconds.
    @inlinable
    package func record(_ distribution: Distribution, _ microseconds: UInt64) {
        let base = Self.distributionBase + distribution.rawValue * Self.distributionSize
        add(at: base + HistogramBuckets.index(of: microseconds), 1)
        add(at: base + HistogramBuckets.count, microseconds)
    }

    /// The counts of a distribution's buckets, and the sum of its values in microseconds.
    package func read(_ distribution: Distribution) -> (buckets: [UInt64], sum: UInt64) {
        let base = Self.distributionBase + distribution.rawValue * Self.distributionSize
        let buckets = (0..<HistogramBuckets.count).map { read(at: base + $0) }
        return (buckets, read(at: base + HistogramBuckets.count))
    }
}

extension Counter {
    /// The number of cases, as a constant.
    @inlinable static var allCasesCount: Int { Counter.loopBusyNanoseconds.rawValue + 1 }
}

extension ServerCounter {
    @inlinable static var allCasesCount: Int { ServerCounter.bytesOut.rawValue + 1 }
}
