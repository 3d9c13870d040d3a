// What a route's requests may take, where that is not what all may.
import MartletHTTPCore

/// Limits, times and rates of a route, in the units of `ProxySettings`.
package struct RouteLimits: BitwiseCopyable, Sendable, Equatable {
    /// Bytes of a request's content: beyond them 413.
    package var requestBody: UInt64
    /// How long an exchange may take as a whole, in milliseconds; 0 for any time. A call of gRPC is told so.
    package var exchangeTime: UInt64
    /// Whether that is the route's own.
    package var hasExchangeTime = false
    /// Until the response's first byte, and between two of its bytes; `nil` for what the upstream says.
    package var responseTime: UInt64?
    package var stallTime: UInt64?
    /// How long a connection that has switched protocols may be without a byte.
    package var tunnelIdleTime: UInt64
    /// The least that a client must send, in bytes per second; 0 for any rate.
    package var requestRate: UInt64

    /// Those of all requests.
    package init(_ settings: ProxySettings) {
        requestBody = settings.requestBody
        exchangeTime = settings.exchangeTime
        tunnelIdleTime = settings.tunnelIdleTime
        requestRate = settings.requestRate
    }
}
