// The ways to choose a server.

/// How an upstream's servers are chosen.
package enum PolicyKind: Sendable, Equatable, BitwiseCopyable {
    /// The better of two drawn at random, by latency and exchanges in flight.
    case leastBusy
    /// The one with the fewest exchanges in flight for its weight.
    case leastRequest
    /// In turn, by weight.
    case roundRobin
    /// At random, by weight.
    case random
    /// The first one that has room.
    case first
    /// By a key of the request; a server takes at most `bound` percent of the average load, `0` for any.
    case hash(bound: UInt32)

    /// Whether requests have a key.
    package var usesKeys: Bool {
        if case .hash = self { true } else { false }
    }

    /// Whether servers are drawn at random.
    package var draws: Bool {
        switch self {
        case .leastBusy, .random: true
        case .leastRequest, .roundRobin, .first, .hash: false
        }
    }
}
