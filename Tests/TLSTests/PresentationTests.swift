import MartletTestSupport
import Testing

@testable import MartletTLS

@Suite struct PresentationTests {
    private struct Presented {
        let fixture: Fixture
        let other: TLSIdentity
        let wild: TLSIdentity
        let rsa: TLSIdentity

        init() throws {
            fixture = try Fixture.get()
            other = try TLSIdentity(fixture.authority.leaf(["Other.test"]))
            wild = try TLSIdentity(fixture.authority.leaf(["*.wild.test"]))
            rsa = try TLSIdentity(fixture.authority.leaf(["other.test", "*.wild.test"], key: .rsa2048))
        }

        var all: [TLSIdentity] { get throws { try [fixture.identity(), other, wild, rsa] } }

        /// Which leaf a client is shown that verifies nothing.
        func leaf(_ name: String, _ change: (inout TLSClientSettings) -> Void = { _ in }) throws -> TLSIdentity? {
            let client = try fixture.client {
                $0.isInsecure = true
                change(&$0)
            }
            let connection = try fixture.connect(client, fixture.server(all), to: name)
            #expect(connection.echoes())
            return try all.first { $0.chain == connection.client.session.peerChain }
        }
    }

    @Test func `The name decides, then a wildcard, then the first`() throws {
        let presented = try Presented()
        #expect(try presented.leaf("a.test") === presented.fixture.identity())
        #expect(try presented.leaf("x.a.test") === presented.fixture.identity())
        #expect(try presented.leaf("other.test") === presented.other)
        #expect(try presented.leaf("OTHER.test") === presented.other)
        #expect(try presented.leaf("one.wild.test") === presented.wild)
        #expect(try presented.leaf("two.one.wild.test") === presented.fixture.identity())
        #expect(try presented.leaf("wild.test") === presented.fixture.identity())
        #expect(try presented.leaf("unknown.test") === presented.fixture.identity())
        #expect(try presented.leaf("127.0.0.1") === presented.fixture.identity())
    }

    @Test(arguments: ["other.test", "one.wild.test"]) func `The client's abilities decide among keys`(name: String)
        throws
    {
        let presented = try Presented()
        let leaf = try presented.leaf(name) {
            $0.maximum = .v12
            $0.ciphers = ["ECDHE-RSA-AES128-GCM-SHA256"]
        }
        #expect(leaf === presented.rsa)
    }

    @Test func `What is presented may be replaced at any time`() throws {
        let fixture = try Fixture.get()
        let identities = TLSIdentities(TLSIdentityTable([try fixture.identity()]))
        let server = try TLSServerContext(TLSServerSettings(), identities: identities, keyLog: nil)
        let client = try fixture.client()
        let old = try fixture.connect(client, server)
        identities.replace(TLSIdentityTable([try fixture.identity(.rsa2048)]))
        #expect(old.echoes())
        let new = try fixture.connect(client, server)
        #expect(new.client.session.peerChain == (try fixture.identity(.rsa2048)).chain)
        identities.replace(TLSIdentityTable([]))
        let none = try fixture.connect(client, server)
        #expect(none.server.failure == TLSFailure(.handshake, "there is no certificate to present"))
    }

    @Test func `Protocols must meet if there are any`() throws {
        let fixture = try Fixture.get()
        let server = try fixture.server { $0.protocols = ["h2", "http/1.1"] }
        func negotiated(_ offered: [String]) throws -> Connection {
            try fixture.connect(fixture.client { $0.protocols = offered }, server)
        }
        #expect(try negotiated(["http/1.1", "h2"]).server.session.negotiatedProtocol == "h2")
        #expect(try negotiated(["http/1.1"]).client.session.negotiatedProtocol == "http/1.1")
        #expect(try negotiated([]).server.session.negotiatedProtocol == nil)
        #expect(try negotiated([]).isEstablished)
        for offered in [["spdy/1"], ["acme-tls/1"], ["http/1.0", "h3"]] {
            let connection = try negotiated(offered)
            #expect(connection.server.failure?.text == "peer offers no protocol (ALPN) that is spoken")
            #expect(connection.client.failure?.text.contains("no application protocol") == true)
        }
    }

    @Test func `HTTP/2 is spoken when both ends want it`() throws {
        let fixture = try Fixture.get()
        for (server, client, isHTTP2) in [
            (["h2", "http/1.1"], ["h2", "http/1.1"], true), (["h2", "http/1.1"], ["http/1.1"], false),
            (["http/1.1"], ["h2", "http/1.1"], false), (["http/1.1", "h2"], ["h2", "http/1.1"], false),
            (["h2"], ["h2"], true), (["h3"], ["h3"], false), ([], ["h2"], false), (["h2"], [], false),
        ] {
            let connection = try fixture.connect(
                fixture.client { $0.protocols = client }, fixture.server { $0.protocols = server })
            #expect(connection.isEstablished, "\(server) \(client)")
            #expect(connection.server.session.isHTTP2 == isHTTP2, "\(server) \(client)")
            #expect(connection.client.session.isHTTP2 == isHTTP2, "\(server) \(client)")
        }
    }

    /// RFC 9113 section 9.2.2: those of TLS 1.2 that its appendix A lists.
    @Test func `HTTP/2 is passed over with a suite that is not for it`() throws {
        let fixture = try Fixture.get()
        for suite in TLSNames.suites {
            let key: TestCertificates.Key = suite.name.contains("ECDSA") ? .p256 : .rsa2048
            let server = try fixture.server([fixture.identity(key)]) {
                ($0.ciphers, $0.protocols) = ([suite.name], ["h2", "http/1.1"])
            }
            func connect(_ offered: [String]) throws -> Connection {
                let client = try fixture.client {
                    ($0.maximum, $0.ciphers, $0.protocols) = (.v12, [suite.name], offered)
                }
                return try fixture.connect(client, server)
            }
            let both = try connect(["h2", "http/1.1"])
            #expect(both.client.session.cipherName == suite.name && both.isEstablished)
            #expect(both.client.session.isHTTP2 == suite.isDefault, "\(suite.name)")
            #expect(try connect(["h2"]).isEstablished == suite.isDefault, "\(suite.name)")
            // Those of TLS 1.3 are chosen from others.
            let newest = try fixture.connect(fixture.client { $0.protocols = ["h2"] }, server)
            #expect(newest.client.session.isHTTP2)
        }
    }

    @Test func `HTTP/1.1 may be offered alone where HTTP/2 is offered else`() throws {
        let fixture = try Fixture.get()
        let server = try fixture.server { $0.protocols = ["h2", "http/1.1"] }
        for (offered, expected) in [
            (["h2", "http/1.1"], "http/1.1"), (["h2"], "http/1.1"), (["http/1.1"], "http/1.1"), ([], nil),
        ] as [([String], String?)] {
            let client = try fixture.client { $0.protocols = offered }
            let session = client.session(to: "a.test", cacheKey: 1, isForHTTP1: true)
            let connection = try Connection(session, server.session())
            connection.pump()
            #expect(connection.isEstablished)
            #expect(connection.client.session.negotiatedProtocol == expected)
            #expect(!connection.server.session.isHTTP2)
        }
    }

    @Test func `HTTP/2 may be offered alone whatever is offered else`() throws {
        let fixture = try Fixture.get()
        let server = try fixture.server { $0.protocols = ["http/1.1", "h2"] }
        for offered in [["h2", "http/1.1"], ["h2"], ["http/1.1"], []] {
            let client = try fixture.client { $0.protocols = offered }
            let session = client.session(to: "a.test", cacheKey: 1, isForHTTP2: true)
            let connection = try Connection(session, server.session())
            connection.pump()
            #expect(connection.isEstablished)
            #expect(connection.client.session.isHTTP2 && connection.server.session.isHTTP2)
        }
    }

    @Test func `A challenge is answered for its name alone`() throws {
        let fixture = try Fixture.get()
        let challenge = try TLSIdentity(fixture.authority.leaf(["new.test"]))
        let identities = TLSIdentities(TLSIdentityTable([try fixture.identity()]))
        var settings = TLSServerSettings()
        settings.protocols = ["h2", "http/1.1"]
        let server = try TLSServerContext(settings, identities: identities, keyLog: nil)
        identities.setChallenge("New.test", challenge)
        func connect(_ name: String, _ offered: [String]) throws -> Connection {
            try fixture.connect(fixture.client { ($0.protocols, $0.isInsecure) = (offered, true) }, server, to: name)
        }
        let validated = try connect("new.test", ["acme-tls/1"])
        #expect(validated.isEstablished)
        #expect(validated.server.session.isChallenge)
        #expect(validated.client.session.negotiatedProtocol == "acme-tls/1")
        #expect(validated.client.session.peerChain == challenge.chain)
        #expect(try !connect("a.test", ["acme-tls/1"]).isEstablished)
        let other = try connect("new.test", ["http/1.1", "acme-tls/1"])
        #expect(other.isEstablished && !other.server.session.isChallenge)
        identities.setChallenge("new.test", nil)
        #expect(try !connect("new.test", ["acme-tls/1"]).isEstablished)
    }

    @Test func `An OCSP response is stapled`() throws {
        let fixture = try Fixture.get()
        let leaf = try fixture.authority.leaf(
            ["a.test"], extensions: ["authorityInfoAccess=OCSP;URI:http://ocsp.test/x"])
        let identity = try TLSIdentity(leaf).stapling([1, 2, 3])
        #expect(identity.ocspURL == "http://ocsp.test/x")
        #expect(try fixture.connect(fixture.client(), fixture.server([identity])).echoes())
    }

    @Test func `What a certificate says is read`() throws {
        let fixture = try Fixture.get()
        #expect(try fixture.identity().names == ["a.test", "*.a.test", "127.0.0.1", "::1"])
        #expect(try fixture.identity().keyType == "ECDSA P-256")
        #expect(try fixture.identity(.p384).keyType == "ECDSA P-384")
        #expect(try fixture.identity(.p521).keyType == "ECDSA P-521")
        #expect(try fixture.identity(.rsa2048).keyType == "RSA 2048")
        #expect(try fixture.identity(.ed25519).keyType == "Ed25519")
        #expect(try fixture.identity().notBefore == 1_577_836_800)
        #expect(try fixture.identity().notAfter == 4_070_908_800)
        #expect(try fixture.identity().ocspURL == nil)
    }

    @Test func `What cannot be used is said`() throws {
        let fixture = try Fixture.get()
        let one = try fixture.authority.leaf(["one.test"])
        let two = try fixture.authority.leaf(["two.test"])
        func message(_ certificates: [UInt8], _ key: [UInt8]) -> String {
            do {
                _ = try TLSIdentity(certificates: certificates, key: key, ocsp: nil)
                return ""
            } catch { return error.message }
        }
        #expect(message(one.chainPEM, two.keyPEM).contains("the key does not belong to the certificate"))
        #expect(message([], one.keyPEM) == "no certificate in PEM form found")
        #expect(message(one.keyPEM, one.keyPEM) == "no certificate in PEM form found")
        #expect(message(one.chainPEM, one.chainPEM) == "no private key in PEM form found")
        #expect(message(one.chainPEM + one.keyPEM, one.chainPEM + one.keyPEM).isEmpty)
        #expect(message(fixture.authority.authorityPEM + one.chainPEM, one.keyPEM).isEmpty)
        let broken = Array(String(decoding: one.chainPEM, as: UTF8.self).replacing("MII", with: "AAA").utf8)
        #expect(message(broken.count == one.chainPEM.count ? broken : [], one.keyPEM).contains("certificate"))
        for form in ["pkey -aes256 -passout pass:x", "ec -aes256 -passout pass:x"] {
            let encrypted = try fixture.authority.run("openssl \(form) -in '\(one.key)'")
            #expect(message(one.chainPEM, Array(encrypted.utf8)).contains("the key is encrypted"))
        }
        let old = try fixture.authority.run("openssl ec -in '\(one.key)'")
        #expect(old.contains("BEGIN EC PRIVATE KEY"))
        #expect(message(one.chainPEM, Array(old.utf8)).isEmpty)
        let short = try fixture.authority.run(
            "openssl req -config ca.cnf -x509 -newkey rsa:1024 -nodes -keyout - -subj /CN=short 2>/dev/null")
        #expect(message(Array(short.utf8), Array(short.utf8)).contains("1024 bits is too short"))
    }
}
