import MartletTestSupport
import Testing

@testable import MartletTLS

/// Certificates that many tests use, made once.
struct Fixture {
    let authority: TestCertificates
    /// For a.test, one of each kind of key.
    let identities: [TestCertificates.Key: TLSIdentity]
    /// For a client of ours.
    let client: TLSIdentity

    private static let made = Result { try Fixture() }
    static func get() throws -> Fixture { try made.get() }

    private init() throws {
        authority = try TestCertificates()
        var identities: [TestCertificates.Key: TLSIdentity] = [:]
        for key in TestCertificates.Key.allCases {
            identities[key] = try TLSIdentity(authority.leaf(["a.test", "*.a.test", "127.0.0.1", "::1"], key: key))
        }
        self.identities = identities
        client = try TLSIdentity(
            authority.leaf(["client.test", "spiffe://test/web/one"], subject: "/O=Test/CN=Client"))
    }

    func identity(_ key: TestCertificates.Key = .p256) throws -> TLSIdentity { try #require(identities[key]) }

    /// A context of a server that presents this.
    func server(
        _ presented: [TLSIdentity]? = nil, _ change: (inout TLSServerSettings) -> Void = { _ in }
    ) throws -> TLSServerContext {
        var settings = TLSServerSettings()
        change(&settings)
        let table = TLSIdentityTable(try presented ?? [identity()])
        return try TLSServerContext(settings, identities: TLSIdentities(table), keyLog: nil)
    }

    /// A context of a client that trusts the authority.
    func client(_ change: (inout TLSClientSettings) -> Void = { _ in }) throws -> TLSClientContext {
        var settings = TLSClientSettings()
        settings.authorities = .pem(authority.authorityPEM)
        change(&settings)
        return try TLSClientContext(settings, keyLog: nil)
    }

    /// A connection of both, after the handshake, as far as that came.
    func connect(
        _ client: TLSClientContext, _ server: TLSServerContext, to host: String = "a.test", key: Int = 1
    ) throws -> Connection {
        let connection = try Connection(client.session(to: host, cacheKey: key), server.session())
        connection.pump()
        return connection
    }
}

extension TLSIdentity {
    convenience init(_ leaf: TestCertificates.Leaf, ocsp: [UInt8]? = nil) throws {
        try self.init(certificates: leaf.chainPEM, key: leaf.keyPEM, ocsp: ocsp)
    }
}
