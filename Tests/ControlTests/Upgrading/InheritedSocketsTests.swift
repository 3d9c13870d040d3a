import Glibc
import MartletEventLoop
import MartletProxy
import MartletTestSupport
import Testing

@testable import MartletControl

/// Which socket is for which listener, and which loop accepts on it.
@Suite struct InheritedSocketsTests {
    private static let any = SocketAddress.loopback(port: 0)

    private func listener(_ name: String, _ address: SocketAddress = any, isAdmin: Bool = false) -> ListenerModel {
        ListenerModel(name: name, address: address, isAdmin: isAdmin)
    }

    /// Sockets that listen on one port, as loops have them.
    private func sockets(_ count: Int, port: UInt16 = 0) throws -> (port: UInt16, descriptors: [Int32]) {
        let sockets = try ListenerSockets([listener("x", .loopback(port: port))], loops: count)
        let port = sockets.addresses[0].port
        return (port, sockets.take().descriptors.compactMap { $0[0] })
    }

    private func entry(
        _ name: String, _ descriptor: Int32, at address: SocketAddress = any, configured: String? = nil
    ) -> InheritedSockets.Entry {
        InheritedSockets.Entry(
            descriptor: descriptor, name: name, configured: configured, address: address, isForeign: configured == nil)
    }

    /// The loops on which each socket is, by the listeners' places.
    private func spread(_ sockets: borrowing ListenerSockets) -> [[Int]] {
        sockets.held.map { $0.map(\.place).sorted() }
    }

    @Test func noQueueIsOrphanedAndNoLoopIdle() throws {
        for (count, loops, expected) in [
            (2, 2, [[0], [0]]), (3, 2, [[0, 0], [0]]), (1, 3, [[0], [0], [0]]), (4, 1, [[0, 0, 0, 0]]),
        ] {
            let (port, descriptors) = try sockets(count)
            let here = SocketAddress.loopback(port: port)
            let inherited = InheritedSockets(
                descriptors.map { entry("web", $0, at: here, configured: "127.0.0.1:0") }, from: .predecessor)
            let opened = try ListenerSockets([listener("web")], loops: loops, inherited: inherited)
            #expect(spread(opened) == expected)
            #expect(opened.addresses == [here])
            #expect(opened.descriptors == Array(repeating: [nil], count: loops))
            let held = opened.held.joined().map(\.descriptor)
            #expect(Set(held).count == held.count && Set(held).isSuperset(of: descriptors))
        }
    }

    @Test func theAdminListenerStaysOnTheFirstLoop() throws {
        let (port, descriptors) = try sockets(1)
        let inherited = InheritedSockets(
            [entry("admin", descriptors[0], at: .loopback(port: port), configured: "127.0.0.1:0")], from: .predecessor)
        let opened = try ListenerSockets(
            [listener("web", SocketAddress(anyPort: 0)), listener("admin", isAdmin: true)], loops: 2,
            inherited: inherited)
        #expect(spread(opened) == [[1], []])
        #expect(opened.descriptors.map { $0.map { $0 == nil } } == [[false, true], [false, true]])
    }

    /// Two listeners on port 0 are told apart by their names; a name may change.
    @Test func aPredecessorsSocketsAreFoundByNameAndAddress() {
        let entries = [
            entry("a", 10, configured: "127.0.0.1:0"), entry("b", 11, configured: "127.0.0.1:0"),
            entry("b", 12, configured: "127.0.0.1:0"), entry("old", 13, configured: ":80"),
        ]
        let inherited = InheritedSockets(entries, from: .predecessor)
        #expect(inherited.claim(listener("b"))?.descriptors == [11, 12])
        #expect(inherited.claim(listener("new", SocketAddress(anyPort: 80)))?.descriptors == [13])
        #expect(inherited.claim(listener("b", .loopback(port: 1)))?.descriptors == nil)
        #expect(inherited.claim(listener("a"))?.descriptors == [10])
        #expect(inherited.claim(listener("a"))?.descriptors == nil)
    }

    @Test func systemdsSocketsAreFoundByNameOrAddress() {
        let port = SocketAddress.loopback(port: 8080)
        let inherited = InheritedSockets(
            [entry("web", 10, at: .loopback(port: 1)), entry("martlet.socket", 11, at: port)], from: .activation)
        #expect(inherited.claim(listener("web"))?.address == .loopback(port: 1))
        #expect(inherited.claim(listener("other", port))?.descriptors == [11])
    }

    @Test func aSocketThatNoListenerHasIsAnErrorInWords() throws {
        let (port, descriptors) = try sockets(1)
        let here = SocketAddress.loopback(port: port)
        let inherited = InheritedSockets([entry("extra", descriptors[0], at: here)], from: .activation)
        do throws(StartError) {
            _ = try ListenerSockets([listener("web")], loops: 1, inherited: inherited)
            Issue.record("it was taken")
        } catch {
            let text = error.description
            #expect(
                text.contains("127.0.0.1:\(port), called 'extra',") && text.contains("the config has 127.0.0.1:0 (web)")
            )
        }
        // It is closed, so that nobody waits for an answer.
        #expect(throws: (any Error).self) { try TestSocket(port: port) }
    }

    @Test func aListenerThatIsGoneIsLeft() throws {
        let (port, descriptors) = try sockets(1)
        let inherited = InheritedSockets(
            [entry("old", descriptors[0], at: .loopback(port: port), configured: ":1")], from: .predecessor)
        _ = try ListenerSockets([listener("web")], loops: 1, inherited: inherited)
        #expect(throws: (any Error).self) { try TestSocket(port: port) }
    }

    @Test func filesOfSocketsBelongToOneProcess() {
        let path = SocketAddress(path: "/s")
        let systemds = InheritedSockets([entry("web", -1, at: path)], from: .activation)
        #expect(!systemds.owns(path: "/s") && systemds.isForeign(path: "/s") && systemds.owns(path: "/other"))
        systemds.takeOver()
        #expect(!systemds.owns(path: "/s"))
        let followed = InheritedSockets([entry("web", -1, at: path, configured: "unix:/s")], from: .predecessor)
        #expect(!followed.owns(path: "/s") && !followed.isForeign(path: "/s"))
        followed.takeOver()
        #expect(followed.owns(path: "/s"))
        followed.share(paths: ["/s"])
        #expect(!followed.owns(path: "/s") && !followed.isForeign(path: "/s"))
    }

    @Test func whatCannotBeConnectedToIsRefused() throws {
        let deaf = Descriptor(socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0))
        #expect(throws: SystemError(EINVAL)) { try Listening.adopt(deaf.number) }
        #expect(throws: SystemError(EBADF)) { try Listening.adopt(9999) }
    }
}
