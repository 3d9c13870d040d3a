@testable import MartletBalancing

/// All ways to choose.
let allPolicies: [PolicyKind] = [
    .leastBusy, .leastRequest, .roundRobin, .random, .first, .hash(bound: 0), .hash(bound: 125),
]

/// An upstream with servers 0, 1, …, and whoever chooses among them.
struct Scene {
    let kind: PolicyKind
    let loads: ServerLoads
    var chooser: Chooser
    var question = Question(now: 1_000_000_000)
    private var chance = Chance(seed: 99)

    init(_ kind: PolicyKind, _ members: [Candidate], seed: UInt64 = 7) {
        self.kind = kind
        loads = ServerLoads(servers: (members.map { Int($0.server) }.max() ?? -1) + 1)
        chooser = Chooser(kind, Roster(members, for: kind), seed: seed)
    }

    init(_ kind: PolicyKind, servers: Int, limit: UInt32 = .max, seed: UInt64 = 7) {
        self.init(kind, (0..<servers).map { Candidate(server: UInt32($0), limit: limit) }, seed: seed)
    }

    /// Chooses for a request with a key of its own.
    mutating func choose() -> Choice {
        question.key = chance.next()
        return chooser.choose(question, loads)
    }

    /// Chooses, and leaves the exchange with the server.
    mutating func begin() -> Choice {
        let choice = choose()
        if case .server(let server) = choice { _ = loads.begin(server) }
        return choice
    }

    /// How often each server is chosen when nothing is in flight.
    mutating func counts(of choices: Int) -> [Int] {
        var counts = [Int](repeating: 0, count: loads.servers)
        for _ in 0..<choices {
            if case .server(let server) = choose() { counts[server] += 1 }
        }
        return counts
    }

    /// The servers chosen.
    mutating func chosen(of choices: Int) -> Set<Int> {
        let counts = counts(of: choices)
        return Set(counts.indices.filter { counts[$0] > 0 })
    }
}

/// A coefficient of variation: the standard deviation over the mean.
func variation(_ counts: [Int]) -> Double {
    let mean = Double(counts.reduce(0, +)) / Double(counts.count)
    let squares = counts.reduce(0) { $0 + (Double($1) - mean) * (Double($1) - mean) }
    return (squares / Double(counts.count)).squareRoot() / mean
}
