// What is counted and logged of a tunnel when it is over.
import MartletEventLoop
import MartletTelemetry

extension ProxyDriver {
    private static var shownName: Int { 255 }

    mutating func accountTunnel(_ exchange: UInt32, on loop: inout EventLoop) {
        let server = Int(exchanges[exchange].server)
        if exchanges[exchange].failure == .clientGone { metrics.add(.clientsGone) }
        if server >= 0 {
            metrics.add(.bytesIn, server: server, exchanges[exchange].bytesIn)
            metrics.add(.bytesOut, server: server, exchanges[exchange].bytesOut)
            if exchanges[exchange].failure?.side == .server { metrics.add(.failures, server: server) }
        }
        // A request that has become a tunnel was answered when it did; how long the tunnel lasts is another matter.
        if exchanges[exchange].isUpgraded {
            let (began, answered) = (exchanges[exchange].began, exchanges[exchange].firstByte)
            countScopes(exchange, answered > began ? (answered - began) / 1_000 : 0)
            if exchanges[exchange].flags.contains(.isSampled) { writeServerSpan(exchange, now: loop.nanoseconds) }
        }
        let isEarlier = exchanges[exchange].logLayout != log.number
        if isEarlier { log.use(exchanges[exchange].logLayout) }
        if log.isOn { logTunnel(exchange, on: &loop) }
        if isEarlier { log.use(log.number) }
    }

    private mutating func logTunnel(_ exchange: UInt32, on loop: inout EventLoop) {
        if log.isSelective && isUnlogged(exchange) { return metrics.add(.logLinesSkipped) }
        let microseconds = (loop.nanoseconds - exchanges[exchange].began) / 1_000
        if exchanges[exchange].isUpgraded {
            return writeLine(exchange, microseconds, exchanges[exchange].bytesOut, on: &loop)
        }
        let wall = Host.wallMilliseconds()
        let began = wall - min(wall, microseconds / 1_000)
        log.makeRoom(metrics)
        if log.isChosen {
            writeTunnelChosen(exchange, began, microseconds)
            log.batch.write(byte: 0x0A)
            return log.lineEnded(now: loop.milliseconds)
        }
        switch log.format {
        case .json: writeTunnelJSON(exchange, began, microseconds)
        case .combined: writeTunnelCombined(exchange, began)
        }
        log.batch.write(byte: 0x0A)
        log.lineEnded(now: loop.milliseconds)
    }

    private mutating func writeTunnelChosen(_ exchange: UInt32, _ began: UInt64, _ microseconds: UInt64) {
        let none: [UInt8] = []
        log.note.removeAll()
        noteChosen(none.span, exchanges[exchange].client, hasHead: false, time: began)
        let note = log.note.copy()
        let figures = Figures(microseconds: microseconds, sent: exchanges[exchange].bytesOut)
        writeChosen(note.span, none.span, exchange, figures)
    }

    private mutating func writeTunnelJSON(_ exchange: UInt32, _ began: UInt64, _ microseconds: UInt64) {
        let client = exchanges[exchange].client
        log.batch.write("{\"time\":\"")
        log.writeTime(began)
        log.batch.write("\",\"client\":\"")
        writeClient(client)
        log.batch.write("\",\"listener\":\"")
        let listener = listeners[Int(clients[client].listener)].name
        log.batch.write(json: listener.utf8.span, limit: Self.shownName)
        log.batch.write("\",\"protocol\":\"tcp\"")
        switch clients[client].tlsVersion {
        case 3: log.batch.write(",\"tls\":\"1.3\"")
        case 2: log.batch.write(",\"tls\":\"1.2\"")
        default: break
        }
        if let name = exchanges[exchange].serverName {
            log.batch.write(",\"server_name\":\"")
            log.batch.write(json: name.utf8.span, limit: Self.shownName)
            log.batch.write(byte: 0x22)
        }
        log.batch.write(",\"bytes_in\":")
        log.batch.write(decimal: exchanges[exchange].bytesIn)
        let none: [UInt8] = []
        endJSON(exchange, none.span, (microseconds, exchanges[exchange].bytesOut))
    }

    private mutating func writeClient(_ client: UInt32) {
        let text = clients[client].peerText
        log.batch.write(text.span.extracting(0..<Int(clients[client].peerTextCount)))
    }

    /// The combined format has no place for what is no request: it stands where the request would.
    private mutating func writeTunnelCombined(_ exchange: UInt32, _ began: UInt64) {
        let client = exchanges[exchange].client
        if clients[client].peerTextCount == 0 { log.batch.write(byte: 0x2D) }
        writeClient(client)
        log.batch.write(" - - [")
        log.writeTime(began)
        log.batch.write("] \"TCP ")
        let listener = exchanges[exchange].serverName ?? listeners[Int(clients[client].listener)].name
        log.batch.write(combined: listener.utf8.span, limit: Self.shownName)
        log.batch.write("\" ")
        log.batch.write(decimal: UInt64(exchanges[exchange].status))
        log.batch.write(byte: 0x20)
        log.batch.write(decimal: exchanges[exchange].bytesOut)
        log.batch.write(" \"-\" \"-\"")
    }
}
