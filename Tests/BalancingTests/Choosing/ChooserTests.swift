import Testing

@testable import MartletBalancing

/// What holds whatever the policy.
@Suite struct ChooserTests {
    @Test(arguments: allPolicies)
    func nobodyIsThere(kind: PolicyKind) {
        var scene = Scene(kind, servers: 0)
        #expect(scene.choose() == .nobody)
    }

    @Test(arguments: allPolicies, [1, 2, 8, 9, 40])
    func aServerThatWasTriedComesLast(kind: PolicyKind, servers: Int) {
        var scene = Scene(kind, servers: servers)
        let tried = Set(0..<min(servers - 1, 3))
        for server in tried { scene.question.tried.insert(server) }
        #expect(scene.chosen(of: 500).isDisjoint(with: tried))
        if servers > 4 { return }
        scene.question.tried.insert(servers - 1)
        #expect(!scene.chosen(of: 50).isEmpty)
    }

    @Test(arguments: allPolicies, [1, 2, 8, 9, 40])
    func fullServersArePassedOver(kind: PolicyKind, servers: Int) {
        var scene = Scene(kind, servers: servers, limit: 2)
        var counts = [Int](repeating: 0, count: servers)
        for _ in 0..<(2 * servers) {
            guard case .server(let server) = scene.begin() else {
                Issue.record("one has room")
                return
            }
            counts[server] += 1
        }
        #expect(counts == [Int](repeating: 2, count: servers))
        #expect(scene.choose() == .saturated)
        scene.loads.end(servers / 2)
        #expect(scene.choose() == .server(servers / 2))
    }

    @Test(arguments: allPolicies, [2, 8, 9, 40])
    func aServerThatAskedToBeLeftAloneComesAfterTheOthers(kind: PolicyKind, servers: Int) {
        var scene = Scene(kind, servers: servers)
        let now = scene.question.now
        for server in 0..<(servers - 1) { scene.loads.avoid(server, until: now + 1) }
        #expect(scene.chosen(of: 200) == [servers - 1])
        // Better one of them than one that has been tried.
        scene.question.tried.insert(servers - 1)
        #expect(!scene.chosen(of: 200).contains(servers - 1))
        scene.loads.avoid(servers - 1, until: now + 1)
        #expect(!scene.chosen(of: 200).contains(servers - 1))
        // The time is over.
        scene.question = Question(now: now + 1)
        #expect(scene.chosen(of: 1_000).count == (kind == .first ? 1 : servers))
    }

    @Test(arguments: allPolicies)
    func otherServersCome(kind: PolicyKind) {
        var scene = Scene(kind, servers: 20)
        _ = scene.chosen(of: 100)
        for members in [[3, 5, 7], [19], Array(0..<20), [], [4, 5]] {
            scene.chooser.update(Roster(members.map { Candidate(server: UInt32($0)) }, for: kind))
            let chosen = scene.chosen(of: 1_000)
            #expect(chosen == (kind == .first ? Set(members.prefix(1)) : Set(members)))
        }
    }

    @Test(arguments: allPolicies)
    func loopsDoNotMarchInStep(kind: PolicyKind) {
        if kind == .first || kind.usesKeys { return }
        let firsts = (0..<UInt64(64)).map { seed in
            var scene = Scene(kind, servers: 8, seed: seed)
            return scene.choose()
        }
        let counts = (0..<8).map { server in firsts.count { $0 == .server(server) } }
        #expect(counts.allSatisfy { $0 > 0 })
    }

    /// Shares by weight when nothing tells servers apart.
    @Test(
        arguments: allPolicies.filter { $0 != .first },
        [[256, 256, 256], [256, 768], [2_560, 256, 1_280], [26] + [UInt32](repeating: 256, count: 7)])
    func sharesFollowWeights(kind: PolicyKind, weights: [UInt32]) {
        var scene = Scene(kind, weights.indices.map { Candidate(server: UInt32($0), weight: weights[$0]) })
        let choices = 8_000
        let total = Double(weights.reduce(0, +))
        let counts = scene.counts(of: choices)
        for (count, weight) in zip(counts, weights) {
            let share = Double(weight) / total
            let slack = kind == .random || kind.usesKeys ? 0.03 : 0.003
            #expect(abs(Double(count) / Double(choices) - share) < slack, "\(counts) for \(weights)")
        }
    }

    @Test(arguments: [PolicyKind.leastBusy, .leastRequest, .roundRobin, .random, .hash(bound: 125)])
    func thousandsOfServersCostWhatTenCost(kind: PolicyKind) {
        func looks(_ servers: Int, limit: UInt32 = .max) -> Int {
            var scene = Scene(kind, servers: servers, limit: limit)
            _ = scene.counts(of: 200)
            return scene.chooser.looks
        }
        #expect(looks(10_000) <= 2 * looks(10))
        // All full: still bounded.
        #expect(looks(10_000, limit: 0) <= 200 * 350)
    }

    @Test(arguments: allPolicies)
    func theOneWithRoomAmongThousandsIsFound(kind: PolicyKind) {
        var members = (0..<5_000).map { Candidate(server: UInt32($0), limit: 0) }
        members[3_210] = Candidate(server: 3_210, limit: 1)
        var scene = Scene(kind, members)
        #expect(scene.chosen(of: 25) == [3_210])
    }
}
