import MartletHTTPCore
import MartletProxyConfig
import Testing

/// Configs that were made in code are held to the same rules.
struct ValidationTests {
    static func shown(_ configuration: Configuration) -> String {
        do throws(ConfigurationErrors) {
            let checked = try ConfigurationLoader.validate(configuration, origin: "the command line")
            return DiagnosticText.render(checked.warnings, source: checked.source, colour: false)
        } catch {
            return error.text(colour: false)
        }
    }

    static let server = ServerConfiguration(address: .name("a", port: 1))

    @Test func aProxyWithoutAFileIsFine() {
        let configuration = Configuration(
            listeners: [ListenerConfiguration(address: .tcp(nil, port: 8080))],
            routes: [RouteConfiguration(upstream: "servers")],
            upstreams: [UpstreamConfiguration(name: "servers", servers: [ValidationTests.server])])
        #expect(ValidationTests.shown(configuration) == "")
    }

    @Test func whatAFileWouldBeRefusedForIsRefused() {
        let configuration = Configuration(
            listeners: [],
            routes: [RouteConfiguration(upstream: "apj"), RouteConfiguration(upstream: "api")],
            upstreams: [
                UpstreamConfiguration(name: "api", servers: []),
                UpstreamConfiguration(name: "b", servers: [ValidationTests.server, ValidationTests.server]),
                UpstreamConfiguration(name: "b", servers: [ValidationTests.server]),
            ])
        #expect(
            ValidationTests.shown(configuration) == """
                the command line: error: there is no listener
                the command line: error: upstream 'api' has no server; add 'servers' or 'discover'
                the command line: error: there are two upstreams 'b'
                the command line: error: server 'a:1' is there twice; it is already servers[0]
                the command line: error: there is no upstream 'apj'; did you mean 'api'?
                the command line: error: this route for '/*' can never match; routes[0] is for the same
                the command line: warning: no route leads to upstream 'b'
                the command line: warning: no route leads to upstream 'b'

                """)
    }
}
