// What came of exchanges: the ground on which servers are ejected and brought back.

/// Who made an exchange fail: the way to the server, or the server's own answer.
package enum FailureOrigin: UInt8, Sendable {
    /// Refused, reset, timed out: seen from here.
    case connection
    /// A status that says so: 5xx.
    case server
}

/// Which single exchange may try a server that was ejected.
package enum Probation: UInt64, Sendable {
    /// The server is not on probation.
    case none
    /// The next exchange may take it.
    case open
    /// An exchange is trying the server.
    case taken
}

extension ServerLoads {
    /// A server has answered well: failures in a row begin anew.
    @inlinable
    package func succeeded(_ server: Int) {
        _ = add(.successes, server, 1)
        if read(.connectionFailures, server) != 0 { write(.connectionFailures, server, 0) }
        if read(.serverErrors, server) != 0 { write(.serverErrors, server, 0) }
    }

    /// A server has begun to answer. How well is not known yet, but it can be reached.
    package func reached(_ server: Int) {
        if read(.connectionFailures, server) != 0 { write(.connectionFailures, server, 0) }
    }

    /// An exchange has failed. Returns how many have in a row, for the same reason.
    package func failed(_ server: Int, _ origin: FailureOrigin) -> Int {
        _ = add(.failures, server, 1)
        switch origin {
        case .connection: return Int(truncatingIfNeeded: add(.connectionFailures, server, 1))
        case .server:
            // The connection did its work.
            if read(.connectionFailures, server) != 0 { write(.connectionFailures, server, 0) }
            return Int(truncatingIfNeeded: add(.serverErrors, server, 1))
        }
    }

    /// Failures in a row begin anew: the server has been ejected for them.
    package func forgetFailures(_ server: Int) {
        write(.connectionFailures, server, 0)
        write(.serverErrors, server, 0)
    }

    /// All that were answered well and all that failed, since the start.
    package func outcomes(_ server: Int) -> (successes: UInt64, failures: UInt64) {
        (read(.successes, server), read(.failures, server))
    }

    /// Opens or ends a server's probation; for the keeper alone.
    package func setProbation(_ server: Int, _ probation: Probation) { write(.probation, server, probation.rawValue) }

    /// Takes the one exchange of a probation; whether it was to be had.
    package func takeProbation(_ server: Int) -> Bool {
        if read(.probation, server) != Probation.open.rawValue { return false }
        return cells.exchange(
            server, Column.probation.rawValue, expected: Probation.open.rawValue, Probation.taken.rawValue)
    }

    /// The exchange came to nothing that says anything of the server: the next one may try.
    package func giveBackProbation(_ server: Int) {
        _ = cells.exchange(
            server, Column.probation.rawValue, expected: Probation.taken.rawValue, Probation.open.rawValue)
    }
}
