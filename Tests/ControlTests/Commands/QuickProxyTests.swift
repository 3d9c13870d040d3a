import MartletHTTPCore
import MartletProxy
import MartletProxyConfig
import MartletRouting
import Testing

@testable import MartletControl

@Suite struct QuickProxyTests {
    private func configuration(
        _ listen: String = ":8080", _ servers: [String] = ["127.0.0.1:1"], accessLog: String = "json"
    ) throws -> Configuration {
        try QuickProxy.configuration(listen: listen, servers: servers, accessLog: accessLog)
    }

    @Test func everythingGoesToOneGroup() throws {
        let configuration = try configuration("127.0.0.1:0", ["127.0.0.1:1", "app.test:2", "unix:/s"])
        #expect(configuration.listeners.map(\.address.description) == ["127.0.0.1:0"])
        let servers = configuration.upstreams.flatMap { $0.servers.map(\.address.description) }
        #expect(servers == ["127.0.0.1:1", "app.test:2", "unix:/s"])
        let model = try ModelCompiler.compile(configuration, loops: 1)
        #expect(model.routes.lookup(host: "any".utf8.span, path: "/thing".utf8.span) == 0)
        #expect(ConfigurationCheck(configuration).summary == nil)
    }

    @Test func theAccessLogIsAsAskedFor() throws {
        #expect(try configuration(accessLog: "json").accessLog?.format == .json)
        #expect(try configuration(accessLog: "combined").accessLog?.format == .combined)
        #expect(try configuration(accessLog: "off").accessLog == nil)
    }

    @Test(
        arguments: [
            ("8080", ["127.0.0.1:1"]), ("host.test:80", ["127.0.0.1:1"]), (":1", ["127.0.0.1"]), (":1", [""]),
            (":1", ["127.0.0.1:1", "127.0.0.1:0"]), (":70000", ["127.0.0.1:1"]),
        ])
    func whatIsNoAddressIsAnError(listen: String, servers: [String]) {
        #expect(throws: AddressError.self) { try configuration(listen, servers) }
    }

    @Test func httpsInFrontOfAllServersIsTLS() throws {
        let secure = try configuration(":1", ["https://app.test", "https://127.0.0.1:8443/", "https://[::1]"])
        #expect(secure.upstreams[0].tls == UpstreamTLSConfiguration())
        let servers = secure.upstreams[0].servers.map(\.address.description)
        #expect(servers == ["app.test:443", "127.0.0.1:8443", "[::1]:443"])
        #expect(try configuration().upstreams[0].tls == nil)
        #expect(throws: AddressError.self) { try configuration(":1", ["https://a.test", "b.test:1"]) }
        #expect(throws: AddressError.self) { try configuration(":1", ["https://a.test/path"]) }
    }

    @Test func aCertificateIsForClients() throws {
        let configuration = try QuickProxy.configuration(
            listen: ":1", servers: ["127.0.0.1:1"], accessLog: "off", certificate: ("a.pem", "a.key"))
        #expect(configuration.listeners[0].tls?.certificates == [.init(certificate: "a.pem", key: "a.key")])
    }

    /// What the addresses alone do not show.
    @Test func theSameServerTwiceIsFound() throws {
        let check = ConfigurationCheck(try configuration(":1", ["127.0.0.1:1", "127.0.0.1:1"]))
        #expect(check.summary != nil)
    }
}
