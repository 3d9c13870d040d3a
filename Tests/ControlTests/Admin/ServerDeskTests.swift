import MartletBalancing
import MartletEventLoop
import MartletProxyConfig
import MartletTelemetry
import MartletTestSupport
import Testing

@testable import MartletControl
@testable import MartletProxy

@Suite(.timeLimit(.minutes(20))) struct ServerDeskTests {
    private static let configuration = """
        listeners: [{address: '127.0.0.1:0'}]
        admin: {address: '127.0.0.1:0'}
        accessLog: off
        routes: [{path: '/*', upstream: app}]
        upstreams:
          other:
            servers: ['127.0.0.1:1']
          app:
            servers: [{address: '127.0.0.1:2', weight: 3}, 'unix:/run/app.sock']
        """

    private static func desk() throws -> ServerDesk {
        let model = try ModelCompiler.compile(ConfigurationLoader.parse(configuration, file: "test"), loops: 1)
        let keeper = try HealthKeeper(model, metrics: LoopMetrics(servers: 3), log: .martlet(.error))
        return ServerDesk(model: { model }, loads: ServerLoads(servers: 3), keeper: keeper)
    }

    private func order(_ method: String, _ path: String) throws -> Result<ServerDesk.Order, ServerDesk.Refusal> {
        try Self.desk().order(AdminRequest(method: method, path: path, query: ""))
    }

    @Test(arguments: [
        ("GET", "/servers", ServerDesk.Order.list), ("HEAD", "/servers", .list),
        ("POST", "/servers/app/127.0.0.1:2/drain", .set(server: 1, .draining)),
        ("POST", "/servers/app/127.0.0.1%3a2/up", .set(server: 1, .up)),
        ("POST", "/servers/app/unix:%2Frun%2Fapp.sock/maintenance", .set(server: 2, .maintenance)),
        ("POST", "/servers/other/127.0.0.1:1/drain", .set(server: 0, .draining)),
    ])
    func readsOrders(method: String, path: String, wanted: ServerDesk.Order) throws {
        #expect(try order(method, path).get() == wanted)
    }

    @Test(arguments: [
        ("POST", "/servers", 405), ("DELETE", "/servers", 405), ("GET", "/servers/app/127.0.0.1:2/drain", 405),
        ("PUT", "/servers/app/127.0.0.1:2/up", 405), ("POST", "/servers/", 404), ("POST", "/servers/app", 404),
        ("POST", "/servers/none/127.0.0.1:2/up", 404), ("POST", "/servers/app/127.0.0.1:1/up", 404),
        ("POST", "/servers/app/127.0.0.1:2/down", 404), ("POST", "/servers/app/127.0.0.1:2/", 404),
        ("POST", "/servers/app/127.0.0.1:2/up/", 404), ("POST", "/servers/app/%zz/up", 404),
        ("POST", "/servers/app/unix:/run/app.sock/up", 404), ("POST", "/servers/app/%ff/up", 404),
    ])
    func refusesWhatIsNone(method: String, path: String, status: Int) throws {
        guard case .failure(let refusal) = try order(method, path) else { return #expect(Bool(false)) }
        #expect(refusal.answer.status == status)
        #expect((refusal.answer.allow != nil) == (status == 405))
    }

    @Test func serversAreListedAndDrained() async throws {
        let server = try ProxyServer(
            ConfigurationLoader.parse(Self.configuration, file: "test"), workers: 2, log: .martlet(.error))
        try server.start()
        let admin = server.addresses[1].port
        var answer = try ask("GET", "/servers", admin)
        #expect(answer.status == 200)
        #expect(answer["Content-Type"] == "application/json")
        let lines = answer.text.split(separator: "\n")
        #expect(lines.count == 5)
        #expect(
            lines[2] == """
                  {"upstream":"app","server":"127.0.0.1:2","state":"up","reason":"","seconds":0,"operator":"up",\
                "backup":false,"weight":3,"in_flight":0,"connections":0,"latency_us":0,"successes":0,"failures":0},
                """)
        answer = try ask("POST", "/servers/app/127.0.0.1:2/drain", admin)
        #expect(answer.status == 200)
        #expect(answer.text.contains(#""state":"draining","reason":"the operator said so""#))
        #expect(answer.text.contains(#""weight":0,"#))
        #expect(try ask("GET", "/servers", admin).text.contains(#""state":"draining""#))
        #expect(try ask("POST", "/servers/app/127.0.0.1:3/drain", admin).status == 404)
        #expect(server.snapshot[.stateDraining, server: 1] == 1)
        #expect(server.snapshot[.stateUp, server: 1] == 0)
        server.stop()
        for await _ in server.ends {}
        server.finish()
    }

    private func ask(_ method: String, _ path: String, _ port: UInt16) throws -> HTTPResponse {
        let client = try TestSocket(port: port)
        try client.send("\(method) \(path) HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n")
        return try client.readResponse()
    }
}
