// How copies of requests end, and what is counted of them.
import MartletEventLoop
import MartletTelemetry

extension ProxyDriver {
    /// A copy's response has come, or a part of it: nobody takes it.
    mutating func dropAnswer(_ client: UInt32, on loop: inout EventLoop) {
        let channel = clients[client].socket
        while true {
            guard let buffer = loop.takeFirst(channel) else { break }
            loop.noteSent(buffer.count, on: channel)
        }
        clientDrained(client, on: &loop)
    }

    /// A copy comes to nothing.
    mutating func failMirror(_ copy: UInt32, _ failure: FailureKind, on loop: inout EventLoop) {
        exchanges[copy].failure = failure
        dropServer(of: copy, on: &loop)
        let client = exchanges[copy].client
        closeExchange(copy, on: &loop)
        forgetMirror(client, on: &loop)
    }

    /// Forgets whom the copy's response was for.
    mutating func forgetMirror(_ client: UInt32, on loop: inout EventLoop) {
        loop.close(clients[client].socket)
        if let token = clients.token(at: Int(client)) { clients.remove(token) }
    }

    /// A copy that is still being made is given up.
    mutating func dropMirror(of exchange: UInt32, _ note: MirrorNote, on loop: inout EventLoop) {
        let token = exchanges[exchange].mirror
        noteMirror(exchange, note)
        if exchanges.contains(token) { failMirror(token.index, .clientGone, on: &loop) }
    }

    /// An exchange ends that is a copy, or has one. Whether it is a copy: nothing else is counted of it.
    mutating func settleMirror(_ exchange: UInt32, on loop: inout EventLoop) -> Bool {
        if exchanges[exchange].flags.contains(.isMirror) {
            countMirror(exchange, now: loop.nanoseconds)
            return true
        }
        if exchanges[exchange].mirrorNote == .gathering { dropMirror(of: exchange, .incomplete, on: &loop) }
        return false
    }

    /// Notes why there is no copy, and counts it.
    mutating func noteMirror(_ exchange: UInt32, _ note: MirrorNote) {
        exchanges[exchange].mirrorNote = note
        switch note {
        case .tooMany: metrics.add(.mirrorsTooMany)
        case .tooLarge: metrics.add(.mirrorsTooLarge)
        case .incomplete: metrics.add(.mirrorsIncomplete)
        case .none, .gathering, .sent: return
        }
    }

    private mutating func countMirror(_ copy: UInt32, now: UInt64) {
        mirrors[Int(exchanges[copy].mirroring)].active.giveBack()
        mirrorCount -= 1
        metrics.decrement(.mirrorsActive)
        // Of one that was never whole, its request is what is counted.
        if exchanges[copy].mirrorNote != .sent { return }
        switch exchanges[copy].failure {
        case nil: metrics.add(.mirrorsAnswered)
        case .saturated?, .noServer?: metrics.add(.mirrorsWithoutServer)
        case .exchangeTimeout?, .responseTimeout?, .connectTimeout?: metrics.add(.mirrorsTimedOut)
        default: metrics.add(.mirrorsFailed)
        }
        let server = Int(exchanges[copy].server)
        if server < 0 { return }
        if let failure = exchanges[copy].failure {
            if failure.side == .server { metrics.add(.failures, server: server) }
            return
        }
        metrics.add(ServerCounter.response(Int(exchanges[copy].status)), server: server)
        metrics.record(server: server, microseconds: (now - exchanges[copy].began) / 1_000)
        metrics.add(.bytesIn, server: server, UInt64(exchanges[copy].headBytes))
    }
}
