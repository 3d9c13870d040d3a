// How many may be connected to the admin listener: they are not among `limits.connections`, so that whoever operates the proxy
// gets in when it is full, and so they have a limit of their own.
import MartletEventLoop
import MartletTelemetry

extension ProxyDriver {
    /// The most connections to the admin listener.
    package static var adminConnectionLimit: Int { 128 }
    /// For how long an answer may wait for a client that does not take it, in milliseconds, while others want its place.
    private static var adminPatience: UInt64 { 5_000 }

    /// Whether there is room for one more. Where there is none, the one that has waited longest without asking for anything ends:
    /// who only holds connections keeps nobody out. If all have asked, it is the one that has left its answer waiting for longest.
    mutating func makeAdminRoom(on loop: inout EventLoop) -> Bool {
        if adminConnections < Self.adminConnectionLimit { return true }
        if let silent = earliestAdmin(isOwed: false, on: &loop) {
            closeClient(silent, on: &loop)
            return true
        }
        guard let reader = earliestAdmin(isOwed: true, on: &loop) else { return false }
        metrics.add(.timeoutResponseRate)
        let exchange = clients[reader].exchange
        exchanges[exchange].failure = .responseReadTooSlowly
        abandon(exchange, on: &loop)
        return true
    }

    /// Of the clients of the admin listener that may be taken away the one that is to go first.
    /// - Parameter isOwed: of those with an answer on its way, not of those without.
    private mutating func earliestAdmin(isOwed: Bool, on loop: inout EventLoop) -> UInt32? {
        var (found, earliest) = (UInt32.max, UInt64.max)
        for place in 0..<clients.places where clients.token(at: place) != nil {
            let index = UInt32(place)
            let flags = clients[index].flags
            guard flags.contains(.isAdmin), flags.isDisjoint(with: [.isStream, .isBeingRead]),
                let time = isOwed ? owedSince(index, on: &loop) : silentUntil(index), time < earliest
            else { continue }
            (found, earliest) = (index, time)
        }
        return found == .max ? nil : found
    }

    /// Until when a client may go on to ask for nothing, or to send the head of a request, or to leave behind its last answer.
    private func silentUntil(_ client: UInt32) -> UInt64? {
        switch clients[client].state {
        case .idle, .readingHead, .lingering: clients[client].deadline
        case .exchanging, .readingProxyHeader, .readingHello, .tunnelling, .multiplexing: nil
        }
    }

    /// When a client has asked for what it does not take, if that is too long ago.
    private func owedSince(_ client: UInt32, on loop: inout EventLoop) -> UInt64? {
        let exchange = clients[client].exchange
        guard clients[client].state == .exchanging, exchange != .max, loop.isSendPending(clients[client].socket) else {
            return nil
        }
        let began = exchanges[exchange].began / 1_000_000
        return began + Self.adminPatience <= loop.milliseconds ? began : nil
    }
}
