// TLS that is relayed without being decrypted, by the name that the client wants.
import MartletTelemetry
import MartletTestSupport
import Testing

@testable import MartletProxy

@Suite struct TunnelNameTests {
    private static let alert: [UInt8] = [0x15, 3, 1, 0, 2, 2, 0x70]

    /// What comes back for what is sent.
    private func answer(_ proxy: TestProxy, _ bytes: [UInt8]...) throws -> String {
        let client = try proxy.connect()
        for piece in bytes { try client.send(piece) }
        client.shutdownSend()
        let all = try client.receiveUntilEnd()
        client.close()
        return String(decoding: all.prefix(2), as: UTF8.self)
            + (all.dropFirst(2).elementsEqual(bytes.joined()) ? "" : "?")
    }

    private func servers() throws -> [ScriptedServer] { try ["0:", "1:", "2:"].map { try .collecting($0) } }

    private func setup(_ servers: [ScriptedServer], otherwise: Int? = nil) throws -> ProxySetup {
        try ProxySetup(servers[0]).with { $0.others = servers[1...].map { ServerModel($0) } }
            .relaying(byName: [("a.test", 1), ("*.test", 2)], otherwise: otherwise)
    }

    @Test func theNameDecides() throws {
        let servers = try servers()
        let proxy = try TestProxy(try setup(servers, otherwise: 0))
        #expect(try answer(proxy, Hello.bytes("A.test")) == "1:")
        #expect(try answer(proxy, Hello.bytes("b.test")) == "2:")
        #expect(try answer(proxy, Hello.bytes("x.a.test")) == "2:")
        #expect(try answer(proxy, Hello.bytes("test")) == "0:")
        #expect(try answer(proxy, Hello.bytes("a.test.example")) == "0:")
        #expect(try answer(proxy, Hello.bytes(nil)) == "0:")
        #expect(try answer(proxy, Array("not TLS".utf8)) == "0:")
        #expect(try answer(proxy, Hello.bytes("a.test"), Array("and more".utf8)) == "1:")
        let lines = try proxy.end(servers, #_sourceLocation)
        #expect(
            lines.map(\.serverName) == ["a.test", "b.test", "x.a.test", "test", "a.test.example", nil, nil, "a.test"])
        #expect(lines[0].upstream == "other 0" && lines[0].bytesIn == Hello.bytes("a.test").count)
    }

    @Test func theHelloMayComeInPieces() throws {
        let servers = try servers()
        let proxy = try TestProxy(try setup(servers))
        let hello = Hello.bytes("a.test")
        for cut in [1, 5, 6, 20, hello.count - 1] {
            let client = try proxy.connect()
            try client.send(Array(hello[..<cut]))
            try proxy.wait("the piece") { _ in proxy.metrics.read(.downstreamBytesIn) % UInt64(hello.count) == cut }
            try client.send(Array(hello[cut...]))
            client.shutdownSend()
            #expect(try client.receiveUntilEnd() == Array("1:".utf8) + hello)
            client.close()
        }
        try proxy.end(servers, #_sourceLocation)
    }

    @Test func withoutAMatchTheClientIsTold() throws {
        let servers = try servers()
        let proxy = try TestProxy(try setup(servers))
        for hello in [Hello.bytes("other.example"), Hello.bytes(nil)] {
            let client = try proxy.connect()
            try client.send(hello)
            #expect(try client.receiveUntilEnd() == Self.alert)
            client.close()
        }
        let lines = try proxy.end(servers, #_sourceLocation)
        #expect(lines.map(\.status) == [404, 404] && lines[0].serverName == "other.example")
        #expect(lines[0].error == "no upstream for the name that the client wants")
        #expect(proxy.metrics.read(.tunnelsRefusedName) == 2 && proxy.metrics.read(.tunnels) == 0)
    }

    @Test func whatIsNoHelloIsRefused() throws {
        let servers = try servers()
        let proxy = try TestProxy(try setup(servers))
        let spoilt: [[UInt8]] = [Array("GET / HTTP/1.1\r\n\r\n".utf8), [22, 3, 1, 0, 4, 2, 0, 0, 0]]
        for bytes in spoilt {
            let client = try proxy.connect()
            try client.send(bytes)
            #expect(try client.receiveUntilGone().bytes.isEmpty)
            client.close()
        }
        let lines = try proxy.end(servers, #_sourceLocation)
        #expect(lines.map(\.error) == ["not TLS", "TLS that does not begin with a ClientHello"])
        #expect(proxy.metrics.read(.tunnelsRefusedHello) == 2)
    }

    @Test func itMustComeInTime() throws {
        let servers = try servers()
        let proxy = try TestProxy(try setup(servers, otherwise: 0).with { $0.settings.handshakeTime = 100 })
        let client = try proxy.connect()
        try client.send(Array(Hello.bytes("a.test").prefix(9)))
        #expect(try client.receiveUntilGone().ending == .reset)
        client.close()
        #expect(try proxy.end(servers, #_sourceLocation).first?.error == "ClientHello timeout")
        #expect(proxy.metrics.read(.timeoutClientHello) == 1)
    }

    @Test func whoOnlyLooksIsNotLogged() throws {
        let servers = try servers()
        let proxy = try TestProxy(try setup(servers))
        try proxy.connect().close()
        try proxy.wait(for: .connectionsAccepted, 1)
        #expect(try proxy.end(servers, #_sourceLocation).isEmpty)
    }
}
