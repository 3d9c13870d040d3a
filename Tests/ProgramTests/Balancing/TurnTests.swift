// balance: round-robin, random and first.
import MartletTestSupport
import Testing

@Suite(.timeLimit(.minutes(20))) struct TurnTests {
    private static func weighted(_ fleet: Fleet, _ weights: [Int]) -> [String] {
        zip(fleet.addresses, weights).map { Configs.server($0, "weight: \($1)") }
    }

    @Test func roundRobinKeepsToWeightsExactly() throws {
        let fleet = try Fleet(3)
        let config = Configs.balanced(Self.weighted(fleet, [1, 2, 3]), ["balance: round-robin"])
        try withBalanced(config) { martlet in
            let client = try martlet.connect()
            let order = try (0..<60).map { _ in try client.exchange("GET /").text }
            // Within each turn, too: nobody gets all of its share at once.
            for start in stride(from: 0, to: 60, by: 6) {
                #expect(order[start..<start + 6].sorted() == ["0", "1", "1", "2", "2", "2"])
            }
        }
    }

    @Test func roundRobinWithoutWeightsTakesTurns() throws {
        let fleet = try Fleet(3)
        try withBalanced(Configs.balanced(fleet.addresses, ["balance: round-robin"])) { martlet in
            let order = try (0..<12).map { _ in try martlet.request("GET /").text }
            #expect(Array(order[0..<9]) == Array(order[3..<12]))
            #expect(Set(order[0..<3]).count == 3)
        }
    }

    @Test func randomKeepsToWeightsRoughly() throws {
        let fleet = try Fleet(3)
        let config = Configs.balanced(Self.weighted(fleet, [1, 1, 2]), ["balance: random"])
        try withBalanced(config) { martlet in
            let tally = try martlet.tally(400)
            // More than six standard deviations around 100, 100 and 200.
            #expect((40...160).contains(tally["0"] ?? 0) && (40...160).contains(tally["1"] ?? 0), "\(tally)")
            #expect((135...265).contains(tally["2"] ?? 0), "\(tally)")
        }
    }

    @Test func randomIsNotInTurns() throws {
        let fleet = try Fleet(2)
        try withBalanced(Configs.balanced(fleet.addresses, ["balance: random"])) { martlet in
            let client = try martlet.connect()
            let order = try (0..<64).map { _ in try client.exchange("GET /").text }
            #expect(zip(order, order.dropFirst()).contains { $0 == $1 })
        }
    }

    @Test func firstFillsOneServerBeforeTheNext() throws {
        let fleet = try Fleet(3)
        let servers = fleet.addresses.map { Configs.server($0, "maxInFlight: 2") }
        try withBalanced(Configs.balanced(servers, ["balance: first"])) { martlet in
            #expect(try martlet.tally(10) == ["0": 10])
            let clients = try fleet.hold(5, at: martlet)
            #expect(fleet.active == [2, 2, 1])
            fleet.release()
            for client in clients { #expect(try client.readResponse().status == 200) }
            #expect(try martlet.tally(10) == ["0": 10])
        }
    }
}
