// The PROXY protocol, from clients and to servers.
import MartletHTTPCore
import MartletLayer4
import MartletTelemetry
import MartletTestSupport
import Testing

@testable import MartletProxy

@Suite struct ProxyHeaderTests {
    private static let text = "PROXY TCP4 192.0.2.7 198.51.100.1 4321 443\r\n"
    private static let source = ProxyEndpoint(IPAddress(v4: 0xC000_0207), port: 4_321)
    private static let destination = ProxyEndpoint(IPAddress(v4: 0xC633_6401), port: 443)
    private static let binary = ProxyProtocolWriter.binary(from: source, to: destination)

    @Test(arguments: [Array(text.utf8), binary]) func theClientIsWhomTheHeaderNames(_ header: [UInt8]) throws {
        let received = Received()
        let server = try ScriptedServer.noting(received)
        let proxy = try TestProxy(ProxySetup(server).behindProxy)
        let client = try proxy.connect()
        try client.send(header + Array(Requests.get.utf8))
        #expect(try client.readResponse().status == 200)
        try client.send(Requests.last)
        #expect(try client.readResponse().status == 200)
        client.close()
        #expect(try proxy.end(server).map(\.client) == ["192.0.2.7", "192.0.2.7"])
        #expect(received.requests.map { $0.values("x-forwarded-for") } == [["192.0.2.7"], ["192.0.2.7"]])
        #expect(proxy.metrics.read(.proxyHeaders) == 1)
    }

    @Test func itMayComeInPieces() throws {
        let server = try ScriptedServer.answering()
        let proxy = try TestProxy(ProxySetup(server).behindProxy)
        for header in [Array(Self.text.utf8), Self.binary] {
            for cut in [1, 8, 13, 20, header.count - 1] {
                let before = proxy.metrics.read(.downstreamBytesIn)
                let client = try proxy.connect()
                try client.send(Array(header[..<cut]))
                try proxy.wait(for: .downstreamBytesIn, before + UInt64(cut))
                try client.send(Array(header[cut...]) + Array(Requests.last.utf8))
                #expect(try client.readResponse().status == 200)
                client.close()
            }
        }
        #expect(try proxy.end(server).allSatisfy { $0.client == "192.0.2.7" })
    }

    @Test(arguments: [
        Array("PROXY UNKNOWN\r\n".utf8), ProxyProtocolWriter.binary(from: nil, to: nil),
    ])
    func withoutAddressesThePeerIsTheClient(_ header: [UInt8]) throws {
        let server = try ScriptedServer.answering()
        let proxy = try TestProxy(ProxySetup(server).behindProxy)
        let client = try proxy.connect()
        try client.send(header + Array(Requests.last.utf8))
        #expect(try client.readResponse().status == 200)
        client.close()
        #expect(try proxy.end(server).first?.client == "127.0.0.1")
    }

    @Test func anythingElseIsRefused() throws {
        let server = try ScriptedServer.answering()
        let proxy = try TestProxy(ProxySetup(server).behindProxy)
        let client = try proxy.connect()
        try client.send(Requests.get)
        #expect(try client.receiveUntilGone().bytes.isEmpty)
        client.close()
        // Who only looks whether somebody is there has no line.
        try proxy.connect().close()
        try proxy.wait(for: .connectionsAccepted, 2)
        let lines = try proxy.end(server)
        #expect(lines.map(\.error) == ["no PROXY header"] && lines[0].status == 400)
        #expect(proxy.metrics.read(.proxyHeadersRefused) == 1 && proxy.metrics.read(.requests) == 0)
    }

    @Test func itMustComeInTime() throws {
        let server = try ScriptedServer.answering()
        let proxy = try TestProxy(ProxySetup(server).behindProxy.with { $0.settings.requestHeadTime = 100 })
        let client = try proxy.connect()
        try client.send("PROXY ")
        #expect(try client.receiveUntilGone().bytes.isEmpty)
        client.close()
        #expect(try proxy.end(server).first?.error == "PROXY header timeout")
        #expect(proxy.metrics.read(.timeoutProxyHeader) == 1)
    }

    @Test func othersAreServedAsTheyAre() throws {
        let server = try ScriptedServer.answering()
        let setup = ProxySetup(server).with {
            $0.listener = { $0.proxyProtocol = NetworkSet([Network(IPAddress(v4: 0x0A00_0000), prefix: 104)]) }
        }
        let proxy = try TestProxy(setup)
        #expect(try proxy.answer(to: Requests.last).status == 200)
        #expect(try proxy.answer(to: Self.text + Requests.last).status == 400)
        try proxy.end(server)
    }

    @Test func theAnnouncedAddressIsCounted() throws {
        let server = try ScriptedServer.answering()
        let proxy = try TestProxy(ProxySetup(server).behindProxy.with { $0.settings.connectionsPerClient = 1 })
        let first = try proxy.connect()
        try first.send(Self.text + Requests.get)
        #expect(try first.readResponse().status == 200)
        let second = try proxy.connect()
        try second.send(Self.text + Requests.get)
        #expect(try second.readResponse().status == 503)
        let other = try proxy.connect()
        try other.send("PROXY TCP4 192.0.2.8 198.51.100.1 1 443\r\n" + Requests.get)
        #expect(try other.readResponse().status == 200)
        for client in [first, second, other] { client.close() }
        try proxy.end(server)
        #expect(proxy.metrics.read(.connectionsRefusedPerClient) == 1)
    }

    @Test func theAnnouncedAddressIsTrustedOrNot() throws {
        let received = Received()
        let server = try ScriptedServer.noting(received)
        let setup = ProxySetup(server).behindProxy.with {
            $0.trusted = [Network(IPAddress(v4: 0x7F00_0001), prefix: 128), Network(Self.source.address, prefix: 128)]
        }
        let proxy = try TestProxy(setup)
        for address in ["192.0.2.7", "192.0.2.8"] {
            let client = try proxy.connect()
            try client.send(
                "PROXY TCP4 \(address) 198.51.100.1 1 443\r\n"
                    + "GET / HTTP/1.1\r\nHost: test\r\nX-Forwarded-For: 203.0.113.1\r\nConnection: close\r\n\r\n")
            #expect(try client.readResponse().status == 200)
            client.close()
        }
        try proxy.end(server)
        #expect(
            received.requests.map { $0.values("x-forwarded-for") } == [["203.0.113.1, 192.0.2.7"], ["192.0.2.8"]])
    }

    @Test func tunnelsHaveThemToo() throws {
        let server = try ScriptedServer.collecting()
        let proxy = try TestProxy(ProxySetup(server).relaying.behindProxy)
        for rest in ["", "and more"] {
            let client = try proxy.connect()
            try client.send(Self.text + rest)
            if rest.isEmpty { try client.send("and more") }
            client.shutdownSend()
            #expect(try client.receiveUntilEnd() == Array("and more".utf8))
            client.close()
        }
        #expect(try proxy.end(server).map(\.client) == ["192.0.2.7", "192.0.2.7"])
    }

    @Test func theHelloFollowsTheHeader() throws {
        let server = try ScriptedServer.collecting()
        let proxy = try TestProxy(try ProxySetup(server).relaying(byName: [("a.test", 0)]).behindProxy)
        let client = try proxy.connect()
        try client.send(Self.binary + Hello.bytes("a.test"))
        client.shutdownSend()
        #expect(try client.receiveUntilEnd() == Hello.bytes("a.test"))
        client.close()
        #expect(try proxy.end(server).first?.serverName == "a.test")
    }
}

@Suite struct AnnouncingTests {
    private static let text = "PROXY TCP4 192.0.2.7 198.51.100.1 4321 443\r\n"

    @Test func serversAreToldOfTheClient() throws {
        let heads = Monitor<[String]>([])
        let server = try ScriptedServer { socket, _ in
            let head = try socket.receive(until: "\r\n")
            heads.change { $0.append(head) }
            while try socket.readRequest() != nil { try socket.send(Responses.ok) }
        }
        let proxy = try TestProxy(ProxySetup(server).with { $0.upstream.proxyProtocol = .v1 })
        let client = try proxy.connect()
        // Each request has a connection of its own: the next may be another client's.
        for _ in 0..<2 {
            try client.send(Requests.get)
            #expect(try client.readResponse().status == 200)
        }
        let expected = "PROXY TCP4 127.0.0.1 127.0.0.1 \(client.port) \(proxy.port)\r\n"
        client.close()
        try proxy.end(server)
        #expect(heads.value == [expected, expected])
        #expect(proxy.metrics.read(.upstreamConnectionsReused) == 0)
    }

    @Test func whatWasAnnouncedIsPassedOn() throws {
        let server = try ScriptedServer.collecting()
        let setup = ProxySetup(server).relaying.behindProxy
        for version in [ProxyProtocolVersion.v1, .v2] {
            let proxy = try TestProxy(setup.with { $0.upstream.proxyProtocol = version })
            let client = try proxy.connect()
            try client.send(Self.text + "x")
            client.shutdownSend()
            let all = try client.receiveUntilEnd()
            client.close()
            guard case .complete(let header) = ProxyProtocolReader.read(all.span) else {
                Issue.record("no header in \(all)")
                continue
            }
            #expect(header.source == ProxyEndpoint(IPAddress(v4: 0xC000_0207), port: 4_321))
            #expect(header.destination == ProxyEndpoint(IPAddress(v4: 0xC633_6401), port: 443))
            #expect(all.dropFirst(header.length) == [0x78] && (all[0] == 0x50) == (version == .v1))
            #expect(try proxy.end().first?.bytesIn == 1)
        }
        server.stop()
    }

    @Test func aRetryTellsTheNextServer() throws {
        let dead = try ReservedPort()
        let server = try ScriptedServer.collecting()
        let setup = ProxySetup([ServerModel(port: dead.port), ServerModel(server)]).relaying.inOrder
        let proxy = try TestProxy(setup.with { $0.upstream.proxyProtocol = .v1 })
        let client = try proxy.connect()
        try client.send("x")
        client.shutdownSend()
        let expected = "PROXY TCP4 127.0.0.1 127.0.0.1 \(client.port) \(proxy.port)\r\nx"
        #expect(String(decoding: try client.receiveUntilEnd(), as: UTF8.self) == expected)
        client.close()
        try proxy.end(server)
    }
}
