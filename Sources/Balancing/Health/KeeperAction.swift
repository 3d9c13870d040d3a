// What the keeper wants done.

/// What follows from what the keeper has been told.
package enum KeeperAction: Sendable, Equatable {
    /// The loops shall choose among others.
    case publish(upstream: Int, Roster)
    /// A server's state is another one.
    case changed(StateChange)
    /// A check has taken the server down: who waits for its answer may wait in vain.
    case down(server: Int)
    /// The server's exchanges have had their time to end.
    case drainExpired(server: Int)
    /// The upstream is served by others than before.
    case tier(upstream: Int, from: Roster.Tier, to: Roster.Tier)
}

/// A change of a server's state.
package struct StateChange: Sendable, Equatable {
    package let server: Int
    package let from: HealthState
    package let to: HealthState
    /// In a few words.
    package let reason: String

    package init(server: Int, from: HealthState, to: HealthState, reason: String) {
        self.server = server
        self.from = from
        self.to = to
        self.reason = reason
    }
}

/// Something to be asked.
package enum CheckOrder: Sendable, Equatable {
    /// The upstream's active check of a server.
    case check(server: Int)
    /// The server's agent.
    case agent(server: Int)

    package var server: Int {
        switch self {
        case .check(let server), .agent(let server): server
        }
    }
}
