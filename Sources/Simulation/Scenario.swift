// What is simulated.

/// A server as it is simulated: so many workers, one queue.
package struct ServerPlan: Sendable {
    /// How a server's slowness changes with time.
    package enum Pace: Sendable {
        case steady
        /// So much slower for a while after it has joined.
        case cold(slowness: Double, until: UInt64)
        /// So much slower in each `period` whose number, modulo `servers`, is `place`: an antagonist that moves on.
        case antagonist(slowness: Double, period: UInt64, place: Int, servers: Int)
    }

    /// How many requests it works on at once. Many, for a server that waits rather than works.
    package var workers = 1
    /// How much longer than the scenario's service time it takes, always.
    package var slowness = 1.0
    package var pace = Pace.steady
    /// When it answers 503 at once.
    package var fails: Range<UInt64>?
    /// When it joins; 0 for from the beginning.
    package var joins: UInt64 = 0

    package init(slowness: Double = 1) { self.slowness = slowness }

    /// How much slower it is now.
    func slowness(at time: UInt64) -> Double {
        switch pace {
        case .steady: return slowness
        case .cold(let more, let until): return time < until ? slowness * more : slowness
        case .antagonist(let more, let period, let place, let servers):
            return Int(time / period) % servers == place ? slowness * more : slowness
        }
    }
}

/// A set-up whose policies are compared.
package struct Scenario: Sendable {
    /// How it is called on the command line.
    package let name: String
    /// What it is, in a few words.
    package let words: String
    package var servers: [ServerPlan]
    package var service = ServiceTime.exponential(mean: 5_000_000)
    /// The share of all servers' steady capacity that is asked for.
    package var load = 0.7
    /// How many proxies send to the servers, none of which knows of the others.
    package var proxies = 2
    /// How many requests there are; those of the first tenth are not counted.
    package var requests = 200_000
    /// How long a failure takes, in nanoseconds.
    package var failureTime: UInt64 = 200_000

    package init(_ name: String, _ words: String, _ servers: [ServerPlan]) {
        self.name = name
        self.words = words
        self.servers = servers
    }

    /// Requests per nanosecond. Servers that wait rather than work are taken to have one worker.
    package var rate: Double {
        servers.reduce(0) { $0 + Double(min($1.workers, 64)) / $1.slowness } / service.mean * load
    }
}
