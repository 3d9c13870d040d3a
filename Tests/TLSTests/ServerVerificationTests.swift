import MartletTestSupport
import Testing

@testable import MartletTLS

@Suite struct ServerVerificationTests {
    @Test(arguments: [
        ("a.test", true), ("A.TEST", true), ("x.a.test", true), ("127.0.0.1", true), ("::1", true),
        ("b.test", false), ("x.y.a.test", false), ("127.0.0.2", false), ("::2", false), ("test", false),
    ]) func `A server must have the name`(host: String, isRight: Bool) throws {
        let fixture = try Fixture.get()
        let connection = try fixture.connect(fixture.client(), fixture.server(), to: host)
        #expect(connection.isEstablished == isRight)
        if isRight { return }
        #expect(
            connection.client.failure
                == TLSFailure(
                    .certificate, "the certificate is not for \(host) but for a.test, *.a.test, 127.0.0.1, ::1"))
        #expect(connection.server.failure?.text == "peer sent alert: bad certificate")
    }

    @Test(arguments: [TLSVersion.v12, .v13]) func `Time and issuer count`(version: TLSVersion) throws {
        let fixture = try Fixture.get()
        let expired = try TLSIdentity(fixture.authority.leaf(["a.test"], valid: .expired))
        let stranger = try TLSIdentity(TestCertificates("Stranger").leaf(["a.test"]))
        let client = try fixture.client { ($0.minimum, $0.maximum) = (version, version) }
        let late = try fixture.connect(client, fixture.server([expired]))
        #expect(late.client.failure == TLSFailure(.certificate, "certificate has expired"))
        #expect(late.server.failure?.text == "peer sent alert: certificate expired")
        #expect(!late.client.session.isEstablished)
        let strange = try fixture.connect(client, fixture.server([stranger]))
        #expect(strange.client.failure?.kind == .certificate)
        #expect(strange.server.failure?.text == "peer sent alert: unknown CA")
        let insecure = try fixture.client { $0.isInsecure = true }
        #expect(try fixture.connect(insecure, fixture.server([expired]), to: "b.test").echoes())
    }

    @Test func `A common name is no name`() throws {
        let fixture = try Fixture.get()
        let nameless = try TLSIdentity(fixture.authority.leaf([], subject: "/CN=a.test"))
        #expect(nameless.names == ["a.test"])
        let connection = try fixture.connect(fixture.client(), fixture.server([nameless]))
        #expect(connection.client.failure?.text == "the certificate is not for a.test: it has no name")
    }

    @Test func `The system's roots do not vouch for tests`() throws {
        let fixture = try Fixture.get()
        guard case .success = SystemRoots.store else { return }
        let client = try fixture.client { $0.authorities = .system }
        #expect(try fixture.connect(client, fixture.server()).client.failure?.kind == .certificate)
    }

    @Test func `A server's own certificate may be the trusted one`() throws {
        let fixture = try Fixture.get()
        let leaf = try fixture.authority.leaf(["a.test"])
        let client = try fixture.client { $0.authorities = .pem(leaf.chainPEM) }
        #expect(try fixture.connect(client, fixture.server([TLSIdentity(leaf)])).echoes())
        #expect(try fixture.connect(client, fixture.server()).client.failure?.kind == .certificate)
        #expect(throws: TLSError.self) { try fixture.client { $0.authorities = .pem([1, 2]) } }
    }

    @Test(arguments: [TLSVersion.v12, .v13]) func `A session that is taken up again is verified, too`(
        version: TLSVersion
    ) throws {
        let fixture = try Fixture.get()
        let server = try fixture.server { $0.tickets = TLSTicketKeys(rotateEverySeconds: 3600) }
        let client = try fixture.client {
            ($0.minimum, $0.maximum) = (version, version)
            $0.pins = [TLSPin(digest: [UInt8](repeating: 0, count: 32))]
            $0.pinsReportOnly = true
        }
        for isResumed in [false, true, true] {
            let connection = try fixture.connect(client, server)
            #expect(connection.echoes())
            #expect(connection.client.session.isResumed == isResumed)
            #expect(connection.client.session.pinMismatch)
        }
    }

    /// The file with the authorities has changed.
    @Test(arguments: [TLSVersion.v12, .v13]) func `Authorities may be replaced`(version: TLSVersion) throws {
        let fixture = try Fixture.get()
        let others = try TestCertificates("Others")
        let server = try fixture.server { $0.tickets = TLSTicketKeys(rotateEverySeconds: 3600) }
        let client = try fixture.client { ($0.minimum, $0.maximum) = (version, version) }
        let old = try fixture.connect(client, server)
        #expect(old.echoes())
        try client.replace(authorities: .pem(others.authorityPEM))
        let refused = try fixture.connect(client, server)
        #expect(refused.client.failure?.kind == .certificate)
        #expect(!refused.client.session.isResumed, "what was trusted then does not count any more")
        #expect(old.echoes(), "a connection that is open goes on")
        let leaf = try TLSIdentity(others.leaf(["a.test"]))
        #expect(try fixture.connect(client, fixture.server([leaf])).echoes())
        #expect(throws: TLSError.self) { try client.replace(authorities: .pem(Array("nonsense".utf8))) }
        #expect(try fixture.connect(client, fixture.server([leaf])).echoes(), "a bad file changes nothing")
        let insecure = try fixture.client { $0.isInsecure = true }
        try insecure.replace(authorities: .pem(others.authorityPEM))
        #expect(try fixture.connect(insecure, server).echoes())
    }

    @Suite struct Pins {
        private let other = TLSPin(digest: [UInt8](repeating: 7, count: 32))

        private func connect(
            _ pins: Set<TLSPin>, _ identity: TLSIdentity? = nil, to host: String = "a.test",
            _ change: (inout TLSClientSettings) -> Void = { _ in }
        ) throws -> Connection {
            let fixture = try Fixture.get()
            let client = try fixture.client {
                $0.pins = pins
                change(&$0)
            }
            return try fixture.connect(client, fixture.server([identity ?? fixture.identity()]), to: host)
        }

        @Test(arguments: [TLSVersion.v12, .v13]) func `A pinned key must be in the chain`(version: TLSVersion) throws {
            let fixture = try Fixture.get()
            let leaf = try fixture.identity().pin
            let root = try TLSPin.pins(inPEM: fixture.authority.authorityPEM)[0]
            let change: (inout TLSClientSettings) -> Void = { ($0.minimum, $0.maximum) = (version, version) }
            #expect(try connect([leaf], nil, change).echoes())
            #expect(try connect([other, leaf], nil, change).echoes())
            #expect(try connect([root], nil, change).echoes(), "the root's, which is not sent")
            let refused = try connect([other], nil, change)
            #expect(!refused.client.session.isEstablished)
            #expect(!refused.server.session.isEstablished)
            #expect(refused.client.failure?.kind == .pin)
            #expect(refused.client.failure?.text.contains(leaf.text) == true)
            #expect(refused.server.failure?.text == "peer sent alert: bad certificate")
            // A pin is besides the chain.
            #expect(try connect([leaf], nil, to: "b.test", change).client.failure?.kind == .certificate)
        }

        @Test func `A mismatch may be reported only`() throws {
            let fixture = try Fixture.get()
            let reported = try connect([other]) { $0.pinsReportOnly = true }
            #expect(reported.echoes())
            #expect(reported.client.session.pinMismatch)
            let matched = try connect([fixture.identity().pin]) { $0.pinsReportOnly = true }
            #expect(matched.echoes())
            #expect(!matched.client.session.pinMismatch)
            let unverified = try connect([other], to: "b.test") {
                ($0.pinsReportOnly, $0.pinsReplaceChain) = (true, true)
            }
            #expect(unverified.client.failure?.kind == .certificate)
        }

        @Test func `A pinned key may count instead of the chain`() throws {
            let fixture = try Fixture.get()
            let stranger = try TestCertificates("Stranger")
            let identity = try TLSIdentity(stranger.leaf(["else.test"], valid: .expired))
            let change: (inout TLSClientSettings) -> Void = { $0.pinsReplaceChain = true }
            #expect(try connect([identity.pin], identity, change).echoes())
            #expect(try connect([other, identity.pin], identity, change).echoes())
            #expect(try connect([other], identity, change).client.failure?.kind == .pin)
            #expect(try connect([other], nil, change).client.failure?.kind == .pin)
            #expect(try connect([fixture.identity().pin], identity, change).client.failure?.kind == .pin)
            #expect(try connect([other], identity) { $0.isInsecure = true }.client.failure?.kind == .pin)
        }

        @Test func `Sending a pinned certificate is not having its key`() throws {
            let fixture = try Fixture.get()
            let change: (inout TLSClientSettings) -> Void = { $0.pinsReplaceChain = true }
            let genuine = try fixture.authority.leaf(["a.test"])
            let evil = try TestCertificates("Evil").leaf(["a.test"])
            let both = try TLSIdentity(certificates: evil.chainPEM + genuine.chainPEM, key: evil.keyPEM, ocsp: nil)
            #expect(both.chain.count == 2)
            #expect(try connect([TLSIdentity(genuine).pin], both, change).client.failure?.kind == .pin)
            let root = try TLSPin.pins(inPEM: fixture.authority.authorityPEM)[0]
            let claimed = try TLSIdentity(
                certificates: evil.chainPEM + fixture.authority.authorityPEM, key: evil.keyPEM, ocsp: nil)
            #expect(try connect([root], claimed, change).client.failure?.kind == .pin)
            // An authority that is sent and has issued the leaf will do.
            let issued = try TLSIdentity(
                certificates: genuine.chainPEM + fixture.authority.authorityPEM, key: genuine.keyPEM, ocsp: nil)
            #expect(try connect([root], issued, change).echoes())
        }

        @Test func `Pins are read and written`() throws {
            let digest = (0..<32).map { UInt8($0 * 8) }
            let pin = TLSPin(digest: digest)
            #expect(pin.text.hasPrefix("sha256/") && pin.text.hasSuffix("="))
            #expect(TLSPin(pin.text) == pin)
            #expect(TLSPin(String(pin.text.dropFirst(7))) == pin)
            #expect(TLSPin(Hexadecimal.encode(digest)) == pin)
            #expect(TLSPin(Hexadecimal.encode(digest).uppercased()) == pin)
            for wrong in [
                "", "sha256/", "sha256/AAAA", "sha1/" + Base64.encode(digest), pin.text + "AAAA", "x" + pin.text,
            ] {
                #expect(TLSPin(wrong) == nil, "\(wrong)")
            }
        }

        @Test(arguments: TestCertificates.Key.allCases) func `Pins are as openssl has them`(key: TestCertificates.Key)
            throws
        {
            let fixture = try Fixture.get()
            let leaf = try fixture.authority.leaf(["a.test"], key: key)
            let expected = try fixture.authority.run(
                "openssl pkey -in '\(leaf.key)' -pubout -outform DER | openssl dgst -sha256 -binary | openssl base64")
            let pin = try #require(TLSPin(String(expected.dropLast())))
            #expect(try TLSIdentity(leaf).pin == pin)
            #expect(try TLSPin.pins(inPEM: leaf.chainPEM) == [pin])
            #expect(try TLSPin.pins(inPEM: leaf.chainPEM + leaf.keyPEM) == [pin, pin])
            let publicKey = try fixture.authority.run("openssl pkey -in '\(leaf.key)' -pubout")
            #expect(try TLSPin.pins(inPEM: Array(publicKey.utf8)) == [pin])
            #expect(TLSPin.pin(inDER: PEMBlock.all(in: leaf.chainPEM)[0].bytes) == pin)
            #expect(TLSPin.pin(inDER: [1, 2, 3]) == nil)
            #expect(throws: TLSError.self) { try TLSPin.pins(inPEM: []) }
        }
    }
}
