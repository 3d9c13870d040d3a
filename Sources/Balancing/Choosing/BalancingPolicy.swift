// How a server is chosen. One policy, one small file.

/// Chooses one of an upstream's servers. A policy is a value: it is given what it needs, and keeps only its own memory.
package protocol BalancingPolicy: Sendable {
    /// The place of the server to try, in `0..<servers`.
    /// - Parameters:
    ///   - servers: how many there are, at least 1.
    ///   - previous: the place that the exchange's last try went to; another one is chosen, if there is one. `nil` for
    ///     the first try.
    mutating func choose(among servers: Int, after previous: Int?) -> Int
}
