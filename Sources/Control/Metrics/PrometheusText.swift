// What /metrics answers.
import MartletEventLoop
import MartletProxy
import MartletTelemetry

/// All that a page of metrics is about.
package struct MetricsFacts {
    /// All counters of all loops.
    package let snapshot: MetricsSnapshot
    /// Whom they are about.
    package var names = MetricNames()
    /// How long each loop has been busy, in nanoseconds.
    package var busy: [UInt64] = []
    /// Martlet's version, and what its event loops stand on.
    package let about: (version: String, engine: LoopEngine)
    /// What became of the lines that the loops handed over; `nil` without an access log.
    package var accessLog: AccessLogCounts?
    /// What has become of reloads; `nil` where there are none.
    package var reloads: ReloadCounts?
    /// How often one process has followed another; `nil` where none does.
    package var upgrades: UpgradeCounts?
    /// What became of spans behind the queue; `nil` when none are exported.
    package var traces: TraceCounts?
    /// How looking for servers goes; `nil` where none are looked for.
    var discovery: DiscoveryCounts?
    /// What became of certificates, how often rules were for requests, and where splits have led; `nil` without any.
    package var others: (certificates: CertificateCounts, guarding: GuardCounts, splits: SplitCounts)?

    package init(_ snapshot: MetricsSnapshot, about: (version: String, engine: LoopEngine)) {
        self.snapshot = snapshot
        self.about = about
    }
}

/// Metrics as text.
package enum PrometheusText {
    private static let counters = Counter.allCases.map { ($0, $0.descriptor) }

    /// All of it.
    package static func render(_ facts: MetricsFacts, _ format: MetricsFormat = .prometheus) -> [UInt8] {
        var writer = PrometheusWriter(format)
        write(facts, to: &writer)
        return writer.finish().copy()
    }

    static func write(_ facts: MetricsFacts, to writer: inout PrometheusWriter) {
        writer.begin(.gauge, .init("build_info", "Always 1; the label tells the version."))
        writer.sample("1", [.init("version", facts.about.version)])
        writer.begin(.gauge, .init("loop_info", "Always 1; the label tells what the event loops stand on."))
        writer.sample("1", [.init("engine", "\(facts.about.engine.name)")])
        write(facts.snapshot, facts.busy, to: &writer)
        if let accessLog = facts.accessLog { write(accessLog, to: &writer) }
        if let upgrades = facts.upgrades { write(upgrades, to: &writer) }
        if let traces = facts.traces { write(traces, to: &writer) }
        if let discovery = facts.discovery { write(discovery, to: &writer) }
        if let others = facts.others {
            write(others.certificates, to: &writer)
            write(others.guarding, to: &writer)
            write(others.splits, to: &writer)
        }
        if let reloads = facts.reloads { write(reloads, to: &writer) }
        for scope in Scope.allCases { write(scope, facts, to: &writer) }
        writeServers(facts, to: &writer)
        for distribution in Distribution.allCases { write(distribution, facts.snapshot, to: &writer) }
    }

    private static func write(_ snapshot: MetricsSnapshot, _ busy: [UInt64], to writer: inout PrometheusWriter) {
        for (counter, descriptor) in counters {
            writer.begin(counter.isGauge ? .gauge : .counter, descriptor)
            if counter == .loopBusyNanoseconds {
                for (loop, time) in busy.enumerated() {
                    let value = PrometheusWriter.decimal(time, decimals: descriptor.decimals)
                    writer.sample(value, [.init("loop", String(loop))])
                }
                continue
            }
            let value = text(snapshot[counter], isGauge: counter.isGauge, descriptor)
            writer.sample(value, descriptor.label.map { [$0] } ?? [])
        }
    }

    private static func write(_ counts: TraceCounts, to writer: inout PrometheusWriter) {
        writer.begin(.counter, .init("trace_spans_exported", "Spans that the collector has taken."))
        writer.sample(String(counts.exported))
        writer.begin(.counter, .init("trace_spans_lost", "Spans that the collector has not taken."))
        writer.sample(String(counts.lost))
        writer.begin(.counter, .init("trace_export_failures", "Requests to the collector that failed."))
        writer.sample(String(counts.failures))
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
        _ distribution: Distribution, _ snapshot: MetricsSnapshot, to writer: inout PrometheusWriter
    ) {
        writer.begin(.histogram, distribution.descriptor)
        let histogram = CoarseHistogram(snapshot.buckets(distribution))
        for step in histogram.steps {
            let bound = PrometheusWriter.bound(step.bound, writer.format)
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
