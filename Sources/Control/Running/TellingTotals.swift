// What became of lines and spans, over all logs and exporters that a process has had: counters do not go back when one takes the
// place of another.
import Synchronization

/// Adds them up.
final class TellingTotals: Sendable {
    private struct State {
        /// Those that are at work.
        var logs: [AccessLogWriter] = []
        var exporters: [TraceExporter] = []
        /// Of those that have ended.
        var log: AccessLogCounts?
        var traces: TraceCounts?
    }

    private let state = Mutex(State())

    /// These are at work from now on.
    func add(_ telling: Telling) {
        state.withLock { state in
            if let log = telling.accessLog, !state.logs.contains(where: { $0 === log }) { state.logs.append(log) }
            if let exporter = telling.exporter, !state.exporters.contains(where: { $0 === exporter }) {
                state.exporters.append(exporter)
            }
        }
    }

    func ended(_ log: AccessLogWriter) {
        state.withLock { state in
            guard let place = state.logs.firstIndex(where: { $0 === log }) else { return }
            state.logs.remove(at: place)
            state.log = (state.log ?? AccessLogCounts()) + log.counts
        }
    }

    func ended(_ exporter: TraceExporter) {
        state.withLock { state in
            guard let place = state.exporters.firstIndex(where: { $0 === exporter }) else { return }
            state.exporters.remove(at: place)
            state.traces = (state.traces ?? TraceCounts()) + exporter.counts
        }
    }

    /// Of all access logs; `nil` when there was none.
    var accessLog: AccessLogCounts? {
        state.withLock { state in
            if state.logs.isEmpty { return state.log }
            return state.logs.reduce(state.log ?? AccessLogCounts()) { $0 + $1.counts }
        }
    }

    /// Of all exporters; `nil` when there was none.
    var traces: TraceCounts? {
        state.withLock { state in
            if state.exporters.isEmpty { return state.traces }
            return state.exporters.reduce(state.traces ?? TraceCounts()) { $0 + $1.counts }
        }
    }
}

extension AccessLogCounts {
    static func + (left: AccessLogCounts, right: AccessLogCounts) -> AccessLogCounts {
        var sum = left
        sum.written += right.written
        sum.refused += right.refused
        sum.lost += right.lost
        sum.errors += right.errors
        return sum
    }
}

extension TraceCounts {
    static func + (left: TraceCounts, right: TraceCounts) -> TraceCounts {
        var sum = left
        sum.exported += right.exported
        sum.lost += right.lost
        sum.failures += right.failures
        return sum
    }
}
