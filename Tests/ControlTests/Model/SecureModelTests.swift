import MartletEventLoop
import MartletProxy
import MartletProxyConfig
import MartletRouting
import MartletTestSupport
import Testing

@testable import MartletControl

/// What the config says of TLS and plain TCP, in the model.
@Suite struct SecureModelTests {
    private let leaf: TestCertificates.Leaf
    private let authority: TestCertificates

    init() throws {
        authority = try TestCertificates()
        leaf = try authority.leaf(["a.test"])
    }

    private func configuration(_ tls: String, port: Int = 443) throws -> Configuration {
        let certificates = "certificates: [{certificate: '\(leaf.chain)', key: '\(leaf.key)'}]"
        return try ConfigurationLoader.parse(
            "listeners: [{address: ':\(port)', tls: {\(certificates)\(tls)}}]\nadmin: {address: '127.0.0.1:0'}",
            file: "test")
    }

    private func strictTransport(_ tls: String) throws -> String? {
        let configuration = try configuration(tls)
        let secure = SecureParts.load(configuration).parts
        return try ModelCompiler.compile(configuration, loops: 1, secure: secure).listeners[0].tls?.strictTransport
    }

    @Test func strictTransportIsAsTheConfigSays() throws {
        #expect(try strictTransport("") == nil)
        #expect(try strictTransport(", hsts: {}") == "max-age=31536000")
        #expect(try strictTransport(", httpsOnly: ':80'") == "max-age=31536000")
        #expect(try strictTransport(", httpsOnly: ':80', hsts: off") == nil)
        let all = ", hsts: {maxAge: 730d, includeSubdomains: true, preload: true}"
        #expect(try strictTransport(all) == "max-age=63072000; includeSubDomains; preload")
        #expect(try strictTransport(", hsts: {maxAge: 0s}") == "max-age=0")
    }

    @Test func httpsOnlyIsAListenerOfItsOwn() throws {
        let configuration = try configuration(", httpsOnly: ':8081'", port: 8443)
        let secure = SecureParts.load(configuration).parts
        let listeners = try ModelCompiler.compile(configuration, loops: 1, secure: secure).listeners
        #expect(listeners.map(\.name) == [":8443", ":8081", "admin"])
        #expect(listeners.map(\.redirectPort) == [nil, 8443, nil])
        #expect(listeners.map { $0.tls != nil } == [true, false, false])
    }

    @Test func itLeadsToThePortThatTheKernelPicked() throws {
        let text = "listeners: [{address: '127.0.0.1:0', tls: {certificates: [{certificate: '\(leaf.chain)', "
        let configuration = try ConfigurationLoader.parse(
            text + "key: '\(leaf.key)'}], httpsOnly: '127.0.0.1:0'}}]\naccessLog: off", file: "test")
        let server = try ProxyServer(configuration, workers: 1, log: .martlet(.error))
        #expect(server.addresses[0].port != 0)
        #expect(server.model.listeners.map(\.redirectPort) == [nil, server.addresses[0].port])
    }

    @Test func aFileThatIsNoGoodEndsTheStart() throws {
        var configuration = try configuration("")
        configuration.listeners[0].tls?.certificates[0].key = "/nowhere/a.key"
        let expected = StartError.file(
            keyPath: "listeners[0].tls.certificates[0].key", "cannot read '/nowhere/a.key': there is no such file")
        #expect(throws: expected) { try ProxyServer(configuration, log: .martlet(.error)) }
        #expect(expected.exitCode == ExitStatus.configuration)
    }

    @Test func theMostExactNameComesFirst() throws {
        let configuration = try ConfigurationLoader.parse(
            """
            listeners:
              - address: ':1'
                mode: tcp
                upstream: c
                serverNames:
                  - {host: '*.test', upstream: a}
                  - {host: ['*.a.test', x.a.test], upstream: b}
                  - {host: y.test, upstream: c}
              - {address: ':2', mode: tcp, serverNames: [{host: a.test, upstream: a}]}
            upstreams: {a: {servers: ['a:1']}, b: {servers: ['b:1']}, c: {servers: ['c:1']}}
            """, file: "test")
        let listeners = try ModelCompiler.compile(configuration, loops: 1).listeners
        let names = listeners[0].tunnel?.names.map { "\($0.host) \($0.upstream)" }
        #expect(names == ["x.a.test 1", "y.test 2", "*.a.test 1", "*.test 0"])
        #expect(listeners[0].tunnel?.upstream == 2)
        #expect(listeners[1].tunnel != nil && listeners[1].tunnel?.upstream == nil)
    }
}
