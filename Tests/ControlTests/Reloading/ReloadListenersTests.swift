import Foundation
import MartletEventLoop
import MartletProxy
import MartletProxyConfig
import MartletTLS
import MartletTestSupport
import Testing

@testable import MartletControl

/// Listeners of other configs: TLS that stays, and how clients of one that goes are told.
@Suite(.timeLimit(.minutes(20)), .oneAtATime) struct ReloadListenersTests {
    private static let plain = "{address: '127.0.0.1:0'}"

    private static func config(_ listeners: [String], _ status: Int) -> String {
        "listeners: [\(listeners.joined(separator: ", "))]\nroutes: [{respond: {status: \(status)}}]\n"
    }

    private static func secure(_ leaf: TestCertificates.Leaf) -> String {
        "{address: '127.0.0.1:0', tls: {certificates: [{certificate: '\(leaf.chain)', key: '\(leaf.key)'}]}}"
    }

    @Test func securityThatHasNotChangedIsTheSame() async throws {
        let authority = try TestCertificates()
        let listener = Self.secure(try authority.leaf(["a.test"]))
        let proxy = try ReloadedProxy(Self.config([listener], 201))
        let before = proxy.server.operation.now
        let (client, process) = try TestSocket.secure(to: proxy.server.addresses[0].port)
        #expect(try client.get().status == 201)
        try await proxy.reload(Self.config([listener, Self.plain], 202))
        let after = proxy.server.operation.now
        #expect(after.model.listeners[0].tls?.context === before.model.listeners[0].tls?.context)
        #expect(after.certificates === before.certificates)
        #expect(try client.get().status == 202, "the connection takes the new route")
        let other = Self.secure(try authority.leaf(["b.test"]))
        try await proxy.reload(Self.config([other, Self.plain], 203))
        let last = proxy.server.operation.now
        #expect(last.model.listeners[0].tls?.context !== before.model.listeners[0].tls?.context)
        #expect(last.certificates !== before.certificates)
        let (newcomer, second) = try TestSocket.secure(to: proxy.server.addresses[0].port)
        #expect(try newcomer.get().status == 203)
        #expect(try client.get().status == 203, "who has come before stays")
        for process in [process, second] { process.signal(SIGKILL) }
        await proxy.end()
    }

    @Test func filesOfTLSThatCannotBeReadChangeNothing() async throws {
        let leaf = try TestCertificates().leaf(["a.test"])
        let proxy = try ReloadedProxy(Self.config([Self.plain], 201))
        let broken = Self.secure(leaf).replacing(leaf.key, with: "/nowhere/a.key")
        let result = await proxy.server.reload(try ReloadedProxy.parse(Self.config([Self.plain, broken], 202)))
        guard case .failure(.file(let keyPath, _)) = result else { throw TestFailure("\(result)") }
        #expect(keyPath.hasPrefix("listeners[1].tls.certificates[0]."))
        #expect(try proxy.get().status == 201)
        await proxy.end()
    }

    @Test func clientsOfHTTP2AreToldToGo() async throws {
        let proxy = try ReloadedProxy(
            Self.config([Self.plain, "{address: '127.0.0.1:0', name: two}"], 201), workers: 1)
        let client = try proxy.connect(1)
        try client.send(Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8) + [0, 0, 0, 4, 0, 0, 0, 0, 0])
        // The first that comes is the beginning of its SETTINGS: it knows the client.
        _ = try client.receive(exactly: 1)
        try await proxy.reload(Self.config([Self.plain], 202))
        let rest = try client.receiveUntilEnd()
        // A GOAWAY without an error, on the connection: its type behind the length, then no flags, no stream.
        #expect(String(decoding: rest, as: UTF8.self).contains("\u{7}\0\0\0\0\0"))
        #expect(try proxy.get().status == 202)
        await proxy.end()
    }

    @Test func thePathOfASocketGoesWithIt() async throws {
        let folder = try TestFolder()
        let path = folder.path + "/socket"
        let proxy = try ReloadedProxy(Self.config([Self.plain], 201))
        try await proxy.reload(Self.config([Self.plain, "{address: 'unix:\(path)'}"], 202))
        #expect(FileManager.default.fileExists(atPath: path))
        try await proxy.reload(Self.config([Self.plain], 203))
        #expect(!FileManager.default.fileExists(atPath: path))
        await proxy.end()
    }
}
