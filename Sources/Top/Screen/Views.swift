// What each view shows of a report. Pure.

extension TopView {
    /// The view's table, as the proxy has its rows.
    func table(_ report: Report) -> ViewTable {
        switch self {
        case .servers: Self.servers(report)
        case .upstreams: Self.named(report.upstreams, "UPSTREAM", "there are no upstreams")
        case .routes: Self.named(report.routes, "ROUTE", "there are no routes")
        case .listeners: Self.listeners(report)
        case .paths: Self.items(report.paths, hasHost: true, "nothing has been asked for since somebody looks")
        case .clients: Self.items(report.clients, hasHost: false, "nobody has asked for anything since somebody looks")
        case .errors: Self.errors(report)
        }
    }

    /// All keys that there are to sort by.
    package static var sortKeys: [String] {
        var keys: [String] = []
        for view in allCases {
            for column in view.columns where !keys.contains(column.key) { keys.append(column.key) }
        }
        return keys
    }

    var columns: [Column] {
        switch self {
        case .servers: Self.serverColumns
        case .upstreams, .routes: [.text("NAME", "name", rank: 0)] + Self.trafficColumns
        case .listeners: Self.listenerColumns
        case .paths: [.text("HOST", "host", rank: 4), .text("PATH", "name", rank: 0)] + Self.itemColumns
        case .clients: [.text("CLIENT", "name", rank: 0)] + Self.itemColumns
        case .errors: Self.errorColumns
        }
    }

    // MARK: Servers

    private static let serverColumns: [Column] = [
        .text("UPSTREAM", "upstream", rank: 4), .text("SERVER", "name", rank: 0),
        Column(title: "STATE", key: "state", rank: 3, isNumber: false), Column(title: "RATE", key: "rate", rank: 1),
        Column(title: "INFLIGHT", key: "in-flight", rank: 2), Column(title: "P50", key: "p50", rank: 7),
        Column(title: "P90", key: "p90", rank: 10), Column(title: "P99", key: "p99", rank: 6),
        Column(title: "ERR/S", key: "errors", rank: 5), Column(title: "4XX/S", key: "4xx", rank: 11),
        Column(title: "WEIGHT", key: "weight", rank: 8), Column(title: "CONNS", key: "connections", rank: 9),
        .text("REASON", "reason", rank: 12),
    ]

    private static func servers(_ report: Report) -> ViewTable {
        let rows = report.servers.map { server -> [Cell] in
            let (facts, traffic) = (server.facts, server.traffic)
            // Of a server: answers with 5xx, and tries that failed.
            let errors = traffic.rate(traffic.counts.failures)
            let isSerious = facts.state == "down" || facts.state == "ejected"
            let weight = "\(facts.weight)" + (facts.effectiveWeight == 0 && facts.weight > 0 ? " (0)" : "")
            return [
                Cell(facts.upstream), Cell(facts.name + (facts.isBackup ? " (backup)" : "")),
                Cell(facts.state, facts.state == "up" ? .good : isSerious ? .bad : .odd), .rate(traffic.rate),
                .count(facts.inFlight), .time(traffic.p50), .time(traffic.p90), .time(traffic.p99), .fault(errors),
                .fault(traffic.classRate(4), .odd), Cell(weight, .number(Double(facts.weight))),
                .count(facts.connections), Cell(facts.reason, .dim),
            ]
        }
        return ViewTable(serverColumns, rows, byDefault: "rate", nothing: "there are no servers")
    }

    // MARK: Listeners, routes, upstreams

    private static let trafficColumns: [Column] = [
        Column(title: "RATE", key: "rate", rank: 1), Column(title: "P50", key: "p50", rank: 5),
        Column(title: "P90", key: "p90", rank: 7), Column(title: "P99", key: "p99", rank: 3),
        Column(title: "2XX/S", key: "2xx", rank: 8), Column(title: "3XX/S", key: "3xx", rank: 9),
        Column(title: "4XX/S", key: "4xx", rank: 4), Column(title: "5XX/S", key: "5xx", rank: 2),
        Column(title: "NONE/S", key: "none", rank: 10), Column(title: "FAILED/S", key: "failures", rank: 6),
    ]

    private static func cells(_ traffic: Traffic) -> [Cell] {
        [
            .rate(traffic.rate), .time(traffic.p50), .time(traffic.p90), .time(traffic.p99),
            .rate(traffic.classRate(2)), .rate(traffic.classRate(3)), .fault(traffic.classRate(4), .odd),
            .fault(traffic.classRate(5)), .fault(traffic.classRate(0)), .fault(traffic.rate(traffic.counts.failures)),
        ]
    }

    private static func named(_ all: [Report.Named], _ title: String, _ nothing: String) -> ViewTable {
        ViewTable(
            [.text(title, "name", rank: 0)] + trafficColumns, all.map { [Cell($0.name)] + cells($0.traffic) },
            byDefault: "rate", nothing: nothing)
    }

    private static let listenerColumns: [Column] =
        [.text("LISTENER", "name", rank: 0), Column(title: "KIND", key: "kind", rank: 11, isNumber: false)]
        + trafficColumns

    private static func listeners(_ report: Report) -> ViewTable {
        ViewTable(
            listenerColumns, report.listeners.map { [Cell($0.name), Cell($0.kind)] + cells($0.traffic) },
            byDefault: "rate", nothing: "there are no listeners")
    }

    // MARK: Paths, clients

    private static let itemColumns: [Column] = [
        Column(title: "RATE", key: "rate", rank: 1), Column(title: "SHARE", key: "share", rank: 6),
        Column(title: "MEAN", key: "mean", rank: 3), Column(title: "4XX/S", key: "4xx", rank: 5),
        Column(title: "ERR/S", key: "errors", rank: 2),
    ]

    private static func items(_ items: Report.Items, hasHost: Bool, _ nothing: String) -> ViewTable {
        let columns = hasHost ? paths.columns : clients.columns
        let total = Double(max(items.total, 1))
        let rows = items.entries.map { entry -> [Cell] in
            let host = hasHost ? [Cell(entry.host)] : []
            return host + [
                Cell(entry.name), .rate(items.rate(entry.requests)), .share(Double(entry.requests) / total),
                .time(entry.mean), .fault(items.rate(entry.clientErrors), .odd), .fault(items.rate(entry.errors)),
            ]
        }
        return ViewTable(columns, rows, byDefault: "rate", nothing: nothing)
    }

    // MARK: Errors

    private static let errorColumns: [Column] = [
        Column(title: "STATUS", key: "status", rank: 0), .text("REASON", "reason", rank: 1),
        Column(title: "COUNT", key: "count", rank: 2), Column(title: "RATE", key: "rate", rank: 3),
        Column(title: "AGO", key: "last", rank: 4), .text("WHERE", "where", rank: 5),
        .text("LAST REQUEST", "request", rank: 6), .text("CLIENT", "client", rank: 7),
    ]

    private static func errors(_ report: Report) -> ViewTable {
        let rows = report.faults.map { fault -> [Cell] in
            let facts = fault.facts
            let place =
                facts.server.isEmpty
                ? facts.upstream.isEmpty ? facts.route : facts.upstream : facts.upstream + "/" + facts.server
            let ink = facts.status >= 500 || facts.status == 0 ? Ink.bad : .odd
            return [
                Cell(facts.status == 0 ? "none" : String(facts.status), .number(Double(facts.status)), ink),
                Cell(facts.reason), .count(facts.count), .rate(Double(fault.count) / report.seconds),
                // The latest come first.
                Cell(NumberText.span(fault.secondsAgo), .number(-fault.secondsAgo)), Cell(place),
                Cell(facts.host + facts.path), Cell(facts.client),
            ]
        }
        return ViewTable(
            errorColumns, rows, byDefault: "count", nothing: "there have been no errors since somebody looks")
    }
}
