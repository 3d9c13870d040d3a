// How a loop comes to its end without disturbing a client.
import MartletEventLoop
import MartletTelemetry

/// How far a loop's shutdown has come.
enum DrainState {
    case serving
    /// No new connections once the backlog is empty: those in it were accepted by the kernel and are owed an answer.
    case emptyingBacklog(acceptedBefore: UInt64, until: UInt64)
    case finishing
    /// Another process has taken over, the admin listener as well: who was accepted just before that is owed an answer too.
    case leaving
}

extension ProxyDriver {
    /// How long an idle connection is left open after the drain began, for a request that is on its way, in milliseconds.
    static var idleGrace: UInt64 { 250 }

    /// How long the backlog may take to become empty: under lasting load it never is. In milliseconds.
    private static var backlogTime: UInt64 { 100 }

    var isDraining: Bool {
        if case .serving = drain { return false }
        return true
    }

    mutating func beginDrain(on loop: inout EventLoop) {
        if isDraining { return }
        drain = .emptyingBacklog(
            acceptedBefore: metrics.read(.connectionsAccepted), until: loop.milliseconds + Self.backlogTime)
        endIdleClients(on: &loop)
    }

    /// Drains, and leaves its listeners to another process, the admin listener as well.
    mutating func leave(on loop: inout EventLoop) {
        if isDraining { return }
        drain = .leaving
        closeListeners(forAdmin: false, on: &loop)
        closeListeners(forAdmin: true, on: &loop)
        endIdleClients(on: &loop)
    }

    private mutating func endIdleClients(on loop: inout EventLoop) {
        for index in 0..<clients.places {
            // Who is in the middle of a handshake has its own time for that.
            guard let token = clients.token(at: index), clients[token.index].state == .idle,
                !clients[token.index].flags.contains(.isHandshaking)
            else { continue }
            clients[token.index].deadline = loop.milliseconds + Self.idleGrace
            loop.setTimer(clients[token.index].socket, at: clients[token.index].deadline)
        }
        drainMultiplexers(on: &loop)
        loop.wake(at: loop.milliseconds)
    }

    mutating func continueDrain(on loop: inout EventLoop) {
        switch drain {
        case .serving: return
        case .emptyingBacklog(let before, let end):
            let accepted = metrics.read(.connectionsAccepted)
            if accepted == before || loop.milliseconds >= end {
                closeListeners(forAdmin: false, on: &loop)
                drain = .finishing
            } else {
                drain = .emptyingBacklog(acceptedBefore: accepted, until: end)
            }
            loop.wake(at: loop.milliseconds)
        case .finishing:
            // Who watches the drain does not keep it from ending, and neither do copies of requests.
            if clients.count == adminConnections + mirrorCount && exchanges.count == mirrorCount { stop(on: &loop) }
        case .leaving:
            if clients.count == mirrorCount && exchanges.count == mirrorCount { stop(on: &loop) }
        }
    }

    /// The admin listener goes on until the end: it is where one sees how the drain comes along.
    private mutating func closeListeners(forAdmin: Bool, on loop: inout EventLoop) {
        for (place, listener) in listening where listeners[place].isAdmin == forAdmin { loop.close(listener) }
    }

    /// Who has not got a response is told so; who is in the middle of one is cut. A call can be told in the middle as well.
    private mutating func endNow(_ exchange: UInt32, on loop: inout EventLoop) {
        if exchanges[exchange].flags.isDisjoint(with: .responseHeadSent) || exchanges[exchange].flags.contains(.isCall)
        {
            let client = clients.token(at: Int(exchanges[exchange].client)) ?? .none
            // A request behind this one is not begun any more.
            if clients.contains(client) { clients[client.index].flags.insert(.closesAfter) }
            fail(exchange, .draining, on: &loop)
            if clients.contains(client) && !clients[client.index].flags.contains(.isStream) {
                closeClient(client.index, on: &loop)
            }
            return
        }
        exchanges[exchange].failure = exchanges[exchange].failure ?? .draining
        abandon(exchange, on: &loop)
    }

    /// Ends now. Exchanges that are going on are cut, and have their lines in the log.
    mutating func stop(on loop: inout EventLoop) {
        for index in 0..<exchanges.places where exchanges.token(at: index) != nil {
            endNow(UInt32(index), on: &loop)
        }
        // What streams were told just now leaves with the last frames.
        announceEnds()
        flushMultiplexers(on: &loop)
        log.flush(metrics)
        tracing.flush(metrics)
        loop.stop()
    }
}
