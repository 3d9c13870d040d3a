// What a try tells of its server: for the choice of the next one, and for whoever watches over servers.
import MartletBalancing
import MartletEventLoop
import MartletHTTPCore
import MartletTelemetry

extension ProxyDriver {
    /// The longest time that a server is left alone because it says so, in nanoseconds: a mistake shall not last.
    private static var longestRetryAfter: UInt64 { 60_000_000_000 }

    /// The head of the final response is in `response`.
    /// - Parameter isCall: of gRPC, so that the status of HTTP does not say all.
    mutating func recordResponse(
        _ exchange: UInt32, _ arena: Span<UInt8>, isCall: Bool = false, on loop: inout EventLoop
    ) {
        let connection = exchanges[exchange].connection
        let server = Int(servers[connection].server)
        let elapsed = loop.nanoseconds - servers[connection].began
        servers[connection].spanStatus = UInt16(response.status)
        let status = isCall ? callVerdict(exchange) : response.status
        if response.fields.present.contains(.endpointLoadMetrics) {
            noteLoadReport(server, arena, now: loop.nanoseconds)
        }
        if status >= 500 || status == 429 {
            if response.fields.present.contains(.retryAfter) { noteRetryAfter(server, arena, now: loop.nanoseconds) }
            loads.observeFailure(server, elapsed: elapsed, now: loop.nanoseconds)
            if status >= 500 { return recordFailure(exchange, server, .server) }
        } else {
            loads.observe(latency: elapsed, server, now: loop.nanoseconds)
        }
        if isCall && awaitsCallStatus(exchange) { loads.reached(server) } else { loads.succeeded(server) }
        endProbation(exchange, server, true)
        let upstream = Int(exchanges[exchange].upstream)
        upstreamStates[upstream].outage.end()
        let percentile = upstreamStates[upstream].settings.hedge.percentile
        if percentile > 0 { upstreamStates[upstream].latency.observe(elapsed, quantile: Float(percentile) / 1_000) }
    }

    /// A connection to a server could not be made, was lost, or took too long.
    mutating func recordLoss(_ exchange: UInt32, _ connection: UInt32, on loop: inout EventLoop) {
        let server = Int(servers[connection].server)
        let elapsed = loop.nanoseconds - servers[connection].began
        loads.observeFailure(server, elapsed: elapsed, now: loop.nanoseconds)
        recordFailure(exchange, server, .connection)
    }

    /// Counts a failure, and tells the watch when there are as many in a row as it wants to know of.
    mutating func recordFailure(_ exchange: UInt32, _ server: Int, _ origin: FailureOrigin) {
        let inARow = loads.failed(server, origin)
        endProbation(exchange, server, false)
        let upstream = Int(exchanges[exchange].upstream)
        let told =
            switch origin {
            case .connection: upstreamStates[upstream].toldConnectionFailures
            case .server: upstreamStates[upstream].toldServerErrors
            }
        if told > 0 && inARow % told == 0 {
            balance.watch?.notice(.failures(server: server, origin, inARow: inARow))
        }
    }

    /// A try at a server is over, perhaps the one that it gets on probation. `nil`: it says nothing of the server.
    mutating func endProbation(_ exchange: UInt32, _ server: Int, _ hasPassed: Bool?) {
        if exchanges[exchange].probation != Int32(server) { return }
        exchanges[exchange].probation = -1
        guard let hasPassed else { return loads.giveBackProbation(server) }
        balance.watch?.notice(.probation(server: server, passed: hasPassed))
    }

    /// The server reports its load (ORCA).
    private func noteLoadReport(_ server: Int, _ arena: Span<UInt8>, now: UInt64) {
        guard let index = response.fields.firstIndex(of: .endpointLoadMetrics) else { return }
        let value = arena.extracting(response.fields[index].value)
        if let utilisation = LoadReport.parse(value) { loads.report(utilisation: utilisation, server, now: now) }
    }

    /// The server asks to be left alone for some seconds (RFC 9110 section 10.2.3). A date is not looked at: those who
    /// refuse for being busy send seconds.
    private func noteRetryAfter(_ server: Int, _ arena: Span<UInt8>, now: UInt64) {
        guard let index = response.fields.firstIndex(of: .retryAfter) else { return }
        guard let seconds = ByteNumber.decimal(arena.extracting(response.fields[index].value)) else { return }
        let time = min(seconds, Self.longestRetryAfter / 1_000_000_000) * 1_000_000_000
        loads.avoid(server, until: now + time)
    }
}
