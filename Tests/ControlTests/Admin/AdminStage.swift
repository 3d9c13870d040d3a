// The admin API over a proxy that does not run.
import MartletBalancing
import MartletEventLoop
import MartletProxyConfig
import MartletTelemetry

@testable import MartletControl
@testable import MartletProxy

/// What the API answers without anybody behind it.
struct AdminStage {
    static let config = """
        listeners: [{address: '127.0.0.1:0'}]
        accessLog: off
        routes: [{path: '/*', upstream: app}]
        upstreams:
          other: {servers: ['127.0.0.1:1']}
          app: {servers: [{address: '127.0.0.1:2', weight: 3}, 'unix:/run/app.sock']}
        """

    let host: AdminHost
    let service: AdminService

    init(
        _ config: String = config, host: AdminHost = AdminHost(), rights: AdminRights = AdminRights(),
        isServing: Bool = true
    ) throws {
        let configuration = try ConfigurationLoader.parse(config, file: "test")
        let model = try ModelCompiler.compile(configuration, loops: 1)
        let view = AdminScene.View(model: model, configuration: configuration)
        let scene = AdminScene(
            view: { view }, host: host,
            keeper: try HealthKeeper(model, metrics: LoopMetrics(servers: model.servers.count), log: .martlet(.error)),
            loads: ServerLoads(servers: model.servers.count), metrics: [LoopMetrics(servers: model.servers.count)],
            loops: [], engine: .epoll, isServing: { isServing },
            metricsText: { LocalAnswer(status: 200, contentType: $0.contentType, content: [0x66]) },
            certificates: { [] })
        self.host = host
        service = AdminService(scene, rights: { rights })
    }

    func answer(
        _ method: String, _ target: String, content: String = "", _ fields: [String: String] = [:],
        client: AdminRequest.Client = .local
    ) async -> LocalAnswer {
        let parts = target.split(separator: "?", maxSplits: 1).map(String.init)
        var request = AdminRequest(method: method, path: parts.first ?? "", query: parts.count > 1 ? parts[1] : "")
        request.fields = fields.map { (name: $0.key, value: $0.value) }
        request.content = Array(content.utf8)
        request.client = client
        return await service.answer(request)
    }
}

extension LocalAnswer {
    var text: String { String(decoding: content, as: UTF8.self) }
    var json: JSONText? { try? JSONText(reading: content) }
    func field(_ name: String) -> String? {
        String(decoding: lines, as: UTF8.self).split(separator: "\r\n").first { $0.hasPrefix(name + ": ") }
            .map { String($0.dropFirst(name.count + 2)) }
    }
}
