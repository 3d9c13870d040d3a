import MartletProxyConfig
import MartletTLS
import MartletTestSupport
import Testing

@testable import MartletControl

/// Files of certificates at the start: what is wrong with them is said at the setting that names them.
@Suite struct SecureLoaderTests {
    private let authority: TestCertificates
    private let leaf: TestCertificates.Leaf
    private let other: TestCertificates.Leaf

    init() throws {
        authority = try TestCertificates()
        leaf = try authority.leaf(["a.test", "*.a.test"])
        other = try authority.leaf(["b.test"], key: .rsa2048)
    }

    /// A file of the test's own in the authority's folder.
    private func file(_ name: String, _ content: [UInt8]) throws -> String {
        let path = "\(authority.folder)/\(name)"
        try write(content, to: path)
        return path
    }

    private func listener(_ tls: String) throws -> Configuration {
        try ConfigurationLoader.parse("listeners: [{address: ':1', tls: {\(tls)}}, {address: ':2'}]", file: "test")
    }

    private func upstream(_ tls: String) throws -> Configuration {
        let text = "listeners: [{address: ':1'}]\nroutes: [{upstream: a}]\n"
        return try ConfigurationLoader.parse(
            text + "upstreams: {a: {servers: ['127.0.0.1:1'], tls: {\(tls)}}}", file: "test")
    }

    /// What is found, as `severity keyPath: message`, without the beginnings that are the same for all.
    private func findings(_ configuration: Configuration) -> [String] {
        SecureParts.load(configuration).findings.map { finding in
            let path = finding.keyPath.replacing("listeners[0].tls.", with: "").replacing("upstreams.a.tls.", with: "")
            let message = finding.message.replacing(authority.folder, with: "")
            return (finding.severity == .warning ? "warning " : "") + "\(path): \(message)"
        }
    }

    @Test func goodFilesAreTaken() throws {
        let both = try file("both.pem", leaf.chainPEM + leaf.keyPEM)
        let tls = "certificates: [{certificate: '\(other.chain)', key: '\(other.key)'}, '\(both)']"
        let (parts, findings) = SecureParts.load(try listener(tls))
        #expect(findings.isEmpty)
        let shown = try #require(parts.listeners[0]).certificates.vouchedFor
        #expect(shown.map(\.names) == [["b.test"], ["a.test", "*.a.test"]])
        #expect(parts.listeners[1] == nil)
        #expect(parts.files.map(\.paths) == [[other.chain, other.key], [both]])
    }

    @Test func badFilesAreNamed() throws {
        let nonsense = try file("nonsense", Array("hello\n".utf8))
        let found = findings(
            try listener(
                """
                certificates: [/nowhere/a.pem, {certificate: '\(leaf.chain)', key: /nowhere/a.key}, '\(authority.folder)',
                  {certificate: '\(nonsense)', key: '\(leaf.key)'}, {certificate: '\(leaf.chain)', key: '\(nonsense)'},
                  {certificate: '\(leaf.chain)', key: '\(other.key)'}, '\(leaf.chain)',
                  {certificate: '\(leaf.chain)', key: '\(leaf.key)', ocsp: '\(nonsense)'}],
                tickets: {keys: ['\(nonsense)']}, clientCertificates: {ca: /nowhere/ca.pem}
                """))
        let expected = [
            "certificates[0].certificate: cannot read '/nowhere/a.pem': there is no such file",
            "certificates[1].key: cannot read '/nowhere/a.key': there is no such file",
            "certificates[2].certificate: cannot read '': it is a directory",
            "certificates[3].certificate: '/nonsense' is of no use: no certificate and no key in PEM form found",
            "certificates[4].key: '/nonsense' is of no use: no certificate and no key in PEM form found",
        ]
        #expect(Array(found.prefix(expected.count)) == expected)
        let rest = found.dropFirst(expected.count).map { $0.prefix { $0 != ":" } }
        #expect(
            rest == [
                "certificates[5].key", "certificates[6].certificate", "certificates[7].ocsp", "clientCertificates.ca",
                "tickets.keys[0]",
            ], "\(found)")
    }

    @Test func whatAContextRefusesIsFoundAmongItsSettings() throws {
        let nonsense = try file("nonsense", Array("hello\n".utf8))
        let start = "certificates: [{certificate: '\(leaf.chain)', key: '\(leaf.key)'}], clientCertificates: "
        let ca = findings(try listener(start + "{ca: '\(nonsense)'}"))
        #expect(ca.count == 1 && ca[0].hasPrefix("clientCertificates.ca: "), "\(ca)")
        let crl = findings(try listener(start + "{ca: '\(authority.authority)', crl: '\(nonsense)'}"))
        #expect(crl.count == 1 && crl[0].hasPrefix("clientCertificates.crl: "), "\(crl)")
        let servers = findings(try upstream("ca: '\(nonsense)'"))
        #expect(servers.count == 1 && servers[0].hasPrefix("ca: "), "\(servers)")
        #expect(findings(try upstream("ca: '\(authority.authority)'")).isEmpty)
    }

    @Test func whatIsOddIsAWarning() throws {
        let old = try authority.leaf(["old.test"], valid: .expired)
        let early = try authority.leaf(["early.test"], valid: .future)
        let found = findings(
            try listener(
                """
                certificates: [{certificate: '\(old.chain)', key: '\(old.key)'},
                  {certificate: '\(early.chain)', key: '\(early.key)'},
                  {certificate: '\(leaf.chain)', key: '\(leaf.key)', ocsp: fetch}]
                """))
        #expect(
            found == [
                "warning certificates[0].certificate: the certificate has expired on 2021-01-01T00:00:00Z",
                "warning certificates[1].certificate: the certificate is not valid before 2090-01-01T00:00:00Z",
                "warning certificates[2].ocsp: the certificate names no service that could be asked",
            ])
    }

    @Test func settingsAreThoseOfTheConfig() throws {
        let parts = SecureParts.load(
            try listener(
                """
                certificates: [{certificate: '\(leaf.chain)', key: '\(leaf.key)'}], maxVersion: '1.2',
                ciphers: [ECDHE-ECDSA-AES128-GCM-SHA256], groups: [P-256], tickets: off,
                clientCertificates: {mode: request, ca: '\(authority.authority)', names: ['spiffe://a/*']}
                """)
        ).parts
        let settings = try #require(parts.listeners[0]).settings
        #expect(settings.minimum == .v12 && settings.maximum == .v12)
        #expect(settings.ciphers == ["ECDHE-ECDSA-AES128-GCM-SHA256"] && settings.groups == ["P-256"])
        #expect(settings.tickets == nil)
        #expect(settings.clients?.isRequired == false && settings.clients?.allowedNames == ["spiffe://a/*"])
        #expect(settings.clients?.authorities == authority.authorityPEM)
        let pin = "sha256/9SLklscvzMYj8f+52lp5ze/hY0CFHyLSPQzSpYYIBm8="
        let upstreams = SecureParts.load(
            try upstream("ca: '\(authority.authority)', pins: ['\(pin)'], pinReportOnly: true, sessionReuse: false")
        ).parts.upstreams
        let client = try #require(upstreams["a"]).settings
        #expect(client.pins == [try #require(TLSPin(pin))] && client.pinsReportOnly && !client.pinsReplaceChain)
        #expect(!client.reusesSessions && !client.isInsecure && client.protocols == ["http/1.1"])
    }

    @Test(
        arguments: [
            ("", ["h2", "http/1.1"]), ("http2: on", ["h2", "http/1.1"]), ("http2: off", ["http/1.1"]),
            ("mode: tcp, upstream: a", []),
        ])
    func clientsAreOfferedWhatIsServed(keys: String, expected: [String]) throws {
        let tls = "tls: {certificates: [{certificate: '\(leaf.chain)', key: '\(leaf.key)'}]}"
        let configuration = try ConfigurationLoader.parse(
            "listeners: [{address: ':1', \(tls)\(keys.isEmpty ? "" : ", " + keys)}]\n"
                + "upstreams: {a: {servers: ['127.0.0.1:1']}}", file: "test")
        let parts = SecureParts.load(configuration).parts
        #expect(try #require(parts.listeners[0]).settings.protocols == expected)
    }

    @Test(
        arguments: [
            ("http1", "", ["http/1.1"]), ("http1", "alpn: []", []), ("h2", "", ["h2"]),
            ("auto", "", ["h2", "http/1.1"]),
        ])
    func serversAreOfferedWhatTheProtocolSays(word: String, tls: String, expected: [String]) throws {
        let configuration = try ConfigurationLoader.parse(
            "listeners: [{address: ':1'}]\nroutes: [{upstream: a}]\n"
                + "upstreams: {a: {servers: ['127.0.0.1:1'], protocol: \(word), tls: {\(tls)}}}", file: "test")
        let parts = SecureParts.load(configuration).parts
        #expect(try #require(parts.upstreams["a"]).settings.protocols == expected)
    }
}
