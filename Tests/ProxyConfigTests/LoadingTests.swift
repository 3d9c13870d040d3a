import MartletHTTPCore
import MartletProxyConfig
import Testing

struct LoadingTests {
    @Test func theSmallestFileHasTheDefaults() throws {
        let configuration = try ConfigurationLoader.parse("listeners: [{address: ':8080'}]", file: "m.yaml")
        let expected = Configuration(listeners: [ListenerConfiguration(address: .tcp(nil, port: 8080))])
        #expect(configuration == expected)
    }

    @Test func everySettingIsRead() throws {
        let configuration = try ConfigurationLoader.parse(LoadingTests.everything, file: "m.yaml")
        #expect(configuration == LoadingTests.expected)
    }

    static let everything = """
        workers: 3
        trustedProxies: ["10.0.0.0/8", "::1"]
        listeners:
          - {address: "127.0.0.1:0", name: web}
          - address: unix:/run/m.sock
        routes:
          - {host: Example.com, path: /api/*, upstream: api}
          - {host: ["*.example.com", b.example], upstream: b.2}
        upstreams:
          api:
            servers: ["127.0.0.1:9001", unix:/run/b.sock, {address: "app:9000"}]
            connectTimeout: 1s
            responseTimeout: 2m
            retry: {attempts: 10}
            resolveInterval: 500ms
            pool: {maxIdle: 0, idleTimeout: 5s, maxRequests: 7}
          b.2:
            servers: ["[::1]:1"]
            pool: {maxRequests: off}
        limits:
          requestHead: 1KiB
          requestFields: 7
          uri: 100
          requestBody: 10MiB
          responseHead: 2KiB
          responseFields: 8
          connections: 9
          connectionsPerClient: 10
          requestsPerConnection: 11
          bufferMemory: 1GiB
        timeouts: {requestHead: 1s, idle: 2s, exchange: 3h, drain: 0s, linger: 4ms}
        rates: {request: off, response: 1KiB, grace: 1m}
        accessLog: {format: combined, file: ./access.log, queue: 64KiB}
        log: {level: debug}
        admin: {address: "127.0.0.1:9901"}
        """

    static var expected: Configuration {
        var api = UpstreamConfiguration(
            name: "api",
            servers: [
                ServerConfiguration(address: .ip(IPAddress(v4: 0x7F00_0001), port: 9001)),
                ServerConfiguration(address: .unix(path: "/run/b.sock")),
                ServerConfiguration(address: .name("app", port: 9000)),
            ])
        api.connectTimeout = .seconds(1)
        api.responseTimeout = .seconds(120)
        api.retry?.attempts = 10
        api.resolveInterval = .milliseconds(500)
        api.pool.maxIdle = 0
        api.pool.idleTimeout = .seconds(5)
        api.pool.maxRequests = 7
        var configuration = Configuration(
            listeners: [
                ListenerConfiguration(address: .tcp(IPAddress(v4: 0x7F00_0001), port: 0), name: "web"),
                ListenerConfiguration(address: .unix(path: "/run/m.sock")),
            ],
            routes: [
                RouteConfiguration(host: ["example.com"], path: "/api/*", upstream: "api"),
                RouteConfiguration(host: ["*.example.com", "b.example"], upstream: "b.2"),
            ],
            upstreams: [
                api,
                UpstreamConfiguration(name: "b.2", servers: [.init(address: .ip(IPAddress(hi: 0, lo: 1), port: 1))]),
            ])
        configuration.workers = 3
        configuration.trustedProxies = [
            Network(IPAddress(v4: 0x0A00_0000), prefix: 104), Network(IPAddress(hi: 0, lo: 1), prefix: 128),
        ]
        configuration.limits.requestHead = 1024
        configuration.limits.requestFields = 7
        configuration.limits.uri = 100
        configuration.limits.requestBody = 10 << 20
        configuration.limits.responseHead = 2048
        configuration.limits.responseFields = 8
        configuration.limits.connections = 9
        configuration.limits.connectionsPerClient = 10
        configuration.limits.requestsPerConnection = 11
        configuration.limits.bufferMemory = 1 << 30
        configuration.timeouts.requestHead = .seconds(1)
        configuration.timeouts.idle = .seconds(2)
        configuration.timeouts.exchange = .seconds(10800)
        configuration.timeouts.drain = .zero
        configuration.timeouts.linger = .milliseconds(4)
        configuration.rates.request = nil
        configuration.rates.response = 1024
        configuration.rates.grace = .seconds(60)
        configuration.accessLog?.format = .combined
        configuration.accessLog?.file = .path("./access.log")
        configuration.accessLog?.queue = 64 << 10
        configuration.log.level = .debug
        configuration.admin = AdminConfiguration(address: .tcp(IPAddress(v4: 0x7F00_0001), port: 9901))
        return configuration
    }

    @Test func whatCanBeSwitchedOffIs() throws {
        let text = base + "workers: auto\naccessLog: off\nadmin: \"off\"\nlimits: {requestBody: off}\n"
        let configuration = try ConfigurationLoader.parse(text, file: "m.yaml")
        #expect(configuration.workers == nil && configuration.accessLog == nil && configuration.admin == nil)
        #expect(configuration.limits.requestBody == nil)
    }

    @Test(
        arguments: [
            ("", 128), (", http2: on", 128), (", http2: {}", 128), (", http2: {maxStreams: 7}", 7),
            (", http2: off", nil),
            (", mode: tcp, upstream: api", 128),
        ] as [(String, Int?)])
    func http2IsOnUnlessItIsOff(keys: String, maxStreams: Int?) throws {
        let text = base.replacing("\":8080\"", with: "\":8080\"" + keys).replacing("- address", with: "- {address")
            .replacing("\nroutes", with: "}\nroutes")
        let listener = try ConfigurationLoader.parse(text, file: "m.yaml").listeners[0]
        #expect(listener.http2?.maxStreams == maxStreams)
    }

    @Test func whatHasAShortFormIsTheSameInTheLongOne() throws {
        func upstream(_ keys: String) throws -> UpstreamConfiguration {
            let text = "listeners: [{address: ':1'}]\nroutes: [{upstream: a}]\n"
            return try ConfigurationLoader.parse(text + "upstreams: {a: {servers: ['a:1'], \(keys)}}", file: "m.yaml")
                .upstreams[0]
        }
        #expect(try upstream("check: /healthz?a=b") == upstream("check: {path: '/healthz?a=b', kind: http}"))
        #expect(
            try upstream("balance: hash, hash: cookie id") == upstream("balance: hash, hash: {key: cookie id}"))
        #expect(try upstream("balance: hash") != upstream("balance: hash, hash: {}"))
        #expect(try upstream("check: off, sticky: off, agent: off, hedge: off") == upstream("check: off"))
        #expect(try upstream("retry: {statuses: [500-502, 504]}").retry?.statuses == [500...502, 504...504])
        #expect(try upstream("retry: {statuses: []}").retry?.statuses == [])
        let nothing = try upstream("ejection: off, retry: off, drainTimeout: off")
        #expect(nothing.ejection == nil && nothing.retry == nil && nothing.drainTimeout == nil)
    }

    @Test(arguments: [
        ("client-address", HashKey.clientAddress), ("path", .path), ("header X-User", .header("X-User")),
        ("cookie id", .cookie("id")), ("query a%5B%5D", .query("a%5B%5D")),
    ])
    func keysAreTakenFromPartsOfARequest(text: String, key: HashKey) throws {
        let file =
            "listeners: [{address: ':1'}]\nroutes: [{upstream: a}]\n"
            + "upstreams: {a: {servers: ['a:1'], balance: hash, hash: '\(text)'}}"
        #expect(try ConfigurationLoader.parse(file, file: "m.yaml").upstreams[0].hash?.key == key)
    }

    @Test func aliasesStandForWhatTheyName() throws {
        let text = """
            listeners: [{address: ":1"}]
            routes: [{path: /a, upstream: a}, {path: /b, upstream: b}]
            upstreams:
              a: {servers: ["a:1"], pool: &pool {maxIdle: 5}}
              b: {servers: ["b:1"], pool: *pool}
            """
        let configuration = try ConfigurationLoader.parse(text, file: "m.yaml")
        #expect(configuration.upstreams.map(\.pool.maxIdle) == [5, 5])
    }
}
