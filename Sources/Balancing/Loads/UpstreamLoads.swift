// What all loops together have with each upstream: the ground of its limits, and who waits for it.

/// Counts for every upstream of a process, and for each loop whose turn it is among its exchanges that wait.
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
    /// How many upstreams there may be.
    package let upstreams: Int
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

    /// Another upstream has the place from now on. Nobody may count for the old one any more.
    package func reset(_ upstream: Int) {
        for column in 0..<LoadCells.rowSize { cells.write(upstream, column, 0) }
        for loop in 0..<loops { setTurn(upstream, loop: loop, 0) }
    }

    /// Says when it is the turn of a loop's next exchange.
    /// - Parameter turn: any number; whoever has a lower one comes first. 0 for none.
    package func setTurn(_ upstream: Int, loop: Int, _ turn: UInt64) {
        let (row, column) = place(upstream, loop)
        cells.write(row, column, turn)
    }

    /// The other loop whose next exchange comes before `turn`, the first of all; `nil` if there is none.
    package func loopBefore(_ upstream: Int, turn: UInt64, butFor loop: Int) -> Int? {
        var (first, result) = (turn, Int?.none)
        for other in 0..<loops where other != loop {
            let (row, column) = place(upstream, other)
            let its = cells.read(row, column)
            if its != 0 && its < first { (first, result) = (its, other) }
        }
        return result
    }

    private func place(_ upstream: Int, _ loop: Int) -> (row: Int, column: Int) {
        let row = upstreams + upstream * Self.rows(for: loops) + loop / LoadCells.rowSize
        return (row, loop % LoadCells.rowSize)
    }
}
