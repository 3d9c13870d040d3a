// What the requests of a route may take.
import MartletProxy
import MartletProxyConfig

/// What holds for all routes, looked up once: with tens of thousands of them, nothing that is done for each may look at all.
struct RouteContext {
    /// What is done on routes that say nothing of it.
    let common: RoutePlan
    /// What requests may take where a route says nothing, as a route would say it.
    let limits: RouteLimits
    /// The most bytes of content where a route says nothing.
    fileprivate let requestBody: UInt64
    /// Of upstreams that say what their responses must not show, by their names.
    private let hiding: [String: HidingPlan?]

    init(_ configuration: Configuration) {
        var common = RoutePlan(common: configuration)
        common.hiding = configuration.hideOrigin.map { HidingPlan($0) }
        common.compression = configuration.compression.map { CompressionPlan($0) }
        self.common = common
        limits = RouteLimits(ProxySettings(configuration, loops: 1))
        requestBody = configuration.limits.requestBody.map { UInt64($0) } ?? .max
        var hiding: [String: HidingPlan?] = [:]
        for upstream in configuration.upstreams {
            guard let own = upstream.hideOrigin else { continue }
            hiding[upstream.name] = .some(own.map { HidingPlan($0) })
        }
        self.hiding = hiding
    }

    /// What responses of a route must not show.
    func hiding(of route: RouteConfiguration) -> HidingPlan? {
        if let own = route.hideOrigin { return own.map { HidingPlan($0) } }
        if !hiding.isEmpty, let name = route.upstreams.first, let own = hiding[name] { return own }
        return common.hiding
    }
}

extension RouteLimits {
    /// `nil` where it is what all may.
    init?(of route: RouteConfiguration, in context: RouteContext) {
        let all = context.limits
        self = all
        requestBody = context.requestBody
        if let size = route.limits.requestBody { requestBody = size.map { UInt64($0) } ?? .max }
        if let time = route.timeouts.exchange {
            exchangeTime = time?.milliseconds ?? 0
            hasExchangeTime = true
        }
        responseTime = route.timeouts.response?.milliseconds
        stallTime = route.timeouts.stall.map { $0?.milliseconds ?? 0 }
        if let time = route.timeouts.tunnelIdle { tunnelIdleTime = time.milliseconds }
        if let rate = route.rates.request { requestRate = UInt64(rate ?? 0) }
        if self == all { return nil }
    }
}

extension Configuration {
    /// The most bytes that the content of any request may have.
    var largestRequestBody: UInt64 {
        let own = routes.entries.lazy.filter { !$0.isPlain }.compactMap(\.route.limits.requestBody)
        return ([limits.requestBody] + own).map { $0.map { UInt64($0) } ?? .max }.max() ?? .max
    }
}
