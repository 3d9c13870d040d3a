import MartletProxy
import MartletProxyConfig
import Testing

@testable import MartletControl

/// What ties requests to servers.
@Suite struct AffinityTests {
    private func affinity(
        _ keys: String, servers: String = "'127.0.0.1:1', 'b.test:2'", secret: String = "of the process"
    ) throws -> Affinity {
        let text = """
            listeners: [{address: ':1'}]
            routes: [{upstream: shop}]
            upstreams: {shop: {servers: [\(servers)], \(keys)}}
            """
        let configuration = try ConfigurationLoader.parse(text, file: "test")
        return try ModelCompiler.compile(configuration, loops: 1, secret: StickySecret(secret)).upstreams[0].affinity
    }

    @Test func withoutAKeyOrACookieNothingIsTied() throws {
        let plain = try affinity("balance: random")
        #expect(plain.key == nil && plain.sticky == nil)
    }

    @Test(arguments: [
        ("balance: hash", KeySource.clientAddress), ("balance: hash, hash: header X-User", .field("x-user")),
        ("balance: hash, hash: cookie Id", .cookie("Id")), ("balance: hash, hash: path", .path),
        ("balance: hash, hash: query Q", .query("Q")), ("balance: hash, hash: {bound: off}", .clientAddress),
    ])
    func keysComeFromWhereTheConfigSays(keys: String, source: KeySource) throws {
        #expect(try affinity(keys).key == source)
    }

    @Test(arguments: [
        ("{}", "; Path=/; HttpOnly; SameSite=Lax"),
        ("{ttl: 1h, secure: true}", "; Path=/; Max-Age=3600; HttpOnly; SameSite=Lax; Secure"),
        ("{ttl: 1500ms, httpOnly: false}", "; Path=/; Max-Age=2; SameSite=Lax"),
        ("{path: /a, domain: .Example.com}", "; Path=/a; Domain=example.com; HttpOnly; SameSite=Lax"),
        ("{sameSite: strict}", "; Path=/; HttpOnly; SameSite=Strict"),
        ("{sameSite: none, secure: true}", "; Path=/; HttpOnly; SameSite=None; Secure"),
    ])
    func attributesStandBehindTheValue(sticky: String, attributes: String) throws {
        #expect(try affinity("sticky: \(sticky)").sticky?.attributes == attributes)
    }

    /// Made by Python's hmac and base64, of "shop", a NUL and the server.
    @Test func valuesAreKeyedHashesOfTheNames() throws {
        let secret = "0123456789abcdef0123456789abcdef"
        let values = try #require(try affinity("sticky: {secret: \(secret)}").sticky?.values)
        #expect(values == ["npqjRMiF8Ej3lYqaHl_dIw", "cL2L5rfx4NYzA8HNHhAdsQ"])
    }

    @Test func valuesDependOnTheSecretTheUpstreamAndTheServerAlone() throws {
        let values = try #require(try affinity("sticky: {}").sticky?.values)
        #expect(Set(values).count == 2)
        let reversed = try affinity("sticky: {ttl: 1h}, balance: first", servers: "'b.test:2', '127.0.0.1:1'")
        #expect(reversed.sticky?.values == values.reversed())
        #expect(try affinity("sticky: {}", secret: "another").sticky?.values != values)
        let secret = StickySecret("of the process")
        #expect(secret.value(upstream: "shop", server: "127.0.0.1:1") == values[0])
        #expect(secret.value(upstream: "shop2", server: "127.0.0.1:1") != values[0])
    }

    @Test func aProcessHasASecretOfItsOwn() {
        let value = StickySecret.ofProcess.value(upstream: "a", server: "b")
        #expect(value == StickySecret.ofProcess.value(upstream: "a", server: "b"))
        #expect(value.utf8.count == 22)
    }

    /// RFC 4648 section 10, in the alphabet of section 5.
    @Test(
        arguments: [
            ([], ""), ([0x66], "Zg"), ([0x66, 0x6F], "Zm8"), ([0x66, 0x6F, 0x6F], "Zm9v"), ([0xFB, 0xFF], "-_8"),
            ([0x66, 0x6F, 0x6F, 0x62], "Zm9vYg"),
        ] as [([UInt8], String)])
    func base64IsThatOfURLs(bytes: [UInt8], text: String) { #expect(Base64URL.encode(bytes) == text) }
}
