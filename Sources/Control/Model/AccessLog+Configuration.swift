// The access log: what the config says of it, compiled.
import MartletProxy
import MartletProxyConfig
import MartletRouting

extension AccessLogPlan {
    /// - Throws: when a pattern is none. The loader has refused such a config already; one made in code may have them.
    package init(_ log: AccessLogConfiguration?) throws(PatternError) {
        self.init()
        guard let log else { return }
        let redacted = log.redact.map { $0.lowercased() }
        if case .text(let items) = log.format {
            choose(items, .text, redacted: redacted)
        } else if !log.fields.isEmpty {
            choose(log.fields, .json, redacted: redacted)
        }
        share = UInt64((log.sample * 4_294_967_296).rounded())
        for exclusion in log.exclude {
            var compiled = LogExclusion()
            compiled.requests = try exclusion.requests().map { RouteTable($0) }
            if !exclusion.statuses.isEmpty { compiled.statuses = StatusSet(exclusion.statuses.flatMap(Array.init)) }
            exclusions.append(compiled)
        }
    }
}

extension SlowPlan {
    /// - Parameter slow: `nil` for none.
    init(_ slow: SlowRequestsConfiguration?) {
        self.init()
        guard let slow else { return }
        let (seconds, attoseconds) = slow.over.components
        limit = UInt64(seconds) * 1_000_000_000 + UInt64(attoseconds / 1_000_000_000)
        perSecond = slow.perSecond
    }
}

extension TracePlan {
    init(_ tracing: TracingConfiguration) {
        self.init()
        share = UInt64((tracing.sample * 4_294_967_296).rounded())
        propagation =
            switch tracing.propagate {
            case .all: .all
            case .trusted: .trusted
            case .none: .none
            }
    }
}
