// What is counted and logged of an exchange.
import MartletCoding
import MartletEventLoop
import MartletHTTP1
import MartletHTTPCore
import MartletTelemetry

extension ProxyDriver {
    /// The most bytes of a value from a request that the log shows.
    private static var shownTarget: Int { 1_024 }
    private static var shownValue: Int { 512 }
    /// A trusted client's id is kept up to this length.
    private static var idLimit: Int { 128 }

    /// Decides on the request's id, and keeps what log line and error page will need of the head.
    mutating func keepNote(_ exchange: UInt32, _ arena: Span<UInt8>, on loop: inout EventLoop) {
        let client = exchanges[exchange].client
        var id = ByteRange()
        if clients[client].flags.contains(.isTrusted), let index = request.fields.firstIndex(of: .xRequestID) {
            let value = request.fields[index].value
            if !value.isEmpty && value.count <= UInt32(Self.idLimit) {
                id = value
                exchanges[exchange].flags.insert(.keepsID)
            }
        }
        if !log.isOn && !slow.isOn && id.isEmpty { return }
        log.note.removeAll()
        log.note.write(arena.extracting(id))
        exchanges[exchange].idLength = UInt8(id.count)
        if slow.isOn { noteBrief(exchange, arena) }
        if log.isOn && !(log.isSelective && noteExclusions(exchange, arena)) {
            if log.isChosen {
                noteChosen(arena, client, hasHead: true)
            } else {
                switch log.format {
                case .json: noteJSON(arena, client, exchange)
                case .combined: noteCombined(arena, client, exchange)
                }
            }
        }
        exchanges[exchange].note = loop.pool.copy(log.note.bytes)
    }

    private mutating func noteJSON(_ arena: Span<UInt8>, _ client: UInt32, _ exchange: UInt32) {
        beginJSON(client)
        log.note.write(",\"method\":\"")
        log.note.write(json: arena.extracting(request.methodName), limit: 32)
        log.note.write("\",\"host\":\"")
        log.note.write(json: arena.extracting(request.authority), limit: 255)
        log.note.write("\",\"target\":\"")
        log.note.write(json: arena.extracting(request.target), limit: Self.shownTarget)
        log.note.write("\",\"protocol\":\"")
        log.note.write(request.version.name)
        log.note.write(byte: 0x22)
        switch clients[client].tlsVersion {
        case 3: log.note.write(",\"tls\":\"1.3\"")
        case 2: log.note.write(",\"tls\":\"1.2\"")
        default: break
        }
        noteJSONField(.referer, ",\"referer\":\"", arena)
        noteJSONField(.userAgent, ",\"user_agent\":\"", arena)
    }

    private mutating func beginJSON(_ client: UInt32) {
        log.note.write("{\"time\":\"")
        log.noteTime()
        log.note.write("\",\"client\":\"")
        let text = clients[client].sourceText
        log.note.write(text.span.extracting(0..<Int(clients[client].sourceTextCount)))
        log.note.write(byte: 0x22)
    }

    private mutating func noteJSONField(_ field: KnownField, _ name: StaticString, _ arena: Span<UInt8>) {
        guard let index = request.fields.firstIndex(of: field) else { return }
        log.note.write(name)
        log.note.write(json: arena.extracting(request.fields[index].value), limit: Self.shownValue)
        log.note.write(byte: 0x22)
    }

    /// The combined format has the user, and status and bytes, in the middle: a NUL stands in the place of each.
    private mutating func noteCombined(_ arena: Span<UInt8>, _ client: UInt32, _ exchange: UInt32) {
        beginCombined(client)
        log.note.write(combined: arena.extracting(request.methodName), limit: 32)
        log.note.write(byte: 0x20)
        log.note.write(combined: arena.extracting(request.target), limit: Self.shownTarget)
        log.note.write(byte: 0x20)
        log.note.write(request.version.name)
        log.note.write("\" ")
        log.note.write(byte: 0)
        noteCombinedField(.referer, arena)
        noteCombinedField(.userAgent, arena)
    }

    private mutating func beginCombined(_ client: UInt32) {
        let count = Int(clients[client].sourceTextCount)
        if count == 0 { log.note.write(byte: 0x2D) }
        let text = clients[client].sourceText
        log.note.write(text.span.extracting(0..<count))
        log.note.write(" - ")
        log.note.write(byte: 0)
        log.note.write(" [")
        log.noteTime()
        log.note.write("] \"")
    }

    private mutating func noteCombinedField(_ field: KnownField, _ arena: Span<UInt8>) {
        log.note.write(" \"")
        if let index = request.fields.firstIndex(of: field) {
            log.note.write(combined: arena.extracting(request.fields[index].value), limit: Self.shownValue)
        } else {
            log.note.write(byte: 0x2D)
        }
        log.note.write(byte: 0x22)
    }

    /// Counts a finished exchange and writes its line.
    mutating func account(_ exchange: UInt32, on loop: inout EventLoop) {
        let failure = exchanges[exchange].failure
        let status = Int(exchanges[exchange].status)
        let flags = exchanges[exchange].flags
        let microseconds = (loop.nanoseconds - exchanges[exchange].began) / 1_000
        let socket = clients[exchanges[exchange].client].socket
        let sent = loop.bytesSent(socket) - exchanges[exchange].sentBefore
        metrics.add(.downstreamBytesOut, sent)
        if status != 0 { metrics.add(Counter.response(status)) }
        if failure == .clientGone { metrics.add(.clientsGone) }
        if flags.contains(.isCall) { accountCall(exchange) }
        // Those who watch a proxy that has little to do would else see nothing but themselves.
        if flags.contains(.headRead) && !flags.contains(.isAdmin) { metrics.record(.duration, microseconds) }
        countScopes(exchange, microseconds)
        accountServer(exchange, microseconds, sent)
        if slow.isSlow(began: exchanges[exchange].began, now: loop.nanoseconds) && !flags.contains(.isAdmin) {
            tellSlow(exchange, now: loop.nanoseconds)
        }
        if flags.contains(.isSampled) { writeServerSpan(exchange, now: loop.nanoseconds) }
        let isEarlier = exchanges[exchange].logLayout != log.number
        if isEarlier { log.use(exchanges[exchange].logLayout) }
        if log.isOn { logExchange(exchange, microseconds, sent, on: &loop) }
        if isEarlier { log.use(log.number) }
    }

    /// Counts a finished exchange for its listener, its route and its upstream.
    mutating func countScopes(_ exchange: UInt32, _ microseconds: UInt64) {
        let ending = ExchangeEnding(
            status: Int(exchanges[exchange].status), microseconds: microseconds,
            hasFailed: exchanges[exchange].failure != nil)
        metrics.count(ending, .listener, Int(clients[exchanges[exchange].client].counters))
        if exchanges[exchange].flags.contains(.isAdmin) { return }
        metrics.count(ending, .route, Int(exchanges[exchange].counters))
        let upstream = Int(exchanges[exchange].upstream)
        if upstream >= 0 { metrics.count(ending, .upstream, Int(upstreamStates[upstream].counters)) }
        if watch.isOn { watchEnding(exchange, microseconds) }
    }

    private mutating func accountServer(_ exchange: UInt32, _ microseconds: UInt64, _ sent: UInt64) {
        let server = Int(exchanges[exchange].server)
        if exchanges[exchange].firstByte > 0 {
            metrics.record(.timeToFirstByte, (exchanges[exchange].firstByte - exchanges[exchange].began) / 1_000)
        }
        if server < 0 { return }
        if let failure = exchanges[exchange].failure {
            if failure.side == .server { metrics.add(.failures, server: server) }
            return
        }
        metrics.add(ServerCounter.response(Int(exchanges[exchange].status)), server: server)
        metrics.record(server: server, microseconds: microseconds)
        metrics.add(.bytesOut, server: server, sent)
        let content = clients[exchanges[exchange].client].decoder.contentBytes
        metrics.add(.bytesIn, server: server, UInt64(exchanges[exchange].headBytes) + content)
    }

    /// Writes the line of an exchange, if it is one to have one.
    private mutating func logExchange(
        _ exchange: UInt32, _ microseconds: UInt64, _ sent: UInt64, on loop: inout EventLoop
    ) {
        if log.isSelective && isUnlogged(exchange) { return metrics.add(.logLinesSkipped) }
        writeLine(exchange, microseconds, sent, on: &loop)
    }

    /// Writes the line of an exchange that is one of HTTP.
    mutating func writeLine(
        _ exchange: UInt32, _ microseconds: UInt64, _ sent: UInt64, on loop: inout EventLoop
    ) {
        log.makeRoom(metrics)
        let idLength = Int(exchanges[exchange].idLength)
        let start = exchanges[exchange].noteStart
        if let note = exchanges[exchange].keptNote {
            let id = note.span.extracting(0..<idLength)
            writeLine(note.span.extracting(start..<note.count), id, exchange, (microseconds, sent))
        } else if let note = exchanges[exchange].note.take() {
            let id = note.bytes.extracting(0..<idLength)
            let line = note.bytes.extracting(start..<note.count)
            writeLine(line, id, exchange, (microseconds, sent))
        } else {
            noteWithoutHead(exchange)
            guard let note = loop.pool.copy(log.note.bytes) else { return metrics.add(.logLinesDropped) }
            writeLine(note.bytes, note.bytes.extracting(0..<0), exchange, (microseconds, sent))
        }
        log.lineEnded(now: loop.milliseconds)
    }

    private mutating func writeLine(
        _ line: Span<UInt8>, _ id: Span<UInt8>, _ exchange: UInt32, _ figures: (microseconds: UInt64, sent: UInt64)
    ) {
        if log.isChosen {
            writeChosen(line, id, exchange, Figures(microseconds: figures.microseconds, sent: figures.sent))
            return log.batch.write(byte: 0x0A)
        }
        switch log.format {
        case .json:
            log.batch.write(line)
            endJSON(exchange, id, figures)
        case .combined:
            writeCombined(line, exchange, figures.sent)
        }
        log.batch.write(byte: 0x0A)
    }

    /// The line of a request that could not be read has only the client's address.
    private mutating func noteWithoutHead(_ exchange: UInt32) {
        log.note.removeAll()
        if log.isChosen {
            let none: [UInt8] = []
            return noteChosen(none.span, exchanges[exchange].client, hasHead: false)
        }
        switch log.format {
        case .json: beginJSON(exchanges[exchange].client)
        case .combined:
            beginCombined(exchanges[exchange].client)
            log.note.write("-\" ")
            log.note.write(byte: 0)
            log.note.write(" \"-\" \"-\"")
        }
    }

    private mutating func writeCombined(_ line: Span<UInt8>, _ exchange: UInt32, _ sent: UInt64) {
        var user = 0
        while user < line.count && line[user] != 0 { user += 1 }
        log.batch.write(line.extracting(0..<user))
        writeCombinedUser(exchange)
        var split = min(user + 1, line.count)
        let middle = split
        while split < line.count && line[split] != 0 { split += 1 }
        log.batch.write(line.extracting(middle..<split))
        log.batch.write(decimal: UInt64(exchanges[exchange].status))
        log.batch.write(byte: 0x20)
        log.batch.write(decimal: sent)
        log.batch.write(line.extracting(min(split + 1, line.count)..<line.count))
    }

    /// The name is one word, as whoever reads the format expects.
    private mutating func writeCombinedUser(_ exchange: UInt32) {
        if let user = exchanges[exchange].pass?.user, !user.isEmpty {
            log.batch.write(combinedWord: user.utf8.span, limit: Self.shownValue)
        } else if let identity = clients[exchanges[exchange].client].identity {
            let subject = ClientIdentity.subject(in: identity.span)
            log.batch.write(combinedWord: identity.span.extracting(subject), limit: Self.shownValue)
        } else {
            log.batch.write(byte: 0x2D)
        }
    }

    mutating func endJSON(
        _ exchange: UInt32, _ id: Span<UInt8>, _ figures: (microseconds: UInt64, sent: UInt64)
    ) {
        log.batch.write(",\"request_id\":\"")
        if id.isEmpty {
            log.batch.write(hex: exchanges[exchange].id.0)
            log.batch.write(hex: exchanges[exchange].id.1)
        } else {
            log.batch.write(json: id, limit: Self.idLimit)
        }
        if let trace = exchanges[exchange].trace {
            log.batch.write("\",\"trace_id\":\"")
            log.batch.write(hex: trace.high)
            log.batch.write(hex: trace.low)
        }
        log.batch.write("\",\"status\":")
        log.batch.write(decimal: UInt64(exchanges[exchange].status))
        log.batch.write(",\"bytes\":")
        log.batch.write(decimal: figures.sent)
        if exchanges[exchange].sentCoding != .identity {
            log.batch.write(",\"encoding\":\"")
            log.batch.write(exchanges[exchange].sentCoding.name)
            log.batch.write(byte: 0x22)
        }
        if exchanges[exchange].isUpgraded { endJSONUpgrade(exchange) }
        if exchanges[exchange].flags.contains(.isCall) { endJSONCall(exchange) }
        log.batch.write(",\"duration_us\":")
        log.batch.write(decimal: figures.microseconds)
        if exchanges[exchange].firstByte > 0 {
            log.batch.write(",\"ttfb_us\":")
            log.batch.write(decimal: (exchanges[exchange].firstByte - exchanges[exchange].began) / 1_000)
        }
        endJSONGate(exchange)
        endJSONServer(exchange)
        endJSONMirror(exchange)
        if let leak = exchanges[exchange].leak {
            log.batch.write(",\"leak\":\"")
            log.batch.write(json: leak.utf8.span, limit: Self.shownValue)
            log.batch.write(byte: 0x22)
        }
        endJSONFailure(exchange)
        log.batch.write(byte: 0x7D)
    }

    private mutating func endJSONUpgrade(_ exchange: UInt32) {
        log.batch.write(",\"bytes_in\":")
        log.batch.write(decimal: exchanges[exchange].bytesIn)
        log.batch.write(",\"upgrade\":\"")
        let name = upgrades.names[Int(exchanges[exchange].upgrade)]
        log.batch.write(json: name.utf8.span, limit: Self.shownValue)
        log.batch.write(byte: 0x22)
    }

    /// Who the client is, and which rule was for it.
    private mutating func endJSONGate(_ exchange: UInt32) {
        if let user = exchanges[exchange].pass?.user, !user.isEmpty {
            log.batch.write(",\"user\":\"")
            log.batch.write(json: user.utf8.span, limit: Self.shownValue)
            log.batch.write(byte: 0x22)
        } else if let identity = clients[exchanges[exchange].client].identity {
            log.batch.write(",\"user\":\"")
            let subject = ClientIdentity.subject(in: identity.span)
            log.batch.write(json: identity.span.extracting(subject), limit: Self.shownValue)
            log.batch.write(byte: 0x22)
        }
        if exchanges[exchange].accessRule >= 0 {
            log.batch.write(",\"access_rule\":\"")
            log.batch.write(
                json: access.rules[Int(exchanges[exchange].accessRule)].name.utf8.span, limit: Self.shownValue)
            log.batch.write(byte: 0x22)
        }
    }

    private mutating func endJSONServer(_ exchange: UInt32) {
        let upstream = Int(exchanges[exchange].upstream)
        let server = Int(exchanges[exchange].server)
        if upstream >= 0 {
            log.batch.write(",\"upstream\":\"")
            log.batch.write(json: model.upstreams[upstream].name.utf8.span, limit: Self.shownValue)
            log.batch.write(byte: 0x22)
        }
        if server >= 0 {
            log.batch.write(",\"server\":\"")
            log.batch.write(json: model.servers[server].name.utf8.span, limit: Self.shownValue)
            log.batch.write(byte: 0x22)
        }
    }

    /// What has become of the request's copy.
    private mutating func endJSONMirror(_ exchange: UInt32) {
        switch exchanges[exchange].mirrorNote {
        case .none, .gathering: return
        case .sent: log.batch.write(",\"mirror\":\"sent\"")
        case .tooMany: log.batch.write(",\"mirror\":\"too many\"")
        case .tooLarge: log.batch.write(",\"mirror\":\"too large\"")
        case .incomplete: log.batch.write(",\"mirror\":\"incomplete\"")
        }
    }

    private mutating func endJSONFailure(_ exchange: UInt32) {
        guard let failure = exchanges[exchange].failure else { return }
        log.batch.write(",\"error\":\"")
        log.batch.write(json: failure.reason.utf8.span, limit: Self.shownValue)
        if exchanges[exchange].systemError != 0 {
            log.batch.write(": ")
            log.batch.write(
                json: SystemError(exchanges[exchange].systemError).description.utf8.span, limit: Self.shownValue)
        }
        if let detail = exchanges[exchange].detail {
            log.batch.write(": ")
            log.batch.write(json: detail.utf8.span, limit: Self.shownValue)
        }
        log.batch.write("\",\"side\":\"")
        log.batch.write(failure.side.name)
        log.batch.write("\",\"phase\":\"")
        log.batch.write(exchanges[exchange].phase.name)
        log.batch.write(byte: 0x22)
    }
}
