import Testing

@testable import MartletBalancing

@Suite struct HashChoiceTests {
    private func server(_ scene: inout Scene, key: UInt64) -> Int? {
        scene.question.key = key
        if case .server(let server) = scene.chooser.choose(scene.question, scene.loads) { return server }
        return nil
    }

    @Test(arguments: [UInt32(0), 125])
    func aKeyStaysWithItsServer(bound: UInt32) {
        var first = Scene(.hash(bound: bound), servers: 20, seed: 1)
        var second = Scene(.hash(bound: bound), servers: 20, seed: 2)
        for key in 0..<UInt64(500) {
            let server = server(&first, key: key)
            #expect(server == self.server(&second, key: key))
            #expect(server == self.server(&first, key: key))
        }
    }

    @Test(arguments: [2, 8, 50, 300], [UInt32(110), 125, 200])
    func theBoundHolds(servers: Int, bound: UInt32) {
        var scene = Scene(.hash(bound: bound), servers: servers)
        // A few keys only, so that their servers are wanted by many.
        for index in 0..<(servers * 10) {
            guard let server = server(&scene, key: UInt64(index % 5)) else {
                Issue.record("there is room")
                return
            }
            _ = scene.loads.begin(server)
            let part = Double(index + 1) / Double(servers) * Double(bound) / 100
            // What is known of thousands of servers is a little old.
            let most = max(part.rounded(.up), 2) + (servers > 8 ? 1 : 0)
            #expect(Double(scene.loads.inFlight(server)) <= most)
        }
    }

    /// With little to do a part is less than one exchange: a key stays at its server all the same.
    @Test func twoRequestsThatMeetStayTogether() {
        var scene = Scene(.hash(bound: 125), servers: 50)
        let home = server(&scene, key: 3) ?? 0
        _ = scene.loads.begin(home)
        #expect(server(&scene, key: 3) == home)
        _ = scene.loads.begin(home)
        #expect(server(&scene, key: 3) != home)
    }

    @Test func withoutABoundAKeyMayFloodItsServer() {
        var scene = Scene(.hash(bound: 0), servers: 8)
        let home = server(&scene, key: 5)
        for _ in 0..<500 { _ = scene.loads.begin(home ?? 0) }
        #expect(server(&scene, key: 5) == home)
    }

    @Test func theBoundGoesByWeight() {
        var scene = Scene(
            .hash(bound: 125), [256, 1_024].enumerated().map { Candidate(server: UInt32($0), weight: $1) })
        for _ in 0..<500 { _ = scene.begin() }
        #expect(scene.loads.inFlight(0) <= 126)
        #expect(scene.loads.inFlight(0) >= 75)
    }

    @Test func whatIsTooMuchAlwaysGoesToTheSameNext() {
        var scene = Scene(.hash(bound: 125), servers: 10)
        let home = server(&scene, key: 77) ?? 0
        for _ in 0..<10 { _ = scene.loads.begin(home) }
        let next = server(&scene, key: 77)
        #expect(next != home)
        for _ in 0..<20 { #expect(server(&scene, key: 77) == next) }
        for _ in 0..<10 { scene.loads.end(home) }
        #expect(server(&scene, key: 77) == home)
    }
}
