// The best of servers that are compared by a cost.

/// The best so far: by suitability, then by cost, then whoever is least ahead of its share.
struct Ranked: BitwiseCopyable {
    private(set) var found = Find()
    private var cost = Double.infinity
    private var ahead = Double.infinity

    mutating func compare(_ place: Int, _ suitability: Suitability, cost: Double, ahead: Double) {
        if suitability > found.suitability || suitability == .full { return }
        if suitability == found.suitability {
            if cost > self.cost { return }
            if cost == self.cost && ahead >= self.ahead { return }
        }
        found = Find(place, suitability)
        self.cost = cost
        self.ahead = ahead
    }

    /// Exchanges in flight for a server's weight. A light server that is ahead of its share counts as if it had more: it
    /// would get an exchange whenever it is idle otherwise, which is much for one that begins slowly.
    static func queue(_ inFlight: Int, price: Double, ahead: Double) -> Double {
        let queue = Double(inFlight) * price
        return price <= 1 ? queue : queue + max(0, min(ahead, price) - 1)
    }
}
