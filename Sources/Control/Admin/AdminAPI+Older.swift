// What operators asked for before there was /v1; scripts may do so still.
import MartletBalancing
import MartletHTTPCore
import MartletHealth
import MartletProxy
import MartletProxyConfig

extension AdminAPI {
    func serverList() async -> LocalAnswer { await list(only: nil) }

    func setServerState(_ call: APICall) async throws(AdminProblem) -> LocalAnswer {
        let (upstream, name) = (call.path("upstream"), call.path("server"))
        let servers = scene.view().servers.filter { $0.upstream == upstream }
        if servers.isEmpty { throw AdminProblem(404, "there is no such upstream; GET /servers has all") }
        guard let server = servers.first(where: { $0.settings.address.description == name }) else {
            throw AdminProblem(404, "the upstream has no such server; GET /servers has all")
        }
        guard let state = Self.states[call.path("state")] else {
            throw AdminProblem(404, "there is no such state; expected up, drain or maintenance")
        }
        if let servers = scene.host.servers, scene.host.source != nil {
            let change = JSONText.object([("state", .string(state.configured))])
            _ = try await servers.perform(RuntimeServers.Order(key: server.key, kind: .change(change))).get()
        }
        scene.keeper.setState(server.place, state)
        return await list(only: server.place)
    }

    static let states: [String: OperatorState] = [
        "up": .up, "drain": .draining, "maintenance": .maintenance,
    ]

    /// An array with an object for each server, on a line of its own.
    private func list(only place: Int?) async -> LocalAnswer {
        var reports: [Int: ServerReport] = [:]
        for report in await scene.reports() { reports[report.server] = report }
        let lines = scene.view().servers.filter { place == nil || $0.place == place }.compactMap { server in
            reports[server.place].map { "  " + object(server, $0).compact }
        }
        let text = lines.isEmpty ? "[]\n" : "[\n" + lines.joined(separator: ",\n") + "\n]\n"
        return .text(200, text, type: "application/json")
    }

    private func object(_ server: AdminScene.View.Server, _ report: ServerReport) -> JSONText {
        let (place, loads) = (server.place, scene.loads)
        let (successes, failures) = loads.outcomes(place)
        return .object([
            ("upstream", .string(server.upstream)), ("server", .string(server.settings.address.description)),
            ("state", .string(report.state.name)), ("reason", .string(report.reason)),
            ("seconds", .integer(Int(clamping: report.time / 1_000))), ("operator", .string(report.wanted.name)),
            ("backup", .boolean(report.isBackup)),
            ("weight", .decimal(Double(report.weight) / Double(Candidate.unit))),
            ("in_flight", .integer(loads.inFlight(place))), ("connections", .integer(loads.connections(place))),
            ("latency_us", .integer(Int(clamping: loads.latency(place) / 1_000))),
            ("successes", .integer(Int(clamping: successes))), ("failures", .integer(Int(clamping: failures))),
        ])
    }
}

extension OperatorState {
    /// As a path of the admin listener calls it.
    var name: String {
        switch self {
        case .up: "up"
        case .draining: "drain"
        case .maintenance: "maintenance"
        }
    }
}
