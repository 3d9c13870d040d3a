import Testing

@testable import MartletBalancing

@Suite struct FirstTests {
    @Test func oneIsFilledBeforeTheNext() {
        var scene = Scene(.first, servers: 3, limit: 2)
        #expect((0..<7).map { _ in scene.begin() } == [0, 0, 1, 1, 2, 2].map { .server($0) } + [.saturated])
        scene.loads.end(1)
        #expect(scene.choose() == .server(1))
    }
}
