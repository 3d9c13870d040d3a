// What an exchange may take: what its route says, or what holds for all.
import MartletEventLoop
import MartletHTTP1
import MartletHTTPCore

extension ProxyDriver {
    /// The request's route is known, which has limits of its own: from now on those count. Why the request is refused, if it is.
    mutating func applyOwnLimits(_ exchange: UInt32, on loop: inout EventLoop) -> FailureKind? {
        exchanges[exchange].flags.insert(.hasOwnLimits)
        let client = exchanges[exchange].client
        let most = requestBodyLimit(exchange)
        if case .length(let length) = request.framing, length > most { return .requestBodyTooLarge }
        if clients[client].decoder.contentBytes > most { return .requestBodyTooLarge }
        if exchangeTime(exchange) != settings.exchangeTime { scheduleCheck(client, on: &loop) }
        return nil
    }

    /// The limits of the exchange's route. Asked only where it has some.
    private func ownLimits(_ exchange: UInt32) -> RouteLimits {
        actions.limits[Int(actions.requests[Int(exchanges[exchange].actions)].limits)]
    }

    private func hasOwnLimits(_ exchange: UInt32) -> Bool { exchanges[exchange].flags.contains(.hasOwnLimits) }

    /// Bytes of the request's content. As long as the route is not known, it is the most that any route takes.
    func requestBodyLimit(_ exchange: UInt32) -> UInt64 {
        hasOwnLimits(exchange) ? ownLimits(exchange).requestBody : settings.requestBody
    }

    /// How long the exchange may take as a whole, in milliseconds; 0 for any time.
    func exchangeTime(_ exchange: UInt32) -> UInt64 {
        hasOwnLimits(exchange) ? ownLimits(exchange).exchangeTime : settings.exchangeTime
    }

    /// How long a call may take, in milliseconds; 0 for any time: what its upstream says, or its route if that is less.
    func callTime(_ exchange: UInt32) -> UInt64 {
        let most = upstreamStates[Int(exchanges[exchange].upstream)].settings.callTime
        if !hasOwnLimits(exchange) { return most }
        let own = ownLimits(exchange)
        if !own.hasExchangeTime || own.exchangeTime == 0 { return most }
        return most == 0 ? own.exchangeTime : min(most, own.exchangeTime)
    }

    /// Until the response's first byte, in milliseconds.
    func responseTime(_ exchange: UInt32, _ upstream: Int) -> UInt64 {
        let time = hasOwnLimits(exchange) ? ownLimits(exchange).responseTime : nil
        return time ?? upstreamStates[upstream].settings.responseTime
    }

    /// How long a server may say nothing within a response, in milliseconds; 0 for any time.
    func stallTime(_ exchange: UInt32, _ upstream: Int) -> UInt64 {
        let time = hasOwnLimits(exchange) ? ownLimits(exchange).stallTime : nil
        return time ?? upstreamStates[upstream].settings.stallTime
    }

    /// How long a tunnel may be without a byte, in milliseconds; 0 for any time.
    func tunnelIdleTime(_ exchange: UInt32) -> UInt64 {
        hasOwnLimits(exchange) ? ownLimits(exchange).tunnelIdleTime : settings.tunnelIdleTime
    }

    /// The least that the client must send, in bytes per second; 0 for any rate.
    func requestRate(_ exchange: UInt32) -> UInt64 {
        hasOwnLimits(exchange) ? ownLimits(exchange).requestRate : settings.requestRate
    }
}
