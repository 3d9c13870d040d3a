// What /metrics says of each listener, route, upstream and server: most of the page, so it is written without making strings.
import MartletTelemetry

extension PrometheusText {
    /// The values of the label `class`, in the order of the counters.
    private static let classes = ["none", "1xx", "2xx", "3xx", "4xx", "5xx"].map { label("class", $0) }
    private static let byStatus: [ScopeCounter] = [
        .unanswered, .responses1xx, .responses2xx, .responses3xx, .responses4xx, .responses5xx,
    ]
    private static let servers = ServerCounter.allCases.compactMap { counter in
        counter.descriptor.map { (counter, $0, $0.label.map { label($0.name, $0.value) } ?? []) }
    }

    private static func label(_ name: String, _ value: String) -> [UInt8] {
        Array(PrometheusWriter.text(of: [.init(name, value)]).utf8)
    }

    static func write(_ scope: Scope, _ facts: MetricsFacts, to writer: inout PrometheusWriter) {
        let names = facts.names.labels(scope)
        if !names.isEmpty { write(scope, names, facts.snapshot, to: &writer) }
        writer.begin(.gauge, scope.beyond)
        writer.sample(String(facts.names.beyond(scope)), [])
    }

    private static func write(
        _ scope: Scope, _ names: [MetricNames.Entry], _ snapshot: MetricsSnapshot, to writer: inout PrometheusWriter
    ) {
        writer.begin(.counter, scope.requests)
        for name in names {
            for (counter, label) in zip(byStatus, classes) {
                writer.sample(snapshot.read(counter, scope, name.block), name.text, label)
            }
        }
        writer.begin(.counter, scope.failures)
        for name in names { writer.sample(snapshot.read(.failures, scope, name.block), name.text) }
        writer.begin(.histogram, scope.duration)
        for name in names {
            let sum = snapshot.read(.microseconds, scope, name.block)
            writer.histogram(name.text, sum: sum) { snapshot.bucket($0, scope, name.block) }
        }
    }

    static func writeServers(_ facts: MetricsFacts, to writer: inout PrometheusWriter) {
        let (snapshot, groups) = (facts.snapshot, facts.names.servers)
        // A family without samples is none.
        if groups.isEmpty { return }
        for (counter, descriptor, label) in servers {
            writer.begin(counter.isGauge ? .gauge : .counter, descriptor)
            for group in groups {
                var count: UInt64 = 0
                for server in group.servers { count &+= snapshot[counter, server: server] }
                if counter.isGauge {
                    writer.gauge(count, group.text, label)
                } else {
                    writer.sample(count, group.text, label, decimals: descriptor.decimals)
                }
            }
        }
        writer.begin(.histogram, ServerCounter.duration)
        for group in groups {
            var sum: UInt64 = 0
            for server in group.servers { sum &+= snapshot[.microseconds, server: server] }
            writer.histogram(group.text, sum: sum) { bucket in
                group.servers.reduce(0) { $0 &+ snapshot.bucket(bucket, server: $1) }
            }
        }
    }
}

/// The families of a scope.
extension Scope {
    fileprivate var requests: MetricDescriptor {
        .init("\(self)_requests", "Requests of the \(self), by class of the status they were answered with.")
    }
    fileprivate var failures: MetricDescriptor {
        .init("\(self)_failures", "Requests of the \(self) that failed, whoever is to blame.")
    }
    fileprivate var duration: MetricDescriptor {
        .init("\(self)_request_duration_seconds", "From a request's head to its response's end, by \(self).")
    }
    fileprivate var beyond: MetricDescriptor {
        .init("\(self)s_without_metrics", "Names beyond the limit: they are counted together as \(self) `(other)`.")
    }
}
