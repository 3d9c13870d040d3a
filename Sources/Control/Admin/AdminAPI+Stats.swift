// Figures for programs that show them live, and client connections.
import MartletEventLoop
import MartletHTTPCore
import MartletProxy
import MartletProxyConfig
import MartletTelemetry

extension AdminAPI {
    func stats() async -> JSONText {
        let snapshot = scene.snapshot(scene.view())
        let counters = Counter.allCases.map { counter in
            (
                "\(counter)",
                counter.isGauge
                    ? JSONText.integer(Int(Int64(bitPattern: snapshot[counter]))) : count(snapshot[counter])
            )
        }
        return .object([
            ("milliseconds", .integer(Int(clamping: Host.monotonicNanoseconds() / 1_000_000))),
            ("counters", .object(counters)),
            (
                "responses",
                .object([
                    ("1xx", count(snapshot[.responses1xx])), ("2xx", count(snapshot[.responses2xx])),
                    ("3xx", count(snapshot[.responses3xx])), ("4xx", count(snapshot[.responses4xx])),
                    ("5xx", count(snapshot[.responses5xx])),
                ])
            ),
            ("duration", histogram(.duration, snapshot)), ("timeToFirstByte", histogram(.timeToFirstByte, snapshot)),
            ("servers", .array(await list { _ in true })),
        ])
    }

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

    /// What all loops say; `nil` when one of them has ended, or has no time.
    private func connectionReports(_ limit: Int) async -> [ConnectionReports]? {
        let loops = scene.loops
        return await withTaskGroup(of: [ConnectionReports]?.self) { group in
            group.addTask {
                let (reports, continuation) = AsyncStream<ConnectionReports>.makeStream()
                for loop in loops { loop.post(.connections(limit: limit) { continuation.yield($0) }) }
                var all: [ConnectionReports] = []
                for await report in reports {
                    all.append(report)
                    if all.count == loops.count { return all }
                }
                return nil
            }
            group.addTask {
                try? await Task.sleep(for: .seconds(2))
                return nil
            }
            defer { group.cancelAll() }
            return await group.next() ?? nil
        }
    }
}

extension PeerAddress {
    /// The address alone; empty for a Unix socket.
    fileprivate var text: String { isLocal ? "" : "\(IPAddress(hi: high, lo: low))" }
}
