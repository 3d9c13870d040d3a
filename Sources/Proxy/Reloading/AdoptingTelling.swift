// What is told to operators, of another config: lines of the access log, slow requests, traces.
import MartletEventLoop

/// What of it has changed.
package struct TellingChange: Sendable {
    package var log: AccessLogChange?
    /// Which requests are slow, and who is told of them.
    package var slow: (plan: SlowPlan, sink: (any SlowRequestSink)?)?
    /// What traces are like, if there are any, and who gets their spans.
    package var tracing: (plan: TracePlan?, sink: (any SpanSink)?)?

    package init() {}
}

extension ProxyDriver {
    mutating func adoptTelling(_ change: TellingChange, on loop: inout EventLoop) {
        if let log = change.log { self.log.change(log, used: usedLayouts(), metrics) }
        if let (plan, sink) = change.slow { slow = SlowRequests(plan, sink: sink, since: loop.nanoseconds) }
        if let (plan, sink) = change.tracing {
            tracing.flush(metrics)
            tracing = SpanBatch(plan, sink: sink)
            if !tracing.records { forgetSpans() }
        }
        namesRoutes = log.plan.showsRoute || slow.isOn
    }

    /// The layouts in which lines are begun.
    private func usedLayouts() -> Set<UInt16> {
        var used: Set<UInt16> = []
        for index in 0..<exchanges.places where exchanges.token(at: index) != nil {
            used.insert(exchanges[UInt32(index)].logLayout)
        }
        return used
    }

    /// Nobody takes spans any more: those that have begun come to nothing.
    private mutating func forgetSpans() {
        for index in 0..<exchanges.places where exchanges.token(at: index) != nil {
            exchanges[UInt32(index)].flags.remove(.isSampled)
        }
        for index in 0..<servers.places where servers.token(at: index) != nil { servers[UInt32(index)].span = 0 }
    }
}
