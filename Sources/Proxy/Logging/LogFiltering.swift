// Which exchanges have a line in the access log.
import MartletEventLoop
import MartletHTTPCore
import MartletRouting
import MartletTelemetry

extension ProxyDriver {
    /// The bit for those that have no line whatever they are answered with.
    private static var never: UInt16 { 1 << 15 }

    /// Notes which exclusions the request in `request` is one for; whether it has no line for certain.
    mutating func noteExclusions(_ exchange: UInt32, _ arena: Span<UInt8>) -> Bool {
        let client = exchanges[exchange].client
        let source = clients[client].source
        let sender = RouteClient(
            address: IPAddress(hi: source.high, lo: source.low), isSecure: clients[client].flags.contains(.isSecure))
        for place in log.plan.exclusions.indices {
            if let requests = log.plan.exclusions[place].requests,
                requests.route(request, arena, sender, &routeMemory) == nil
            {
                continue
            }
            let bit = log.plan.exclusions[place].statuses == nil ? Self.never : UInt16(1) << UInt16(place)
            exchanges[exchange].unlogged |= bit
        }
        return exchanges[exchange].unlogged & Self.never != 0
    }

    /// Whether an exchange that is over has no line.
    mutating func isUnlogged(_ exchange: UInt32) -> Bool {
        let unlogged = exchanges[exchange].unlogged
        if unlogged & Self.never != 0 { return true }
        let status = Int(exchanges[exchange].status)
        if unlogged != 0 {
            for place in log.plan.exclusions.indices where unlogged & UInt16(1) << UInt16(place) != 0 {
                if log.plan.exclusions[place].statuses?.contains(status) == true { return true }
            }
        }
        // What went wrong is what one looks for.
        if exchanges[exchange].failure != nil || status >= 500 { return false }
        return log.plan.share < UInt64(1) << 32 && random.next() >> 32 >= log.plan.share
    }
}
