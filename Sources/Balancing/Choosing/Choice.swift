// A question and its answer.

/// The servers that an exchange has tried: another one comes first.
package struct TriedServers: BitwiseCopyable {
    private var last: InlineArray<4, UInt32> = [.max, .max, .max, .max]
    private var next: UInt8 = 0

    package init() {}

    /// Notes a server; the one noted longest ago is forgotten when there is no room.
    package mutating func insert(_ server: Int) {
        if contains(server) { return }
        last[Int(next & 3)] = UInt32(server)
        next &+= 1
    }

    @inlinable package var isEmpty: Bool { count == 0 }
    /// How many servers have been noted.
    package var count: Int { Int(next) }

    /// How many of those noted are still of interest; once some are forgotten, all that have been noted.
    package func count(where isOfInterest: (Int) -> Bool) -> Int {
        if next > 4 { return count }
        var result = 0
        for index in 0..<Int(next) where isOfInterest(Int(last[index])) { result += 1 }
        return result
    }

    package func contains(_ server: Int) -> Bool {
        if next == 0 { return false }
        for index in 0..<4 where last[index] == UInt32(server) { return true }
        return false
    }
}

/// What is asked when a server is to be chosen.
package struct Question: BitwiseCopyable {
    /// Monotonic nanoseconds.
    package var now: UInt64
    /// The request's key, for `hash`.
    package var key: UInt64 = 0
    /// Who has been tried. One of them is chosen again only if there is no other.
    package var tried = TriedServers()

    package init(now: UInt64) { self.now = now }
}

/// Who is chosen.
package enum Choice: Equatable, BitwiseCopyable, Sendable {
    /// This one, as an index of the model.
    case server(Int)
    /// There are servers, and all of them have as many exchanges as they may have.
    case saturated
    /// There is nobody to ask.
    case nobody
}
