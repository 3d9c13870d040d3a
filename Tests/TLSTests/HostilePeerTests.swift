import MartletTestSupport
import Testing

@testable import MartletTLS

@Suite struct HostilePeerTests {
    @Test(arguments: [
        "GET / HTTP/1.1\r\nHost: a.test\r\n\r\n", "POST / HTTP/1.1\r\n", "DELETE /x HTTP/1.1\r\n",
        "OPTIONS * HTTP/1.1\r\n",
        "CONNECT a.test:443 HTTP/1.1\r\n", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ]) func `HTTP in clear is recognized`(request: String) throws {
        for size in [1, 4, 1000] {
            let server = try Endpoint(Fixture.get().server().session())
            var rest = Array(request.utf8)[...]
            while !rest.isEmpty && !server.hasFailed {
                server.open(Array(rest.prefix(size)))
                rest = rest.dropFirst(size)
            }
            #expect(server.hasFailed)
            #expect(server.failure?.kind == .plainHTTP)
        }
    }

    @Test(arguments: [
        "", "\n", "\u{16}", "SSH-2.0-OpenSSH_9.2\r\n", "\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}",
        "\u{16}\u{3}\u{1}\u{0}\u{0}\u{16}\u{3}",
    ]) func `What is not TLS is no more than that`(text: String) throws {
        let server = try Endpoint(Fixture.get().server().session())
        server.open(Array(text.utf8))
        #expect(!server.session.isEstablished)
        #expect(server.session.held <= text.utf8.count)
    }

    /// Flights: 0, the client's first words; 1, the server's answer; 2, the client's end of the handshake, in TLS 1.3 with
    /// data; 3, the server's data, in TLS 1.2 behind its end of the handshake; 4, the client's data in TLS 1.2.
    @Test(arguments: [(TLSVersion.v12, 0...4), (.v13, 0...3)])
    func `No byte that is changed passes`(version: TLSVersion, flights: ClosedRange<Int>) throws {
        let fixture = try Fixture.get()
        let context = try fixture.client {
            ($0.minimum, $0.maximum, $0.groups) = (version, version, ["X25519", "P-256"])
        }
        let server = try fixture.server()
        for flight in flights {
            var place = 0
            while true {
                let connection = try Connection(context.session(to: "a.test", cacheKey: 1), server.session())
                guard run(connection, flight, place) else { break }
                let wasCaught = connection.client.hasFailed || connection.server.hasFailed
                // The version in a record's head counts for nothing at first.
                let isHarmless = connection.client.text == "down" && connection.server.text == "up"
                // The change has made one end wait for more.
                let isWaiting =
                    !connection.isEstablished || connection.client.session.held > 0
                    || connection.server.session.held > 0
                #expect(wasCaught || isHarmless || isWaiting, "flight \(flight), byte \(place)")
                #expect(["", "down"].contains(connection.client.text))
                #expect(["", "up"].contains(connection.server.text))
                place += 1
            }
            #expect(place > 20, "flight \(flight)")
        }
    }

    /// Has both talk, with a bit of a byte of a flight changed; `false` when the flight is not so long.
    private func run(_ connection: Connection, _ changed: Int, _ place: Int) -> Bool {
        connection.client.open()
        var hasClientSent = false
        for flight in 0..<5 {
            let (one, other) =
                flight % 2 == 0 ? (connection.client, connection.server) : (connection.server, connection.client)
            if one.session.isEstablished && !one.hasFailed {
                if flight == 3 { one.send("down") }
                if flight % 2 == 0 && !hasClientSent {
                    one.send("up")
                    hasClientSent = true
                }
            }
            var bytes = one.outbox
            one.outbox = []
            if flight == changed {
                if place >= bytes.count { return false }
                bytes[place] ^= UInt8(truncatingIfNeeded: 1 << (place % 8))
            }
            if !bytes.isEmpty && !other.hasFailed && !other.hasEnded { other.open(bytes) }
        }
        return true
    }

    @Test func `Noise behind a handshake ends the connection`() throws {
        let fixture = try Fixture.get()
        for version in [TLSVersion.v12, .v13] {
            for seed in 0..<50 as Range<UInt64> {
                var random = SeededRandom(seed: seed)
                let client = try fixture.client { ($0.minimum, $0.maximum) = (version, version) }
                let connection = try fixture.connect(client, fixture.server())
                let noise = (0..<Int.random(in: 5...300, using: &random)).map { _ in
                    UInt8.random(in: 0...255, using: &random)
                }
                connection.server.open([0x17, 3, 3, 0, UInt8(noise.count & 0xff)] + noise + noise)
                #expect(connection.server.hasFailed)
                #expect(connection.server.failure?.kind == .protocolError)
                #expect(connection.server.received.isEmpty)
                connection.client.send("x")
                connection.pump()
                // The alert has come.
                #expect(connection.client.hasFailed)
            }
        }
    }

    @Test func `A longer record than there may be is refused at its head`() throws {
        let fixture = try Fixture.get()
        let connection = try fixture.connect(fixture.client(), fixture.server())
        connection.server.open([0x17, 3, 3, 0xff, 0xff])
        #expect(connection.server.hasFailed)
        #expect(connection.server.session.held < 20_000)
    }

    @Test func `Who has failed has failed`() throws {
        let fixture = try Fixture.get()
        let server = try Endpoint(fixture.server().session())
        server.open(Array("GET / HTTP/1.1\r\n\r\n".utf8))
        let failure = server.failure
        server.open(Array("GET / HTTP/1.1\r\n\r\n".utf8))
        server.end()
        #expect(server.hasFailed)
        #expect(server.failure == failure)
        #expect(server.outbox.isEmpty)
    }
}
