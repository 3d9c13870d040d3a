import Foundation
import MartletEventLoop
import MartletProxy
import MartletTestSupport
import Testing

@testable import MartletControl

@Suite struct ListenerSocketsTests {
    private func tcp(_ port: UInt16, isAdmin: Bool = false) -> ListenerModel {
        ListenerModel(name: "web", address: .loopback(port: port), isAdmin: isAdmin)
    }

    private func unix(_ path: String) -> ListenerModel {
        ListenerModel(name: "web", address: SocketAddress(path: path))
    }

    /// Whether they can be opened; they are closed again at once.
    private func opens(_ listeners: [ListenerModel], loops: Int = 1) -> Result<Void, StartError> {
        do throws(StartError) {
            _ = try ListenerSockets(listeners, loops: loops)
            return .success(())
        } catch {
            return .failure(error)
        }
    }

    private func refusal(_ result: Result<Void, StartError>) -> StartError? {
        if case .failure(let error) = result { error } else { nil }
    }

    @Test func portZeroBecomesOnePortForAllLoops() throws {
        let sockets = try ListenerSockets([tcp(0), tcp(0)], loops: 3)
        let ports = sockets.addresses.map(\.port)
        #expect(ports.count == 2 && !ports.contains(0) && ports[0] != ports[1])
        for descriptors in sockets.descriptors {
            #expect(try descriptors.map { try Listening.port(of: try #require($0)) } == ports)
        }
        #expect(Set(sockets.descriptors.joined()).count == 6)
        _ = try TestSocket(port: ports[0])
    }

    @Test func theAdminListenerIsOnTheFirstLoopAlone() throws {
        let sockets = try ListenerSockets([tcp(0), tcp(0, isAdmin: true)], loops: 2)
        let isOpen = sockets.descriptors.map { $0.map { $0 != nil } }
        #expect(isOpen == [[true, true], [true, false]])
    }

    /// Although the sockets of the loops share their port with each other.
    @Test func anAddressThatIsTakenIsAnError() throws {
        let first = try ListenerSockets([tcp(0)], loops: 2)
        let port = first.addresses[0].port
        let label = "127.0.0.1:\(port) (web)"
        #expect(refusal(opens([tcp(port)])) == .listening(address: label, .addressInUse))
        withExtendedLifetime(first) {}
        let other = try ScriptedServer { _, _ in }
        #expect(refusal(opens([tcp(other.port)])) != nil)
    }

    @Test func allAddressesTakenByOneIsAnError() throws {
        let first = try ListenerSockets([tcp(0)], loops: 1)
        let any = ListenerModel(name: ":1", address: SocketAddress(anyPort: first.addresses[0].port))
        #expect(refusal(opens([any])) != nil)
        withExtendedLifetime(first) {}
    }

    /// Where all is closed, so is it every time. Once it may seem not to be: a child process of another test holds everything for a
    /// moment, until it becomes another program, and another test may get the port.
    @Test func whatWasOpenedIsClosedAgain() throws {
        var refusals: [StartError] = []
        for _ in 1...5 {
            let port = try ListenerSockets([tcp(0)], loops: 2).addresses[0].port
            let first = refusal(opens([tcp(port)], loops: 2))
            // Also when a later listener cannot be had.
            let taken = try ScriptedServer { _, _ in }
            #expect(refusal(opens([tcp(port), tcp(taken.port)], loops: 2)) != nil)
            guard let refusal = first ?? refusal(opens([tcp(port)])) else { return }
            refusals.append(refusal)
        }
        Issue.record("\(refusals)")
    }

    @Test func whatWasTakenStaysOpen() throws {
        let sockets = try ListenerSockets([tcp(0)], loops: 1)
        let port = sockets.addresses[0].port
        let owner = Descriptor(try #require(sockets.take().descriptors[0][0]))
        #expect(refusal(opens([tcp(port)])) != nil)
        owner.close()
        #expect(refusal(opens([tcp(port)])) == nil)
    }

    @Test func anAddressOfAnotherHostIsAnError() {
        let address = SocketAddress(high: 0, low: 0xffff_c000_0201, port: 0)
        let error = refusal(opens([ListenerModel(name: "192.0.2.1:0", address: address)]))
        #expect(error == .listening(address: "192.0.2.1:0", .addressNotAvailable))
    }

    @Test func aPathIsSharedByTheLoops() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("s")
        let sockets = try ListenerSockets([unix(path)], loops: 3)
        #expect(sockets.addresses == [SocketAddress(path: path)])
        #expect(Set(sockets.descriptors.joined()).count == 3)
        _ = try TestSocket(path: path)
        #expect(refusal(opens([unix(path)])) == .listening(address: "unix:\(path) (web)", .addressInUse))
    }

    @Test func aPathThatAKilledProcessLeftIsTakenOver() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("s")
        // Closing does not remove the path.
        #expect(refusal(opens([unix(path)])) == nil)
        #expect(FileManager.default.fileExists(atPath: path))
        #expect(refusal(opens([unix(path)], loops: 2)) == nil)
    }

    @Test func aFileThatIsNoSocketIsNotTakenOver() throws {
        let folder = try TemporaryFolder()
        try folder.write("precious", to: "s")
        #expect(refusal(opens([unix(folder.path("s"))])) != nil)
        #expect(folder.read("s") == "precious")
    }
}
