// From an exchange that is ready to a server that has it.
import MartletBalancing
import MartletEventLoop
import MartletTelemetry

extension ProxyDriver {
    /// Sends an exchange's request to a server, or lets it wait for one.
    mutating func dispatch(_ exchange: UInt32, on loop: inout EventLoop) {
        let upstream = Int(exchanges[exchange].upstream)
        let isRetry = exchanges[exchange].attempts > 0
        // Nobody overtakes those who wait; a retry has waited already.
        if !isRetry && upstreamLoads.read(.waiting, upstream) > 0 {
            return wait(exchange, upstreamStates[upstream].waitCause, first: false, on: &loop)
        }
        let claim = claim(exchange, on: &loop)
        switch claim {
        case .idle, .shared, .fresh: start(claim, exchange, on: &loop)
        case .saturated: wait(exchange, .saturated, first: isRetry, on: &loop)
        case .nobody:
            metrics.add(.noServer)
            wait(exchange, .noServer, first: isRetry, on: &loop)
        }
    }

    /// Content that comes has to wait: there is no server that could take it, or one is being sent what came before.
    func isHeldBack(_ exchange: UInt32) -> Bool {
        switch exchanges[exchange].phase {
        case .connecting, .waiting: true
        case .readingRequest, .routing, .sendingRequest, .awaitingResponse, .sendingResponse, .relaying:
            exchanges[exchange].flags.contains(.isReplaying)
        }
    }

    /// Begins a try with what was claimed.
    mutating func start(_ claim: Claim, _ exchange: UInt32, on loop: inout EventLoop) {
        exchanges[exchange].tried.insert(Int(exchanges[exchange].server))
        exchanges[exchange].attempts &+= 1
        exchanges[exchange].tries &+= 1
        exchanges[exchange].flags.remove(.responseBegun)
        exchanges[exchange].interims = 0
        switch claim {
        case .idle(let connection):
            reuse(connection, for: exchange)
            attach(connection, to: exchange, on: &loop)
            sendRequest(exchange, on: &loop)
        case .shared(let link):
            startStream(link, exchange, on: &loop)
        case .fresh:
            connect(exchange, on: &loop)
        case .saturated, .nobody:
            preconditionFailure("nothing was claimed")
        }
    }

    /// Begins a stream, which goes on at once if its link stands.
    mutating func startStream(_ link: UInt32, _ exchange: UInt32, on loop: inout EventLoop) {
        guard let stream = makeServerStream(link, for: exchange, on: &loop) else {
            leave(Int(servers[link].server), Int(servers[link].upstream))
            return fail(exchange, .noResources, on: &loop)
        }
        metrics.add(.upstreamConnectionsReused)
        exchanges[exchange].connection = stream
        if !isTaken(stream) {
            connectStreamRefused(stream, on: &loop)
        } else if servers[stream].state == .connecting {
            exchanges[exchange].phase = .connecting
        } else {
            attach(stream, to: exchange, on: &loop)
            sendRequest(exchange, on: &loop)
        }
    }

    /// An idle connection serves an exchange now.
    mutating func reuse(_ connection: UInt32, for exchange: UInt32) {
        metrics.add(.upstreamConnectionsReused)
        servers[connection].state = .active
        servers[connection].requests += 1
        servers[connection].exchange = exchange
        if exchanges[exchange].flags.contains(.isSampled) { beginSpan(connection, exchange) }
    }
}
