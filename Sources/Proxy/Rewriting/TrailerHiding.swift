// Trailers of responses, which say no more of the servers than heads do.
import MartletEventLoop
import MartletHTTP1
import MartletHTTPCore
import MartletTelemetry

extension ProxyDriver {
    /// Takes what clients do not get out of the trailers of a response, in `trailers`: the fields that the route drops from heads,
    /// and, where leaks are blocked, those that show where a server stands. The head is with the client by now.
    mutating func hideTrailers(_ arena: Span<UInt8>, _ exchange: UInt32) {
        if !hidesTrailers(exchange) { return }
        let route = actions.responses[Int(exchanges[exchange].actions)]
        for index in 0..<trailers.count where !trailers[index].isHopByHop {
            if actions.names.contains(trailers[index], route.gone, in: arena) {
                trailers[index].isHopByHop = true
            } else if route.leaks != .off && isLeak(trailers[index].value, arena, exchange) {
                noteLeak(trailers[index].name, arena, exchange, route.leaks)
                if route.leaks == .block { trailers[index].isHopByHop = true }
            }
        }
    }

    /// Whether the exchange's route has anything to look for in trailers.
    func hidesTrailers(_ exchange: UInt32) -> Bool {
        let route = actions.responses[Int(exchanges[exchange].actions)]
        return !route.gone.isEmpty || route.leaks != .off
    }

    private func isLeak(_ value: ByteRange, _ arena: Span<UInt8>, _ exchange: UInt32) -> Bool {
        let upstream = Int(exchanges[exchange].upstream)
        return upstream >= 0 && origins[upstream].leaks.find(in: arena.extracting(value)) != nil
    }

    private mutating func noteLeak(_ name: ByteRange, _ arena: Span<UInt8>, _ exchange: UInt32, _ mode: LeakMode) {
        countLeak(exchange)
        if mode == .count || exchanges[exchange].leak != nil { return }
        let shown = ByteRange(start: name.start, count: min(name.count, UInt32(LeakText.limit)))
        exchanges[exchange].leak = String(copying: arena.extracting(shown))
    }

    /// Counts a response that shows where a server stands, once.
    mutating func countLeak(_ exchange: UInt32) {
        if exchanges[exchange].flags.contains(.showsOrigin) { return }
        exchanges[exchange].flags.insert(.showsOrigin)
        metrics.add(.originLeaks)
    }

    /// A server's name leads elsewhere now: its addresses must not be shown either.
    mutating func learnOrigin(_ server: Int) {
        guard let upstream = upstreamStates.firstIndex(where: { $0.servers.contains(server) }) else { return }
        var resolved: [SocketAddress] = []
        // One that was written as an address is known already.
        for place in upstreamStates[upstream].servers where model.servers[place].addresses.isEmpty {
            resolved += serverStates[place].addresses
        }
        origins[upstream] = model.origins[upstream].including(resolved)
    }
}
