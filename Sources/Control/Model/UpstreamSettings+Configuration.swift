// How an upstream's exchanges are answered: from the config's units to the loops'.
import MartletGRPC
import MartletProxy
import MartletProxyConfig

extension UpstreamSettings {
    init(_ upstream: UpstreamConfiguration) {
        self.init()
        connectTime = upstream.connectTimeout.milliseconds
        responseTime = upstream.responseTimeout.milliseconds
        stallTime = upstream.stallTimeout?.milliseconds ?? 0
        callTime = upstream.grpc.maxTimeout?.milliseconds ?? 0
        if let retry = upstream.retry { self.retry = RetrySettings(retry) } else { retry.attempts = 1 }
        if let hedge = upstream.hedge { self.hedge = HedgeSettings(hedge) }
        queue = QueueSettings(upstream.queue)
        breaker = BreakerSettings(upstream.breaker)
        proxyProtocol = ProxyProtocolVersion(upstream.proxyProtocol)
        maxIdle = upstream.pool.maxIdle
        idleTime = upstream.pool.idleTimeout.milliseconds
        maxRequests = upstream.pool.maxRequests.map { UInt32(clamping: $0) } ?? .max
        version = UpstreamProtocol(upstream.protocol)
        http2 = HTTP2Settings(upstream.http2)
    }
}

extension RetrySettings {
    init(_ retry: RetryConfiguration) {
        self.init()
        attempts = UInt8(clamping: retry.attempts)
        tryTime = retry.tryTimeout?.milliseconds ?? 0
        statuses = StatusSet(retry.statuses.flatMap(Array.init))
        callStatuses = GRPCStatusSet(retry.grpcStatuses.map(\.status))
        allMethods = retry.methods == .all
        pause = retry.pause.milliseconds
        longestPause = retry.longestPause.milliseconds
        budgetPercent = UInt32(clamping: retry.budget)
        budgetFloor = UInt32(clamping: retry.budgetFloor)
        bodyMemory = retry.bodyMemory
        bodyFile = retry.bodyFile ?? 0
    }
}

extension HedgeSettings {
    init(_ hedge: HedgeConfiguration) {
        self.init()
        percentile = UInt16((hedge.percentile * 10).rounded())
        leastTime = hedge.leastTime.milliseconds
        longestTime = hedge.longestTime.milliseconds
    }
}

extension QueueSettings {
    init(_ queue: QueueConfiguration) {
        self.init()
        size = queue.size
        saturatedTime = queue.saturatedTimeout.milliseconds
        noServerTime = queue.noServerTimeout.milliseconds
    }
}

extension BreakerSettings {
    init(_ breaker: BreakerConfiguration) {
        self.init()
        connections = breaker.connections ?? .max
        requests = breaker.requests ?? .max
        retries = breaker.retries ?? .max
    }
}

extension ProxyProtocolVersion {
    fileprivate init(_ form: ProxyProtocolForm?) {
        self =
            switch form {
            case .v1: .v1
            case .v2: .v2
            case nil: .none
            }
    }
}
