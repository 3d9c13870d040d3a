// Bytes to clients, and back-pressure towards the servers.
import MartletEventLoop

extension ProxyDriver {
    /// Sends a buffer to the exchange's client; the server may go on when the client has taken it.
    /// - Parameter isHeadAlone: there is no content in it. On a stream, all of which waits for the end of the turn, the first of
    ///   the content may follow at once, so that both leave together.
    mutating func sendToClient(
        _ buffer: consuming Buffer, _ exchange: UInt32, isHeadAlone: Bool = false, on loop: inout EventLoop
    ) {
        let client = exchanges[exchange].client
        switch loop.send(buffer, on: clients[client].socket) {
        case .sent:
            return
        case .pending:
            if isHeadAlone && clients[client].flags.contains(.isStream) { return }
            let connection = exchanges[exchange].connection
            if connection != .max { loop.setReceiving(servers[connection].socket, false) }
        }
    }

    /// All that waited for a client has been sent.
    mutating func clientDrained(_ index: UInt32, on loop: inout EventLoop) {
        if clients[index].state == .multiplexing { return queueFlush(clients[index].multiplexer) }
        let exchange = clients[index].exchange
        if exchange == .max { return }
        if exchanges[exchange].flags.contains(.isTunnel) { return tunnelDrained(exchange, .toClient, on: &loop) }
        if exchanges[exchange].answer != nil { return continueAnswer(exchange, on: &loop) }
        if exchanges[exchange].flags.contains(.responseComplete) { return finish(exchange, on: &loop) }
        if exchanges[exchange].flags.contains(.isCoded) { return continueCoder(exchange, on: &loop) }
        if exchanges[exchange].flags.contains(.servesFile) { return continueFile(exchange, on: &loop) }
        let connection = exchanges[exchange].connection
        if connection != .max { loop.setReceiving(servers[connection].socket, true) }
    }
}
