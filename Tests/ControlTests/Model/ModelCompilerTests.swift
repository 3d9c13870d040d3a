import MartletEventLoop
import MartletHTTPCore
import MartletProxy
import MartletProxyConfig
import MartletRouting
import Testing

@testable import MartletControl

@Suite struct ModelCompilerTests {
    private func compile(_ yaml: String, loops: Int = 1) throws -> Model {
        try ModelCompiler.compile(ConfigurationLoader.parse(yaml, file: "test"), loops: loops)
    }

    private let plain = """
        listeners: [{address: ':1'}]
        routes: [{upstream: a}]
        upstreams: {a: {servers: ['127.0.0.1:1']}}

        """

    @Test func theDefaultsOfTheConfigAreThoseOfTheLoops() throws {
        let model = try compile(plain)
        var settings = ProxySettings()
        settings.bufferBytes = 256 << 20
        #expect("\(model.settings)" == "\(settings)")
        #expect("\(model.upstreams[0].settings)" == "\(UpstreamSettings())")
        #expect(model.listeners[0].http2 == HTTP2Settings())
    }

    @Test func listenersKeepTheirOrderAndAdminIsLast() throws {
        let listeners = try compile(
            """
            admin: {address: '[::1]:9'}
            listeners: [{address: ':1'}, {address: 'unix:/a', name: inside}, {address: '127.0.0.1:0'}]
            """
        ).listeners
        #expect(listeners.map(\.name) == [":1", "inside", "127.0.0.1:0", "admin"])
        #expect(listeners.map(\.address.description) == [":1", "unix:/a", "127.0.0.1:0", "[::1]:9"])
        #expect(listeners.map(\.isAdmin) == [false, false, false, true])
    }

    @Test func httpIsServedByBothVersionsWhereItIsServed() throws {
        let listeners = try compile(
            """
            admin: {address: '127.0.0.1:9'}
            listeners:
              - {address: ':1', http2: off}
              - {address: ':2', http2: {maxStreams: 3, connectionWindow: 256KiB}}
              - {address: ':3', mode: tcp, upstream: a}
            upstreams: {a: {servers: ['127.0.0.1:1']}}
            """
        ).listeners
        #expect(listeners.map { $0.http2?.maxStreams } == [nil, 3, nil, nil])
        #expect(listeners[1].http2?.connectionWindow == 256 << 10)
    }

    @Test(
        arguments: [("http1", .http1), ("h2", .http2), ("h2c", .http2), ("auto", .negotiated)]
            as [(String, UpstreamProtocol)])
    func whatIsSpokenWithServersIsAsTheConfigSays(word: String, version: UpstreamProtocol) throws {
        let settings = try compile(plain.replacing("']", with: "'], protocol: \(word)")).upstreams[0].settings
        #expect(settings.version == version)
        #expect(settings.http2 == .forServers)
    }

    @Test func serversStandOneBehindTheOther() throws {
        let model = try compile(
            """
            listeners: [{address: ':1'}]
            routes: [{upstream: a}, {path: /b, upstream: b}]
            upstreams:
              a: {servers: ['127.0.0.1:1', 'app.test:2']}
              b: {servers: ['unix:/s', '[2001:db8::1]:4']}
            """)
        #expect(model.upstreams.map(\.servers) == [[0, 1], [2, 3]])
        #expect(model.servers.map(\.name) == ["127.0.0.1:1", "app.test:2", "unix:/s", "[2001:db8::1]:4"])
        let addresses = model.servers.map { $0.addresses.map(\.description) }
        #expect(addresses == [["127.0.0.1:1"], [], ["unix:/s"], ["[2001:db8::1]:4"]])
    }

    @Test func aRouteOfSeveralHostsIsForEach() throws {
        let model = try compile(
            """
            listeners: [{address: ':1'}]
            routes: [{host: [a.test, '*.b.test'], path: /x/*, upstream: u}]
            upstreams: {u: {servers: ['127.0.0.1:1']}}
            """)
        let hits = ["a.test", "c.b.test", "b.test", "other"].map {
            model.routes.lookup(host: $0.utf8.span, path: "/x/y".utf8.span)
        }
        #expect(hits == [0, 0, nil, nil])
        #expect(model.routes.lookup(host: "a.test".utf8.span, path: "/y".utf8.span) == nil)
    }

    @Test func whatIsOffIsWithoutALimit() throws {
        let more = "limits: {requestBody: off}\nrates: {request: off, response: off}\ntimeouts: {exchange: off}\n"
        let settings = try compile(plain + more).settings
        #expect(settings.requestBody == .max && settings.connectionsPerClient == .max)
        #expect(settings.requestsPerConnection == .max)
        #expect(settings.requestRate == 0 && settings.responseRate == 0 && settings.exchangeTime == 0)
    }

    @Test func bufferMemoryIsShared() throws {
        let more = "limits: {bufferMemory: 8MiB}\n"
        #expect(try compile(plain + more, loops: 4).settings.bufferBytes == 2 << 20)
        #expect(try compile(plain + more, loops: 100).settings.bufferBytes == 1 << 20, "less is of no use")
    }

    @Test(
        arguments: [
            (.zero, 0), (.milliseconds(1), 1), (.seconds(2), 2_000), (.nanoseconds(1), 1), (.microseconds(1_001), 2),
            (.seconds(86_400), 86_400_000), (.seconds(-1), 0), (.nanoseconds(-1), 0),
        ] as [(Duration, UInt64)])
    func timesAreWholeMilliseconds(time: Duration, milliseconds: UInt64) { #expect(time.milliseconds == milliseconds) }

    @Test func aPatternThatIsNoneIsAnError() {
        var configuration = Configuration(
            listeners: [], routes: [RouteConfiguration(path: "no-slash", upstream: "a")],
            upstreams: [UpstreamConfiguration(name: "a", servers: [])])
        #expect(throws: PatternError.self) { try ModelCompiler.compile(configuration, loops: 1) }
        configuration.routes = [RouteConfiguration(host: ["a b"], upstream: "a")]
        #expect(throws: PatternError.self) { try ModelCompiler.compile(configuration, loops: 1) }
    }
}
