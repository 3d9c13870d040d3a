// How a loop comes to its end without disturbing a client.
import MartletEventLoop
import MartletTelemetry

/// How far a loop's shutdown has come.
enum DrainState {
    case serving
    /// No new connections once the backlog is empty: those in it were accepted by the kernel and are owed an answer.
    case emptyingBacklog(acceptedBefore: UInt64)
    case finishing
}

extension ProxyDriver {
    /// How long an idle connection is left open after the drain began, for a request that is on its way, in milliseconds.
    private static var idleGrace: UInt64 { 250 }

    var isDraining: Bool {
        if case .serving = drain { return false }
        return true
    }

    mutating func beginDrain(on loop: inout EventLoop) {
        if isDraining { return }
        drain = .emptyingBacklog(acceptedBefore: metrics.read(.connectionsAccepted))
        for index in 0..<clients.places {
            guard let token = clients.token(at: index), clients[token.index].state == .idle else { continue }
            clients[token.index].deadline = loop.milliseconds + Self.idleGrace
            loop.setTimer(clients[token.index].socket, at: clients[token.index].deadline)
        }
        loop.wake(at: loop.milliseconds)
    }

    mutating func continueDrain(on loop: inout EventLoop) {
        switch drain {
        case .serving: return
        case .emptyingBacklog(let before):
            let accepted = metrics.read(.connectionsAccepted)
            if accepted == before {
                for listener in listeners { loop.close(listener) }
                listeners = []
                drain = .finishing
            } else {
                drain = .emptyingBacklog(acceptedBefore: accepted)
            }
            loop.wake(at: loop.milliseconds)
        case .finishing:
            if clients.count == 0 {
                log.flush(metrics)
                loop.stop()
            }
        }
    }
}
