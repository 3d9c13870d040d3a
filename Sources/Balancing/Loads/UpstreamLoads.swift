// What all loops together have with each upstream: the ground of its limits, and who waits for it.

/// Counts for every upstream of a process, and for each loop since when its oldest exchange waits.
@usableFromInline
package final class UpstreamLoads: Sendable {
    /// What is counted of an upstream.
    @usableFromInline
    package enum Count: Int, Sendable {
        /// Exchanges that its servers work on; connections to them, idle ones included; retries that are going on;
        /// exchanges that wait.
        case requests, connections, retries, waiting
    }

    @usableFromInline let cells: LoadCells
    private let upstreams: Int
    private let loops: Int

    package init(upstreams: Int, loops: Int) {
        self.upstreams = upstreams
        self.loops = loops
        cells = LoadCells(rows: upstreams * (1 + Self.rows(for: loops)))
    }

    private static func rows(for loops: Int) -> Int { (loops + LoadCells.rowSize - 1) / LoadCells.rowSize }

    @inlinable
    package func read(_ count: Count, _ upstream: Int) -> Int {
        Int(truncatingIfNeeded: cells.read(upstream, count.rawValue))
    }

    /// Counts one more; `false`, and it is not counted, when there are `limit` already.
    package func take(_ count: Count, _ upstream: Int, limit: Int) -> Bool {
        if cells.add(upstream, count.rawValue, 1) <= UInt64(limit) { return true }
        giveBack(count, upstream)
        return false
    }

    package func giveBack(_ count: Count, _ upstream: Int) { _ = cells.add(upstream, count.rawValue, .max) }

    /// Says since when a loop's oldest exchange waits, in milliseconds; 0 for none.
    package func setOldest(_ upstream: Int, loop: Int, since: UInt64) {
        let (row, column) = place(upstream, loop)
        cells.write(row, column, since)
    }

    /// The other loop whose oldest exchange has waited since before `time`, the longest of all; `nil` if there is none.
    package func longerWaiting(_ upstream: Int, than time: UInt64, butFor loop: Int) -> Int? {
        var (oldest, result) = (time, Int?.none)
        for other in 0..<loops where other != loop {
            let (row, column) = place(upstream, other)
            let since = cells.read(row, column)
            if since != 0 && since < oldest { (oldest, result) = (since, other) }
        }
        return result
    }

    private func place(_ upstream: Int, _ loop: Int) -> (row: Int, column: Int) {
        let row = upstreams + upstream * Self.rows(for: loops) + loop / LoadCells.rowSize
        return (row, loop % LoadCells.rowSize)
    }
}
