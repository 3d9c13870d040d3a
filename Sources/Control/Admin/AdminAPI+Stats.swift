// Figures for programs that show them live, and client connections.
import MartletEventLoop
import MartletHTTPCore
import MartletProxy
import MartletProxyConfig
import MartletTelemetry

extension AdminAPI {
    func stats() async -> JSONText {
        let view = scene.view()
        let snapshot = scene.snapshot(view)
        let counters = Counter.allCases.map { counter in
            (
                "\(counter)",
                counter.isGauge
                    ? JSONText.integer(Int(Int64(bitPattern: snapshot[counter]))) : count(snapshot[counter])
            )
        }
        let gauges: [(String, JSONText)] = [
            ("milliseconds", .integer(Int(clamping: Host.monotonicNanoseconds() / 1_000_000))),
            ("inFlight", othersOnly(snapshot[.exchangesActive])),
            ("connections", othersOnly(snapshot[.connectionsActive])), ("counters", .object(counters)),
        ]
        let distributions: [(String, JSONText)] = [
            (
                "responses",
                .object([
                    ("1xx", count(snapshot[.responses1xx])), ("2xx", count(snapshot[.responses2xx])),
                    ("3xx", count(snapshot[.responses3xx])), ("4xx", count(snapshot[.responses4xx])),
                    ("5xx", count(snapshot[.responses5xx])),
                ])
            ), ("duration", histogram(.duration, snapshot)),
            ("timeToFirstByte", histogram(.timeToFirstByte, snapshot)), ("loops", loopFigures),
        ]
        let servers: [(String, JSONText)] = [("servers", .array(await list { _ in true }))]
        return .object(process + gauges + distributions + scopes(view, snapshot) + servers)
    }

    /// A gauge of what concerns clients, less the question that is being answered.
    private func othersOnly(_ value: UInt64) -> JSONText { .integer(max(0, Int(Int64(bitPattern: value)) - 1)) }

    private func histogram(_ distribution: Distribution, _ snapshot: MetricsSnapshot) -> JSONText {
        let counts = snapshot.buckets(distribution)
        return .object([
            ("bounds", .array(counts.indices.map { .integer(Int(clamping: HistogramBuckets.upperBound(of: $0))) })),
            ("counts", .array(counts.map { count($0) })), ("sum", count(snapshot.sum(distribution))),
        ])
    }

    func connections(_ call: APICall) async throws(AdminProblem) -> LocalAnswer {
        let limit = call.integer("limit") ?? 100
        guard let all = await connectionReports(limit) else {
            throw AdminProblem(503, "the event loops have no time to answer; ask again")
        }
        let listeners = scene.view().model.listeners
        func name(_ place: Int) -> String { listeners.indices.contains(place) ? listeners[place].name : "removed" }
        var counts: [String: Int] = [:]
        for reports in all { for (place, count) in reports.counts { counts[name(place), default: 0] += count } }
        let total = counts.values.reduce(0, +)
        let some = all.flatMap(\.some).prefix(limit).map { report in
            JSONText.object([
                ("listener", .string(name(report.listener))), ("client", .string(report.peer.text)),
                ("port", .integer(Int(report.peer.port))), ("loop", .integer(report.loop)),
                ("state", .string(report.state)), ("tls", .boolean(report.isSecure)),
                ("requests", .integer(report.requests)),
            ])
        }
        return json(
            .object([
                ("total", .integer(total)),
                ("listeners", .object(counts.sorted { $0.key < $1.key }.map { ($0.key, .integer($0.value)) })),
                ("truncated", .boolean(some.count < total)), ("connections", .array(some)),
            ]), call)
    }

    private func connectionReports(_ limit: Int) async -> [ConnectionReports]? {
        await gather { loop, answer in loop.post(.connections(limit: limit, answer)) }
    }
}

extension PeerAddress {
    /// The address alone; empty for a Unix socket.
    fileprivate var text: String { isLocal ? "" : "\(IPAddress(hi: high, lo: low))" }
}
