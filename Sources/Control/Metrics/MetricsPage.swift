// The page for those who ask again and again: names and memory are kept from one time to the next.
import MartletProxy
import MartletTelemetry
import Synchronization

/// Makes pages of metrics.
final class MetricsPage: Sendable {
    /// What is kept.
    private struct Kept: ~Copyable {
        var model: Model?
        var names = MetricNames()
        var text: LineBuffer? = LineBuffer(capacity: 64 << 10)
    }

    private let kept = Mutex(Kept())

    /// A page about a model's names.
    /// - Parameter facts: all that it is about, without the names.
    func render(_ facts: MetricsFacts, _ model: Model, _ format: MetricsFormat) -> [UInt8] {
        kept.withLock { kept in
            if kept.model !== model {
                kept.names = MetricNames(model)
                kept.model = model
            }
            var facts = facts
            facts.names = kept.names
            var writer = PrometheusWriter(format, into: kept.text.take() ?? LineBuffer(capacity: 64 << 10))
            PrometheusText.write(facts, to: &writer)
            let text = writer.finish()
            let page = text.copy()
            kept.text = consume text
            return page
        }
    }
}

extension MetricsFormat {
    /// The one that is asked for (RFC 9110 section 12.5.1): OpenMetrics if it is named with a weight above 0 that is not less than that
    /// of plain text. Whoever asks for nothing in particular gets Prometheus' own.
    package init(accept: String) {
        var weights: [Substring: Double] = [:]
        for range in accept.split(separator: ",") {
            let parts = range.split(separator: ";").map { $0.trimmingSpaces }
            guard let type = parts.first else { continue }
            let weight = parts.dropFirst().first { $0.hasPrefix("q=") }.flatMap { Double($0.dropFirst(2)) } ?? 1
            weights[type] = max(weights[type] ?? 0, weight)
        }
        let asked = weights["application/openmetrics-text"] ?? 0
        self = asked > 0 && asked >= weights["text/plain"] ?? 0 ? .openMetrics : .prometheus
    }
}

extension Substring {
    fileprivate var trimmingSpaces: Substring {
        let front = drop { $0 == " " || $0 == "\t" }
        let length = front.reversed().drop { $0 == " " || $0 == "\t" }.count
        return front.prefix(length)
    }
}
