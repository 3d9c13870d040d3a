import MartletEventLoop
import Testing

@testable import MartletProxy

@Suite struct ServerStateTests {
    private func addresses(_ ports: [UInt16]) -> [SocketAddress] { ports.map { .loopback(port: $0) } }

    private func state(_ ports: [UInt16]) -> ServerState {
        ServerState(ServerModel(name: "app.test:80", addresses: addresses(ports)), inFlightLimit: .max)
    }

    @Test func takesTheAddressesInTurn() {
        var state = state([1, 2, 3])
        let ports = (0..<6).compactMap { _ in state.nextAddress()?.port }
        #expect(Set(ports.prefix(3)) == [1, 2, 3])
        #expect(ports.prefix(3) == ports.suffix(3))
    }

    @Test func hasNoneBeforeTheNameIsResolved() {
        var state = state([])
        #expect(state.nextAddress() == nil)
        let hasLost = state.resolve(to: addresses([7]))
        #expect(!hasLost && state.epoch == 0)
        #expect(state.nextAddress() == .loopback(port: 7))
    }

    /// Old connections count as long as every old address is still one.
    @Test(
        arguments: [
            ([1, 2], false), ([2, 1], false), ([1, 2, 3], false), ([1, 1, 2], false), ([1], true), ([1, 3], true),
            ([3, 4, 5], true),
            ([], true),
        ] as [([UInt16], Bool)])
    func knowsWhetherAnAddressWasLost(ports: [UInt16], isLost: Bool) {
        var state = state([1, 2])
        let hasLost = state.resolve(to: addresses(ports))
        #expect(hasLost == isLost)
        #expect(state.epoch == (isLost ? 1 : 0))
        #expect(state.addresses == addresses(ports))
    }

    @Test func everyLossIsAnotherEpoch() {
        var state = state([1])
        for port in 2...10 { _ = state.resolve(to: addresses([UInt16(port)])) }
        #expect(state.epoch == 9)
    }

    @Test func theTurnFitsFewerAddresses() {
        var state = state([1, 2, 3, 4, 5])
        for _ in 0..<4 { _ = state.nextAddress() }
        _ = state.resolve(to: addresses([8, 9]))
        let ports = (0..<4).compactMap { _ in state.nextAddress()?.port }
        #expect(Set(ports.prefix(2)) == [8, 9] && ports.prefix(2) == ports.suffix(2))
    }

    @Test func theHostIsWhatTheUserWrote() {
        #expect(state([1]).host == "app.test:80")
        let local = ServerModel(name: "unix:/run/app.sock", addresses: [SocketAddress(path: "/run/app.sock")])
        #expect(ServerState(local, inFlightLimit: .max).host == "localhost")
    }
}
