// Switching protocols (RFC 9110 section 7.8): a request asks for it, the server answers with 101, and from then on the
// exchange is a tunnel. What comes from the client before the 101 waits, as a request behind this one would. Until the 101
// nothing is decided: with any other response that is what it is. In HTTP/2 it is an extended CONNECT and 2xx (RFC 8441), on
// either side; between the two the exchange is that of HTTP/1.1. Of servers: Multiplex/ConnectStreams.swift.
//
//   client ──head──▶ allowed? ─▶ head with Upgrade ─▶ server ──101──▶ as asked? ─▶ 101 to the client ─▶ relay both ways
//                    └─ no: the head without Upgrade            └─ no: a failure    └─ what has come meanwhile goes first
import MartletEventLoop
import MartletHTTP1
import MartletHTTPCore
import MartletTelemetry

extension ProxyDriver {
    /// Decides on what the server is asked to switch to: the first of the client's protocols that the route allows. A client
    /// that asks for none of those is served as if it had not asked, unless it is nothing without.
    mutating func noteUpgrade(_ exchange: UInt32, _ allowed: Int, _ arena: Span<UInt8>) -> FailureKind? {
        let upstream = Int(exchanges[exchange].upstream)
        let asked = request.version == .http2 ? allowedProtocol(allowed, arena) : allowedUpgrade(allowed, arena)
        // To servers that speak HTTP/2 only there is no Upgrade (RFC 9113 section 8.6), but of WebSocket.
        guard let place = asked, place == UpgradeTable.webSocket || !isOnlyHTTP2(upstream) else {
            metrics.add(.upgradesIgnored)
            return request.protocolName.isEmpty ? nil : .protocolNotSupported
        }
        exchanges[exchange].upgrade = Int16(place)
        if place != UpgradeTable.webSocket { return nil }
        if request.version == .http2 {
            request.fields.drop(lowercase: "sec-websocket-key", in: arena)
            return nil
        }
        // Where it may be for us to say that the key is understood, it has to be one.
        if !model.upstreams[upstream].mayBeSpokenToInHTTP2 { return nil }
        exchanges[exchange].accept = WebSocketKey.accept(request.fields, in: arena)
        return exchanges[exchange].accept == nil ? .badWebSocketKey : nil
    }

    /// In HTTP/1.0 Upgrade has no meaning. With content it would not be clear in which protocol that comes.
    private func allowedUpgrade(_ allowed: Int, _ arena: Span<UInt8>) -> Int? {
        let hasContent = request.framing != .none && request.framing != .length(0)
        if request.version != .http11 || hasContent || !request.fields.nominatesUpgrade(in: arena) { return nil }
        var offers = UpgradeCursor()
        while let name = offers.next(request.fields, in: arena) {
            guard let place = upgrades.place(of: arena.extracting(name), in: allowed) else { continue }
            // Handshakes of WebSocket are GET (RFC 6455 section 4.1).
            if place != UpgradeTable.webSocket || request.method == .get { return place }
        }
        return nil
    }

    /// The same for an extended CONNECT of HTTP/2, which names one protocol (RFC 8441 section 4). Only that of WebSocket is known
    /// to mean what Upgrade does.
    private func allowedProtocol(_ allowed: Int, _ arena: Span<UInt8>) -> Int? {
        let place = upgrades.place(of: arena.extracting(request.protocolName), in: allowed)
        return place == UpgradeTable.webSocket ? place : nil
    }

    /// Whether the head in `response` says that the server has switched to what it was asked for, and to nothing else.
    func hasSwitched(_ exchange: UInt32, _ arena: Span<UInt8>) -> Bool {
        let asked = Int(exchanges[exchange].upgrade)
        if response.status != 101 || asked < 0 || response.version != .http11 { return false }
        var protocols = UpgradeCursor()
        guard let name = protocols.next(response.fields, in: arena) else { return false }
        if !upgrades.isName(arena.extracting(name), of: asked)
            || protocols.next(response.fields, in: arena) != nil
        {
            return false
        }
        guard let accept = exchanges[exchange].accept else { return true }
        return WebSocketKey.isAccepted(response.fields, in: arena, as: accept)
    }

    /// The server has switched; the head is in `response`. What stands behind it is in the new protocol.
    mutating func beginUpgraded(_ buffer: consuming Buffer, _ exchange: UInt32, on loop: inout EventLoop) {
        recordResponse(exchange, buffer.bytes, on: &loop)
        composeSwitchingHead(buffer.bytes, exchange)
        if writer.overflowed { return fail(exchange, .responseRefused(.headTooLarge), on: &loop) }
        if isLeak(exchange) { return fail(exchange, .responseLeaks, on: &loop) }
        buffer.dropFirst(response.length)
        exchanges[exchange].frames.pass(buffer.bytes)
        if !addHead(&buffer, on: &loop) { return fail(exchange, .noBuffers, on: &loop) }
        becomeTunnel(exchange, on: &loop)
        relayHead(buffer, exchange, on: &loop)
        beginRelaying(exchange, on: &loop)
    }

    /// The exchange is one of a tunnel from here on. Nothing in this depends on how the client's side is framed.
    private mutating func becomeTunnel(_ exchange: UInt32, on loop: inout EventLoop) {
        let client = exchanges[exchange].client
        countUpgraded(exchange, on: &loop)
        forgetRequest(exchange)
        endRetrying(exchange)
        // A buffer is better used than to wait for days.
        if let note = exchanges[exchange].note.take() { exchanges[exchange].keptNote = Self.copy(of: note.bytes) }
        exchanges[exchange].flags.subtract([.requestComplete, .responseComplete])
        exchanges[exchange].flags.formUnion([.isTunnel, .isCountedTunnel])
        clients[client].state = .tunnelling
        setTunnelTimer(client, on: &loop)
    }

    static func copy(of bytes: Span<UInt8>) -> [UInt8] {
        var copy: [UInt8] = []
        copy.reserveCapacity(bytes.count)
        for index in 0..<bytes.count { copy.append(bytes[index]) }
        return copy
    }

    /// Sends the head of the response, which makes the client switch as well, and what came behind it.
    private mutating func relayHead(_ buffer: consuming Buffer, _ exchange: UInt32, on loop: inout EventLoop) {
        let count = UInt64(buffer.count)
        exchanges[exchange].bytesOut += count
        metrics.add(.downstreamBytesOut, count)
        sendToClient(buffer, exchange, on: &loop)
    }

    /// Counts the request as one that has been answered, and its connection as a tunnel.
    private mutating func countUpgraded(_ exchange: UInt32, on loop: inout EventLoop) {
        let server = Int(exchanges[exchange].server)
        exchanges[exchange].status = 101
        exchanges[exchange].firstByte = loop.nanoseconds
        metrics.record(.timeToFirstByte, (loop.nanoseconds - exchanges[exchange].began) / 1_000)
        metrics.add(.responses1xx)
        metrics.add(.responses1xx, server: server)
        metrics.add(.bytesIn, server: server, UInt64(exchanges[exchange].headBytes))
        let isWebSocket = Int(exchanges[exchange].upgrade) == UpgradeTable.webSocket
        metrics.add(isWebSocket ? .upgradesWebSocket : .upgradesOther)
        metrics.decrement(.exchangesActive)
        metrics.add(.tunnels)
        metrics.increment(.tunnelsActive)
        // Interim responses that were sent before.
        let client = exchanges[exchange].client
        let sent = loop.bytesSent(clients[client].socket) - exchanges[exchange].sentBefore
        exchanges[exchange].bytesOut = sent
        metrics.add(.downstreamBytesOut, sent)
    }
}
