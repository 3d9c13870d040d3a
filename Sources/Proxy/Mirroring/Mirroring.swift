// Copies of requests for another upstream (decision 0017): exchanges of their own, whose client is nobody. The request itself
// knows no more of its copy than what the log says.
//
//   request ──▶ choose, send ──▶ server ──▶ client
//      │ share and bounds                          at the end of the turn
//      └─ copy ─▶ head ─▶ content, piece by piece ─▶ complete ─▶ choose, send ──▶ another server ──▶ dropped
import MartletBalancing
import MartletEventLoop
import MartletHTTP1
import MartletHTTPCore
import MartletTelemetry

extension ProxyDriver {
    /// Decides whether the request in `request` is to be copied, as far as its head tells.
    mutating func considerMirror(_ exchange: UInt32, _ mirror: Int32) {
        // Calls and what may become a tunnel are talks with one server, not requests that can be said twice.
        if exchanges[exchange].upgrade >= 0 || exchanges[exchange].flags.contains(.isCall) { return }
        if !mirrors[Int(mirror)].takes(random.next()) { return }
        exchanges[exchange].mirroring = Int16(mirror)
        if case .length(let length) = request.framing, length > UInt64(mirrors[Int(mirror)].content) {
            noteMirror(exchange, .tooLarge)
        }
    }

    /// The request is composed, and about to be sent: its copy begins with what there is of it.
    mutating func beginMirror(_ exchange: UInt32, on loop: inout EventLoop) {
        if exchanges[exchange].mirrorNote != .none { return }
        guard let token = openMirror(of: exchange, on: &loop) else { return noteMirror(exchange, .tooMany) }
        exchanges[exchange].mirror = token
        exchanges[exchange].mirrorNote = .gathering
        guard let request = exchanges[exchange].request.take() else { return }
        gatherMirror(request, exchange, on: &loop)
        exchanges[exchange].request = consume request
    }

    /// An exchange for the copy; `nil` if there may be no more of them.
    private mutating func openMirror(of exchange: UInt32, on loop: inout EventLoop) -> Token? {
        let mirror = Int(exchanges[exchange].mirroring)
        let model = mirrors[mirror]
        if isMemoryScarce(loop.pool) || !model.active.take(limit: model.inFlight) { return nil }
        guard let client = makeMirrorClient(of: exchanges[exchange].client, on: &loop) else {
            model.active.giveBack()
            return nil
        }
        var copy = Exchange(client: client, began: loop.nanoseconds, id: exchanges[exchange].id)
        // As if it had been sent again already: what comes to nothing is not sent anew on another connection.
        copy.flags = [.isMirror, .headRead, .resent]
        copy.method = exchanges[exchange].method
        copy.requestFraming = exchanges[exchange].requestFraming
        copy.upstream = Int32(model.upstream)
        copy.mirroring = Int16(mirror)
        copy.mirrorNote = .gathering
        guard let token = exchanges.insert(copy) else {
            model.active.giveBack()
            forgetMirror(client, on: &loop)
            return nil
        }
        clients[client].exchange = token.index
        exchanges[token.index].replay.start()
        mirrorCount += 1
        metrics.increment(.mirrorsActive)
        loop.setTimer(clients[client].socket, at: loop.milliseconds + model.time)
        return token
    }

    /// When memory is short it is for those who come.
    private func isMemoryScarce(_ pool: borrowing BufferPool) -> Bool { pool.usedBytes > pool.limitBytes / 2 }

    /// Who asks for the copy's response: nobody, with a channel on which it comes.
    private mutating func makeMirrorClient(of client: UInt32, on loop: inout EventLoop) -> UInt32? {
        guard let channel = loop.openChannel(tag: .max) else { return nil }
        guard let token = clients.insert(ClientConnection(mirrorOf: clients[client], channel: channel)) else {
            loop.close(channel)
            return nil
        }
        loop.setTag(channel, token.index)
        return token.index
    }

    /// Keeps a piece of the request for its copy, which is ready with the last.
    mutating func gatherMirror(_ piece: borrowing Buffer, _ exchange: UInt32, on loop: inout EventLoop) {
        if exchanges[exchange].mirrorNote != .gathering { return }
        let token = exchanges[exchange].mirror
        // Its time is over.
        if !exchanges.contains(token) { return noteMirror(exchange, .incomplete) }
        let limit = mirrors[Int(exchanges[exchange].mirroring)].content
        let content = clients[exchanges[exchange].client].decoder.contentBytes
        // In chunks it is a little longer.
        let limits = ReplayLog.Limits(
            memory: Int(exchanges[exchange].composedBytes) + 2 * limit + Self.chunkRoom, file: 0)
        if content > UInt64(limit) || !exchanges[token.index].replay.append(piece.bytes, limits, pool: loop.pool) {
            return dropMirror(of: exchange, .tooLarge, on: &loop)
        }
        if !exchanges[exchange].flags.contains(.requestComplete) { return }
        exchanges[exchange].mirrorNote = .sent
        exchanges[token.index].mirrorNote = .sent
        exchanges[token.index].flags.insert(.requestComplete)
        exchanges[token.index].headBytes = UInt32(clamping: exchanges[token.index].replay.count)
        readyMirrors.append(token)
    }

    /// Room for trailers and what frames chunks, in bytes.
    private static var chunkRoom: Int { 4_096 }

    /// Sends the copies that are complete. At the end of each turn: requests come first.
    mutating func sendMirrors(on loop: inout EventLoop) {
        if readyMirrors.isEmpty { return }
        for place in readyMirrors.indices {
            let token = readyMirrors[place]
            if exchanges.contains(token) { sendMirror(token.index, on: &loop) }
        }
        readyMirrors.removeAll(keepingCapacity: true)
    }

    /// Sends a copy to a server that has room for it. There is no waiting: the place in the queue is for requests.
    private mutating func sendMirror(_ copy: UInt32, on loop: inout EventLoop) {
        let upstream = Int(exchanges[copy].upstream)
        exchanges[copy].phase = .connecting
        exchanges[copy].key = random.next()
        if upstreamLoads.read(.waiting, upstream) > 0 { return fail(copy, .saturated, on: &loop) }
        let claim = claim(copy, on: &loop)
        switch claim {
        case .idle, .shared, .fresh: start(claim, copy, on: &loop)
        case .saturated: fail(copy, .saturated, on: &loop)
        case .nobody: fail(copy, .noServer, on: &loop)
        }
    }
}
