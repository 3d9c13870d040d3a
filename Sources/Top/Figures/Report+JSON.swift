// The document of `martlet top --once --json`: its names are promised (docs/top.md).
import MartletProxyConfig

extension Report {
    var json: JSONText {
        let about: [(String, JSONText)] = [
            ("version", .string(process.version)), ("pid", .integer(process.pid)), ("state", .string(process.state)),
            ("engine", .string(process.engine)), ("uptimeSeconds", .integer(process.uptime)),
            ("seconds", Self.decimal(seconds)),
        ]
        let figures: [(String, JSONText)] = [
            ("traffic", .object(total.members)),
            (
                "firstByteMilliseconds",
                .object([("p50", Self.decimal(firstByte.p50)), ("p99", Self.decimal(firstByte.p99))])
            ),
            ("inFlight", .integer(inFlight)), ("connections", .integer(connections)), ("tunnels", .integer(tunnels)),
            ("connectionsPerSecond", Self.decimal(connectionRate)), ("bytesInPerSecond", Self.decimal(bytesIn)),
            ("bytesOutPerSecond", Self.decimal(bytesOut)), ("loops", .array(loops.map(\.json))),
        ]
        let lists: [(String, JSONText)] = [
            ("servers", .array(servers.map(\.json))), ("upstreams", .array(upstreams.map { $0.json(kind: false) })),
            ("routes", .array(routes.map { $0.json(kind: false) })),
            ("listeners", .array(listeners.map { $0.json(kind: true) })), ("paths", paths.json("path", seconds)),
            ("clients", clients.json("client", seconds)), ("errors", .array(faults.map { $0.json(seconds) })),
        ]
        return .object(about + figures + lists)
    }

    /// To three places behind the point.
    fileprivate static func decimal(_ value: Double?) -> JSONText {
        value.map { .decimal(($0 * 1_000).rounded() / 1_000) } ?? .null
    }
}

extension Traffic {
    fileprivate var members: [(String, JSONText)] {
        [
            ("requests", .integer(counts.requests)), ("requestsPerSecond", Report.decimal(rate)),
            (
                "responses", .object(zip(Counts.classNames, counts.classes).map { ($0, .integer($1)) })
            ), ("failures", .integer(counts.failures)),
            (
                "latencyMilliseconds",
                .object([
                    ("mean", Report.decimal(mean)), ("p50", Report.decimal(p50)), ("p90", Report.decimal(p90)),
                    ("p99", Report.decimal(p99)),
                ])
            ),
        ]
    }
}

extension Report.Loop {
    fileprivate var json: JSONText {
        .object([
            ("loop", .integer(number)), ("busy", Report.decimal(busy)), ("connections", .integer(connections)),
            ("inFlight", .integer(inFlight)),
        ])
    }
}

extension Report.Named {
    fileprivate func json(kind isKindKnown: Bool) -> JSONText {
        .object([("name", .string(name))] + (isKindKnown ? [("kind", .string(kind))] : []) + traffic.members)
    }
}

extension Report.Server {
    fileprivate var json: JSONText {
        let members: [(String, JSONText)] = [
            ("upstream", .string(facts.upstream)), ("server", .string(facts.name)), ("state", .string(facts.state)),
            ("reason", .string(facts.reason)), ("backup", .boolean(facts.isBackup)), ("weight", .integer(facts.weight)),
            ("effectiveWeight", Report.decimal(facts.effectiveWeight)), ("inFlight", .integer(facts.inFlight)),
            ("connections", .integer(facts.connections)),
        ]
        return .object(members + traffic.members)
    }
}

extension Report.Items {
    /// - Parameter name: what the entries are.
    fileprivate func json(_ name: String, _ seconds: Double) -> JSONText {
        .object([
            ("requests", .integer(total)), ("tracked", .integer(tracked)), ("replaced", .integer(replaced)),
            (
                "entries",
                .array(
                    entries.map { entry in
                        let host: [(String, JSONText)] = name == "path" ? [("host", .string(entry.host))] : []
                        return .object(
                            host + [
                                (name, .string(entry.name)), ("requests", .integer(entry.requests)),
                                ("requestsPerSecond", Report.decimal(Double(entry.requests) / seconds)),
                                ("clientErrors", .integer(entry.clientErrors)), ("errors", .integer(entry.errors)),
                                ("meanMilliseconds", Report.decimal(entry.mean)),
                            ])
                    })
            ),
        ])
    }
}

extension Report.Fault {
    fileprivate func json(_ seconds: Double) -> JSONText {
        func text(_ value: String) -> JSONText { value.isEmpty ? .null : .string(value) }
        return .object([
            ("status", .integer(facts.status)), ("reason", .string(facts.reason)), ("side", text(facts.side)),
            ("route", text(facts.route)), ("upstream", text(facts.upstream)), ("server", text(facts.server)),
            ("count", .integer(count)), ("countPerSecond", Report.decimal(Double(count) / seconds)),
            ("countWatched", .integer(facts.count)), ("secondsAgo", Report.decimal(secondsAgo)),
            ("client", text(facts.client)), ("host", text(facts.host)), ("path", text(facts.path)),
        ])
    }
}
