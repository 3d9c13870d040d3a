// How a server is chosen. One policy, one small file.

/// Chooses one of an upstream's servers. A policy is a value: it is given what it needs, and keeps only its own memory.
protocol BalancingPolicy: Sendable {
    /// Other servers may be chosen from now on. What is known of those that stay is kept.
    mutating func update(from old: Roster, to new: Roster, _ chance: inout Chance)

    /// The place in the roster of the server to try; `nil` when all are full. The roster has at least one member.
    mutating func choose(
        _ question: Question, _ roster: borrowing Roster, _ loads: ServerLoads, _ effort: inout Effort
    ) -> Int?
}
