import Testing

@testable import MartletBalancing

@Suite struct RoundRobinTests {
    private func servers(_ scene: inout Scene, _ choices: Int) -> [Int] {
        (0..<choices).map { _ in
            if case .server(let server) = scene.choose() { server } else { -1 }
        }
    }

    @Test(arguments: 1...7)
    func everyServerHasItsTurn(servers: Int) {
        var scene = Scene(.roundRobin, servers: servers)
        for _ in 0..<5 { #expect(Set(self.servers(&scene, servers)).count == servers) }
    }

    /// Never twice in a row unless the weight says so, as with nginx.
    @Test func turnsByWeightAreSpread() {
        var scene = Scene(.roundRobin, [5, 1, 1].enumerated().map { Candidate(server: UInt32($0), weight: $1 * 256) })
        let sequence = servers(&scene, 700)
        #expect(sequence.count { $0 == 0 } == 500)
        #expect(zip(sequence, sequence.dropFirst()).count { $0 == $1 && $0 != 0 } == 0)
        // The light ones are not next to each other more than by accident of the start.
        for start in stride(from: 0, to: 693, by: 7) {
            #expect(Set(sequence[start..<(start + 7)]).count == 3)
        }
    }

    @Test func turnsGoOnWhenServersComeAndGo() {
        var scene = Scene(.roundRobin, servers: 4)
        _ = servers(&scene, 10)
        scene.chooser.update(Roster((1..<4).map { Candidate(server: UInt32($0)) }, for: .roundRobin))
        #expect(Set(servers(&scene, 3)) == [1, 2, 3])
        scene.chooser.update(Roster((0..<4).map { Candidate(server: UInt32($0)) }, for: .roundRobin))
        // The new one is neither served first for all it has missed nor kept waiting.
        let next = servers(&scene, 8)
        #expect((1...3).contains(next.count { $0 == 0 }))
    }

    @Test func aRepeatedTryGetsAnotherServer() {
        var scene = Scene(.roundRobin, servers: 3)
        for _ in 0..<20 {
            guard case .server(let first) = scene.choose() else { return }
            scene.question.tried.insert(first)
            #expect(scene.choose() != .server(first))
            scene.question = Question(now: scene.question.now)
        }
    }
}
