// Servers in turn.

/// Takes the servers in turn. Each loop has its own turn, begun at another server, so that loops do not march in step.
package struct RoundRobin: BitwiseCopyable {
    private var next: UInt32

    /// - Parameter start: where to begin; any number.
    package init(start: UInt32 = 0) { next = start }

    package mutating func choose(among servers: Int, after previous: Int?) -> Int {
        // Other exchanges move the turn on as well: after a failure it may be back at the same server.
        if let previous { return (previous + 1) % servers }
        let choice = Int(next % UInt32(servers))
        next &+= 1
        return choice
    }
}
