// How busy each server is, as all loops see it together.

/// The load of every server of a process. Loops write what happens and read it to choose; nobody waits for anybody.
///
/// Servers are numbered as in the model. Times are monotonic nanoseconds.
@usableFromInline
package final class ServerLoads: Sendable {
    /// The columns of a server's row. The first eight share a cache line, and are all that choosing looks at.
    @usableFromInline
    enum Column: Int {
        /// Exchanges that the server works on.
        case inFlight
        /// See `ServerLoads+Latency.swift`.
        case latency, failing, outcomeTime, avoidUntil, utilisation, utilisationTime
        /// The first latencies of a server; see `ServerLoads+Latency.swift`.
        case early
        /// Connections to the server, idle ones included.
        case connections
        /// Failures in a row, of the connection and by the server's own statuses.
        case connectionFailures, serverErrors
        /// Of all time: answered exchanges and failed ones.
        case successes, failures
        /// See `Probation`.
        case probation
    }

    @usableFromInline let cells: LoadCells
    /// How many servers there may be.
    package let servers: Int

    package init(servers: Int) {
        self.servers = servers
        cells = LoadCells(rows: servers)
    }

    @inlinable
    func read(_ column: Column, _ server: Int) -> UInt64 { cells.read(server, column.rawValue) }

    @inlinable
    func write(_ column: Column, _ server: Int, _ value: UInt64) { cells.write(server, column.rawValue, value) }

    @inlinable
    func add(_ column: Column, _ server: Int, _ amount: UInt64) -> UInt64 {
        cells.add(server, column.rawValue, amount)
    }

    /// Another server has the place from now on: nothing is known of it. Nobody may count for the old one any more.
    package func reset(_ server: Int) {
        for column in 0..<LoadCells.rowSize { cells.write(server, column, 0) }
    }

    // MARK: Exchanges and connections

    /// Exchanges that the server works on now.
    @inlinable package func inFlight(_ server: Int) -> Int { Int(truncatingIfNeeded: read(.inFlight, server)) }

    /// Counts an exchange that is handed to the server; `false`, and it is not counted, when it has `limit` already.
    @inlinable
    package func begin(_ server: Int, limit: Int = .max) -> Bool {
        if add(.inFlight, server, 1) <= UInt64(limit) { return true }
        _ = add(.inFlight, server, .max)
        return false
    }

    /// The exchange is over, in whatever way.
    @inlinable package func end(_ server: Int) { _ = add(.inFlight, server, .max) }

    /// Connections to the server, idle ones included.
    package func connections(_ server: Int) -> Int { Int(truncatingIfNeeded: read(.connections, server)) }

    /// Counts a connection about to be made; `false`, and it is not counted, when there are `limit` already.
    package func connect(_ server: Int, limit: Int = .max) -> Bool {
        if add(.connections, server, 1) <= UInt64(limit) { return true }
        _ = add(.connections, server, .max)
        return false
    }

    /// The connection is closed.
    package func disconnect(_ server: Int) { _ = add(.connections, server, .max) }
}
