import MartletTestSupport
import Testing

@testable import MartletTLS

@Suite struct HandshakeTests {
    @Test(arguments: [TLSVersion.v12, .v13], TestCertificates.Key.allCases)
    func `Every version goes with every kind of key`(version: TLSVersion, key: TestCertificates.Key) throws {
        let fixture = try Fixture.get()
        // In TLS 1.2 the curve of a certificate is one of the groups.
        let groups = key == .p521 ? ["X25519MLKEM768", "X25519", "P-521"] : []
        let server = try fixture.server([fixture.identity(key)]) { $0.groups = groups }
        let client = try fixture.client { ($0.minimum, $0.maximum, $0.groups) = (version, version, groups) }
        let connection = try fixture.connect(client, server)
        #expect(connection.isEstablished)
        #expect(connection.echoes())
        #expect(connection.client.session.version == version)
        #expect(connection.server.session.version == version)
        #expect(connection.server.session.serverName == "a.test")
        #expect(connection.client.session.groupName == "X25519MLKEM768" || version == .v12)
        #expect(!connection.client.session.cipherName.isEmpty)
        #expect(connection.client.session.cipherName == connection.server.session.cipherName)
        #expect(connection.client.session.peerChain == (try fixture.identity(key)).chain)
        let peer = try #require(connection.client.session.peer)
        #expect(peer.names == ["DNS:a.test", "DNS:*.a.test", "IP:127.0.0.1", "IP:::1"])
        #expect(peer.subject == "CN=a.test")
        #expect(peer.fingerprint.utf8.count == 64)
        #expect(connection.server.session.peer == nil)
    }

    @Test(arguments: [TLSVersion.v12, .v13], [1, 2, 3, 5, 6, 7, 1000, 1460])
    func `Bytes may come in any pieces`(version: TLSVersion, size: Int) throws {
        let fixture = try Fixture.get()
        let client = try fixture.client { ($0.minimum, $0.maximum) = (version, version) }
        let server = try fixture.server { $0.tickets = TLSTicketKeys(rotateEverySeconds: 3600) }
        let connection = try Connection(client.session(to: "a.test", cacheKey: 1), server.session())
        connection.pump { size }
        #expect(connection.isEstablished)
        connection.client.send("a request")
        connection.server.send(String(repeating: "a response ", count: 3000))
        connection.client.send(", and more of it")
        connection.pump { size }
        #expect(connection.server.text == "a request, and more of it")
        #expect(connection.client.received.count == 33_000)
        #expect(connection.client.session.held == 0)
    }

    @Test func `Bytes may come in pieces of any sizes`() throws {
        let fixture = try Fixture.get()
        for seed in 0..<40 as Range<UInt64> {
            var random = SeededRandom(seed: seed)
            let client = try fixture.client { $0.maximum = seed % 2 == 0 ? .v12 : .v13 }
            let connection = try Connection(client.session(to: "a.test", cacheKey: 1), fixture.server().session())
            connection.pump { Int.random(in: 1...400, using: &random) }
            #expect(connection.isEstablished)
            let data = (0..<Int.random(in: 1...100_000, using: &random)).map { UInt8(truncatingIfNeeded: $0 &* 7) }
            connection.client.send(data)
            connection.server.send(data.reversed())
            connection.pump { Int.random(in: 1...20_000, using: &random) }
            #expect(connection.server.received == data)
            #expect(connection.client.received == data.reversed())
        }
    }

    @Test(arguments: [TLSVersion.v12, .v13], [1, 7, 30, 100, 1100, 5000])
    func `Room for output may be tiny`(version: TLSVersion, room: Int) throws {
        let fixture = try Fixture.get()
        let client = try fixture.client { ($0.minimum, $0.maximum) = (version, version) }
        let server = try fixture.server { $0.tickets = TLSTicketKeys(rotateEverySeconds: 3600) }
        let connection = try Connection(client.session(to: "a.test", cacheKey: 1), server.session())
        connection.client.outputRoom = room
        connection.server.outputRoom = room
        connection.pump()
        #expect(connection.isEstablished)
        let data = (0..<50_000).map { UInt8(truncatingIfNeeded: $0 &* 13) }
        connection.client.send(data)
        connection.server.send(data)
        connection.pump { 999 }
        #expect(connection.server.received == data)
        #expect(connection.client.received == data)
        if room < 1000 { #expect(connection.server.shortages > 0) }
    }

    @Test(arguments: [TLSVersion.v12, .v13]) func `Data is sealed into few records`(version: TLSVersion) throws {
        let fixture = try Fixture.get()
        let client = try fixture.client { ($0.minimum, $0.maximum) = (version, version) }
        let connection = try fixture.connect(client, fixture.server())
        connection.server.outputRoom = 65_536 + 1024
        connection.server.send([UInt8](repeating: 1, count: 65_536))
        #expect(connection.server.outbox.count <= 65_536 + 4 * 30)
        #expect(connection.server.shortages == 0)
    }

    @Test(arguments: [TLSVersion.v12, .v13]) func `The last data comes before the end`(version: TLSVersion) throws {
        let fixture = try Fixture.get()
        let client = try fixture.client { ($0.minimum, $0.maximum) = (version, version) }
        let connection = try fixture.connect(client, fixture.server())
        connection.server.send("the last")
        connection.server.end()
        connection.pump()
        #expect(connection.client.text == "the last")
        #expect(connection.client.hasEnded)
        #expect(!connection.client.hasFailed)
        // The other direction still works.
        connection.client.send("thanks")
        connection.pump()
        #expect(connection.server.text == "thanks")
    }

    @Test func `Nothing is sealed or ended before the handshake`() throws {
        let fixture = try Fixture.get()
        let connection = try Connection(
            fixture.client().session(to: "a.test", cacheKey: 1), fixture.server().session())
        connection.server.end()
        #expect(connection.server.outbox.isEmpty)
        #expect(connection.server.session.held == 0)
    }

    @Test func `Versions must meet`() throws {
        let fixture = try Fixture.get()
        let server = try fixture.server { $0.minimum = .v13 }
        let connection = try fixture.connect(fixture.client { $0.maximum = .v12 }, server)
        #expect(connection.server.failure == TLSFailure(.handshake, "peer offers no version that is allowed"))
        #expect(connection.client.failure?.kind == .handshake)
        #expect(connection.client.failure?.text.contains("protocol version") == true)
    }

    @Test func `Suites and groups must meet`() throws {
        let fixture = try Fixture.get()
        let server = try fixture.server {
            ($0.maximum, $0.ciphers, $0.groups) = (.v12, ["ECDHE-ECDSA-AES256-GCM-SHA384"], ["P-384"])
        }
        var connection = try fixture.connect(fixture.client { $0.ciphers = ["ECDHE-ECDSA-AES128-GCM-SHA256"] }, server)
        #expect(connection.server.failure?.kind == .handshake)
        #expect(connection.server.failure?.text.contains("no cipher suite") == true)
        connection = try fixture.connect(fixture.client { $0.groups = ["X25519"] }, server)
        #expect(connection.server.failure?.kind == .handshake)
        connection = try fixture.connect(fixture.client(), server)
        #expect(connection.echoes())
        #expect(connection.client.session.cipherName == "ECDHE-ECDSA-AES256-GCM-SHA384")
        #expect(connection.client.session.groupName == "P-384")
    }
}
