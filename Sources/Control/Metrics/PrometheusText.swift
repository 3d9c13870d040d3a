// What /metrics answers.
import MartletEventLoop
import MartletTelemetry

/// Metrics in Prometheus' text format, version 0.0.4.
package enum PrometheusText {
    /// The value of Content-Type.
    package static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    /// All counters of all loops as text.
    /// - Parameters:
    ///   - servers: the names for the snapshot's servers, in their order; servers with equal names are added up.
    ///   - about: Martlet's version, and what its event loops stand on.
    ///   - accessLog: what became of the lines that the loops handed over; `nil` without an access log.
    ///   - upgrades: how often one process has followed another.
    ///   - others: what became of certificates, how often rules were for requests, and where splits have led; `nil` without any.
    package static func render(
        _ snapshot: MetricsSnapshot, servers: [(upstream: String, server: String)],
        about: (version: String, engine: LoopEngine), accessLog: AccessLogCounts? = nil,
        upgrades: UpgradeCounts? = nil,
        others: (certificates: CertificateCounts, guarding: GuardCounts, splits: SplitCounts)? = nil
    ) -> [UInt8] {
        var writer = PrometheusWriter()
        writer.begin(.gauge, .init("build_info", "Always 1; the label tells the version."))
        writer.sample("1", [.init("version", about.version)])
        writer.begin(.gauge, .init("loop_info", "Always 1; the label tells what the event loops stand on."))
        writer.sample("1", [.init("engine", "\(about.engine.name)")])
        write(snapshot, to: &writer)
        if let accessLog { write(accessLog, to: &writer) }
        if let upgrades { write(upgrades, to: &writer) }
        if let others {
            write(others.certificates, to: &writer)
            write(others.guarding, to: &writer)
            write(others.splits, to: &writer)
        }
        let groups = ServerGroup.groups(of: servers.prefix(snapshot.servers))
        for counter in ServerCounter.allCases { write(counter, groups, snapshot, to: &writer) }
        for distribution in Distribution.allCases { write(distribution, snapshot, to: &writer) }
        return Array(writer.text.utf8)
    }

    private static func write(_ snapshot: MetricsSnapshot, to writer: inout PrometheusWriter) {
        for counter in Counter.allCases {
            let descriptor = counter.descriptor
            writer.begin(counter.isGauge ? .gauge : .counter, descriptor)
            let value = text(snapshot[counter], isGauge: counter.isGauge, descriptor)
            writer.sample(value, descriptor.label.map { [$0] } ?? [])
        }
    }

    private static func write(_ counts: AccessLogCounts, to writer: inout PrometheusWriter) {
        writer.begin(.counter, .init("access_log_lines_written", "Lines of the access log written."))
        writer.sample(String(counts.written))
        writer.begin(.counter, .init("access_log_lines_lost", "Lines of the access log that could not be written."))
        writer.sample(String(counts.lost))
        writer.begin(.counter, .init("access_log_errors", "Failed attempts to write or open the access log."))
        writer.sample(String(counts.errors))
    }

    private static func write(
        _ counter: ServerCounter, _ groups: [ServerGroup], _ snapshot: MetricsSnapshot,
        to writer: inout PrometheusWriter
    ) {
        let descriptor = counter.descriptor
        for group in groups {
            writer.begin(counter.isGauge ? .gauge : .counter, descriptor)
            let count = group.servers.reduce(0) { $0 &+ snapshot[counter, server: $1] }
            let labels = group.labels + (descriptor.label.map { [$0] } ?? [])
            writer.sample(text(count, isGauge: counter.isGauge, descriptor), labels)
        }
    }

    private static func write(
        _ distribution: Distribution, _ snapshot: MetricsSnapshot, to writer: inout PrometheusWriter
    ) {
        writer.begin(.histogram, distribution.descriptor)
        let histogram = CoarseHistogram(snapshot.buckets(distribution))
        for step in histogram.steps {
            let bound = PrometheusWriter.decimal(step.bound, decimals: 6)
            writer.sample(String(step.count), [.init("le", bound)], suffix: "_bucket")
        }
        writer.sample(String(histogram.count), [.init("le", "+Inf")], suffix: "_bucket")
        writer.sample(PrometheusWriter.decimal(snapshot.sum(distribution), decimals: 6), suffix: "_sum")
        writer.sample(String(histogram.count), suffix: "_count")
    }

    /// Gauges are sums of what goes up on one loop and may go down on another, so they wrap around zero.
    private static func text(_ value: UInt64, isGauge: Bool, _ descriptor: MetricDescriptor) -> String {
        isGauge ? String(Int64(bitPattern: value)) : PrometheusWriter.decimal(value, decimals: descriptor.decimals)
    }
}
