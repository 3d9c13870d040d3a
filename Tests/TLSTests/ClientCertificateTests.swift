import MartletTestSupport
import Testing

@testable import MartletTLS

@Suite struct ClientCertificateTests {
    /// A server that wants clients' certificates.
    private func server(
        isRequired: Bool = true, revocations: [UInt8]? = nil, names: [String] = []
    ) throws -> TLSServerContext {
        let fixture = try Fixture.get()
        return try fixture.server {
            $0.clients = TLSClientVerification(
                isRequired: isRequired, authorities: fixture.authority.authorityPEM, revocations: revocations,
                allowedNames: names)
            $0.tickets = TLSTicketKeys(rotateEverySeconds: 3600)
        }
    }

    private func connect(
        _ identity: TLSIdentity?, _ server: TLSServerContext, _ version: TLSVersion = .v13
    ) throws -> Connection {
        let fixture = try Fixture.get()
        let client = try fixture.client {
            ($0.minimum, $0.maximum) = (version, version)
            $0.identity = identity
        }
        return try fixture.connect(client, server)
    }

    @Test(arguments: [TLSVersion.v12, .v13]) func `A client is known by its certificate`(version: TLSVersion) throws {
        let fixture = try Fixture.get()
        let connection = try connect(fixture.client, server(), version)
        #expect(connection.echoes())
        let peer = try #require(connection.server.session.peer)
        #expect(peer.subject == "CN=Client,O=Test")
        #expect(peer.names == ["DNS:client.test", "URI:spiffe://test/web/one"])
        #expect(peer.der == fixture.client.chain[0])
    }

    @Test(arguments: [TLSVersion.v12, .v13]) func `A missing certificate is refused, where one is required`(
        version: TLSVersion
    ) throws {
        let refused = try connect(nil, server(), version)
        #expect(refused.server.failure == TLSFailure(.clientCertificate, "the client has sent no certificate"))
        #expect(refused.client.hasFailed)
        if version == .v13 { #expect(refused.client.failure?.kind == .clientCertificate) }
        let accepted = try connect(nil, server(isRequired: false), version)
        #expect(accepted.echoes())
        #expect(accepted.server.session.peer == nil)
    }

    @Test(arguments: [TLSVersion.v12, .v13], [true, false])
    func `A bad certificate is refused, and the client hears it`(version: TLSVersion, isRequired: Bool) throws {
        let fixture = try Fixture.get()
        let stranger = try TLSIdentity(TestCertificates("Stranger").leaf(["client.test"]))
        let expired = try TLSIdentity(fixture.authority.leaf(["client.test"], valid: .expired))
        let future = try TLSIdentity(fixture.authority.leaf(["client.test"], valid: .future))
        let served = try TLSIdentity(
            fixture.authority.leaf(["client.test"], extensions: ["extendedKeyUsage=serverAuth"]))
        for (identity, text, alert) in [
            (stranger, "unable to get local issuer certificate", "unknown CA"),
            (expired, "certificate has expired", "certificate expired"),
            (future, "certificate is not yet valid", "bad certificate"),
            (served, "unsupported certificate purpose", "unsupported certificate"),
        ] {
            let connection = try connect(identity, server(isRequired: isRequired), version)
            #expect(connection.server.failure == TLSFailure(.clientCertificate, text))
            #expect(connection.client.failure == TLSFailure(.clientCertificate, "peer sent alert: \(alert)"))
        }
    }

    @Test func `A revoked certificate is refused`() throws {
        let authority = try TestCertificates("Revoking")
        let good = try authority.leaf(["good.test"])
        let bad = try authority.leaf(["bad.test"])
        let list = try authority.revoke([bad])
        let fixture = try Fixture.get()
        for revocations in [list.pem, PEMBlock.all(in: list.pem)[0].bytes] {
            let server = try fixture.server {
                $0.clients = TLSClientVerification(authorities: authority.authorityPEM, revocations: revocations)
            }
            #expect(try connect(TLSIdentity(good), server).echoes())
            let refused = try connect(TLSIdentity(bad), server)
            #expect(refused.server.failure == TLSFailure(.clientCertificate, "certificate revoked"))
            #expect(refused.client.failure?.text == "peer sent alert: certificate revoked")
        }
        // A list of somebody else does not say that it is not revoked.
        let other = try TestCertificates("Other").revoke([]).pem
        let server = try fixture.server {
            $0.clients = TLSClientVerification(authorities: authority.authorityPEM, revocations: other)
        }
        #expect(try connect(TLSIdentity(good), server).server.failure?.text.contains("CRL") == true)
        #expect(throws: TLSError.self) {
            try server.replaceClientVerification(
                TLSClientVerification(authorities: authority.authorityPEM, revocations: [1, 2, 3]))
        }
        try server.replaceClientVerification(TLSClientVerification(authorities: authority.authorityPEM))
        #expect(try connect(TLSIdentity(good), server).echoes())
    }

    @Test(arguments: [
        (["client.test"], true), (["CLIENT.test"], true), (["*.test"], true), (["Client"], true),
        (["spiffe://test/web/one"], true), (["spiffe://test/web/*"], true), (["spiffe://test/*"], true),
        (["other", "client.test"], true), ([], true),
        (["other.test"], false), (["*.client.test"], false), (["test"], false), (["spiffe://test/web"], false),
        (["spiffe://test/we/*"], false), (["spiffe://test/web/one/*"], false), (["spiffe://other/*"], false),
    ]) func `Names decide who may come`(names: [String], isAllowed: Bool) throws {
        let fixture = try Fixture.get()
        let connection = try connect(fixture.client, server(names: names))
        #expect(connection.server.session.isEstablished == isAllowed)
        if !isAllowed {
            #expect(connection.server.failure?.text.contains("no name of the certificate is allowed") == true)
            #expect(connection.client.failure == TLSFailure(.clientCertificate, "peer sent alert: access denied"))
        }
    }

    @Test func `Names that name nobody are errors`() {
        for name in ["", "*", "*.", "a*.test", "a.*"] { #expect(throws: TLSError.self) { try AllowedNames([name]) } }
    }

    @Test(arguments: [TLSVersion.v12, .v13]) func `Who comes back is still known`(version: TLSVersion) throws {
        let fixture = try Fixture.get()
        let server = try server(names: ["client.test"])
        let client = try fixture.client {
            ($0.minimum, $0.maximum) = (version, version)
            $0.identity = fixture.client
        }
        #expect(try fixture.connect(client, server).echoes())
        let back = try fixture.connect(client, server)
        #expect(back.echoes())
        #expect(back.server.session.isResumed)
        #expect(back.server.session.peer?.subject == "CN=Client,O=Test")
        // Otherwise verified, tickets count no more.
        try server.replaceClientVerification(
            TLSClientVerification(authorities: fixture.authority.authorityPEM, allowedNames: ["else"]))
        let refused = try fixture.connect(client, server)
        #expect(refused.server.failure?.kind == .clientCertificate)
    }

    @Test(arguments: [TLSVersion.v12, .v13]) func `A ticket does not go from one listener to another`(
        version: TLSVersion
    ) throws {
        let fixture = try Fixture.get()
        let keys = TLSTicketKeys(rotateEverySeconds: 3600)
        let open = try fixture.server { $0.tickets = keys }
        let closed = try fixture.server {
            $0.tickets = keys
            $0.clients = TLSClientVerification(authorities: fixture.authority.authorityPEM)
        }
        let client = try fixture.client { ($0.minimum, $0.maximum) = (version, version) }
        #expect(try fixture.connect(client, open).echoes())
        let refused = try fixture.connect(client, closed)
        #expect(!refused.server.session.isEstablished)
        #expect(refused.server.failure?.text == "the client has sent no certificate")
    }

    @Test func `Chains over an intermediate authority are verified`() throws {
        let root = try TestCertificates("Root")
        let intermediate = try TestCertificates("Intermediate", issuedBy: root)
        let fixture = try Fixture.get()
        let server = try fixture.server { $0.clients = TLSClientVerification(authorities: root.authorityPEM) }
        #expect(try connect(TLSIdentity(intermediate.leaf(["client.test"])), server).echoes())
    }
}
