// What the requests of a route may take.
import MartletProxy
import MartletProxyConfig

/// What holds for all routes, looked up once: with tens of thousands of them, nothing that is done for each may look at all.
struct RouteContext {
    let configuration: Configuration
    /// What requests may take where a route says nothing.
    let limits: RouteLimits
    private let upstreams: [String: UpstreamConfiguration]

    init(_ configuration: Configuration) {
        self.configuration = configuration
        limits = RouteLimits(ProxySettings(configuration, loops: 1))
        upstreams = Dictionary(configuration.upstreams.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// What responses of a route must not show.
    func hiding(of route: RouteConfiguration) -> HideOriginConfiguration? {
        configuration.hiding(of: route, to: route.upstreams.first.flatMap { upstreams[$0] })
    }
}

extension RouteLimits {
    /// `nil` where it is what all may.
    init?(of route: RouteConfiguration, in context: RouteContext) {
        let (all, configuration) = (context.limits, context.configuration)
        self = all
        if let size = route.limits.requestBody ?? configuration.limits.requestBody {
            requestBody = UInt64(size)
        } else {
            requestBody = .max
        }
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
        let sizes = [limits.requestBody] + routes.compactMap(\.limits.requestBody)
        return sizes.map { $0.map { UInt64($0) } ?? .max }.max() ?? .max
    }
}
