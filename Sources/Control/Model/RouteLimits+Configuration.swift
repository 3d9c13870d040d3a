// What the requests of a route may take.
import MartletProxy
import MartletProxyConfig

extension RouteLimits {
    /// `nil` where it is what all may.
    init?(of route: RouteConfiguration, in configuration: Configuration) {
        self.init(ProxySettings(configuration, loops: 1))
        let all = self
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
