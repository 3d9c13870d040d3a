// How a server is chosen. One policy, one small file.

/// Chooses one of an upstream's servers. A policy is a value: it is given what it needs, and keeps only its own memory.
package protocol BalancingPolicy: Sendable {
    /// The place of the server to try, in `0..<servers`.
    /// - Parameters:
    ///   - servers: how many there are, at least 1.
    ///   - attempt: 0 for the first try of an exchange, then 1, 2 …: another server than before, if there is one.
    mutating func choose(among servers: Int, attempt: Int) -> Int
}
