// How servers are, as JSON.
import MartletBalancing
import MartletHealth
import MartletProxy
import MartletProxyConfig

extension ServerDesk {
    /// An array with an object for each server, on a line of its own.
    func list(_ reports: [ServerReport]) -> String {
        let model = model
        // What has been removed in this moment is not there any more.
        let lines = reports.compactMap { report in
            model.upstream(of: report.server).map { "  " + object(report, model, $0).compact }
        }
        return lines.isEmpty ? "[]\n" : "[\n" + lines.joined(separator: ",\n") + "\n]\n"
    }

    private func object(_ report: ServerReport, _ model: Model, _ upstream: UpstreamModel) -> JSONText {
        let server = report.server
        let (successes, failures) = loads.outcomes(server)
        return .object([
            ("upstream", .string(upstream.name)),
            ("server", .string(model.servers[server].name)),
            ("state", .string(report.state.name)),
            ("reason", .string(report.reason)),
            ("seconds", .integer(Int(clamping: report.time / 1_000))),
            ("operator", .string(report.wanted.name)),
            ("backup", .boolean(report.isBackup)),
            ("weight", .decimal(Double(report.weight) / Double(Candidate.unit))),
            ("in_flight", .integer(loads.inFlight(server))),
            ("connections", .integer(loads.connections(server))),
            ("latency_us", .integer(Int(clamping: loads.latency(server) / 1_000))),
            ("successes", .integer(Int(clamping: successes))),
            ("failures", .integer(Int(clamping: failures))),
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
