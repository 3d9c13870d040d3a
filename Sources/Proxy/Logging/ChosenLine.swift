// Lines of one's own choice, when the exchange is over: the note with what was not known before in the places kept for it.
import MartletCoding
import MartletEventLoop
import MartletGRPC
import MartletHTTP1
import MartletHTTPCore
import MartletTelemetry

extension ProxyDriver {
    /// How an exchange has ended, as lines say it.
    struct Figures: BitwiseCopyable {
        let microseconds: UInt64
        let sent: UInt64
    }

    /// Writes a line without its end.
    /// - Parameters:
    ///   - note: as `noteChosen` has written it.
    ///   - id: the request's own, if it came with one; or empty.
    mutating func writeChosen(_ note: Span<UInt8>, _ id: Span<UInt8>, _ exchange: UInt32, _ figures: Figures) {
        guard let fields = log.plan.fields else { return }
        let style = log.plan.style
        if style == .json { log.batch.write(byte: 0x7B) }
        var start = 0
        for field in fields where field.isLate {
            var end = start
            while end < note.count && note[end] != 0 { end += 1 }
            log.batch.write(note.extracting(start..<end))
            start = min(end + 1, note.count)
            writeLate(field, style, id, exchange, figures)
        }
        log.batch.write(note.extracting(start..<note.count))
        if style == .text { return }
        // Each value has a comma behind it.
        if log.batch.bytes[log.batch.count - 1] == 0x2C { log.batch.removeLast() }
        log.batch.write(byte: 0x7D)
    }

    private mutating func writeLate(
        _ field: LogField, _ style: AccessLogPlan.Style, _ id: Span<UInt8>, _ exchange: UInt32, _ figures: Figures
    ) {
        guard case .variable(let variable) = field.item else { return writeResponseField(field, style, exchange) }
        switch variable {
        case .requestID, .traceID, .spanID: writeID(variable, field, style, id, exchange)
        case .status: log.batch.write(UInt64(exchanges[exchange].status), field, style)
        case .bytes: log.batch.write(figures.sent, field, style)
        case .bytesIn: log.batch.write(receivedBytes(exchange), field, style)
        case .duration: log.batch.write(figures.microseconds, field, style)
        case .firstByte:
            let first = exchanges[exchange].firstByte
            if first == 0 { return log.batch.writeNothing(style) }
            log.batch.write((first - exchanges[exchange].began) / 1_000, field, style)
        case .queued: log.batch.write(exchanges[exchange].times.waited / 1_000, field, style)
        case .connecting: log.batch.write(exchanges[exchange].times.connecting / 1_000, field, style)
        case .securing: log.batch.write(exchanges[exchange].times.securing / 1_000, field, style)
        case .tries: log.batch.write(UInt64(exchanges[exchange].tries), field, style)
        default: writeLateText(variable, field, style, exchange)
        }
    }

    private func receivedBytes(_ exchange: UInt32) -> UInt64 {
        if exchanges[exchange].flags.contains(.isTunnel) { return exchanges[exchange].bytesIn }
        let content = clients[exchanges[exchange].client].decoder.contentBytes
        return UInt64(exchanges[exchange].headBytes) + content
    }

    private mutating func writeLateText(
        _ variable: LogVariable, _ field: LogField, _ style: AccessLogPlan.Style, _ exchange: UInt32
    ) {
        switch variable {
        case .grpcStatus:
            let name = exchanges[exchange].flags.contains(.isCall) ? exchanges[exchange].call.status?.name : nil
            writeWord(name, field, style)
        case .encoding:
            let coding = exchanges[exchange].sentCoding
            writeWord(coding == .identity ? nil : coding.name, field, style)
        case .mirror: writeWord(exchanges[exchange].mirrorNote.name, field, style)
        case .side: writeWord(exchanges[exchange].failure?.side.name, field, style)
        case .phase:
            writeWord(exchanges[exchange].failure == nil ? nil : exchanges[exchange].phase.name, field, style)
        case .upgrade:
            let upgrade = exchanges[exchange].isUpgraded ? Int(exchanges[exchange].upgrade) : -1
            writeText(upgrade < 0 ? nil : model.upgrades.names[upgrade], field, style)
        case .accessRule:
            let rule = Int(exchanges[exchange].accessRule)
            writeText(rule < 0 ? nil : access.rules[rule].name, field, style)
        case .upstream:
            let upstream = Int(exchanges[exchange].upstream)
            writeText(upstream < 0 ? nil : model.upstreams[upstream].name, field, style)
        case .server:
            let server = Int(exchanges[exchange].server)
            writeText(server < 0 ? nil : model.servers[server].name, field, style)
        case .route: writeText(exchanges[exchange].route, field, style)
        case .leak: writeText(exchanges[exchange].leak, field, style)
        case .error: writeText(errorText(exchange), field, style)
        case .user: writeUser(field, style, exchange)
        default: log.batch.writeNothing(style)
        }
    }

    private mutating func writeWord(_ word: StaticString?, _ field: LogField, _ style: AccessLogPlan.Style) {
        guard let word else { return log.batch.writeNothing(style) }
        log.batch.write(word.bytes, field, style, limit: Self.shownChosen)
    }

    private mutating func writeText(_ text: String?, _ field: LogField, _ style: AccessLogPlan.Style) {
        guard let text else { return log.batch.writeNothing(style) }
        log.batch.write(text.utf8.span, field, style, limit: Self.shownChosen)
    }

    /// What failed, and what is known of it.
    func errorText(_ exchange: UInt32) -> String? {
        guard let failure = exchanges[exchange].failure else { return nil }
        var text = failure.reason
        if exchanges[exchange].systemError != 0 { text += ": \(SystemError(exchanges[exchange].systemError))" }
        if let detail = exchanges[exchange].detail { text += ": " + detail }
        return text
    }

    private mutating func writeUser(_ field: LogField, _ style: AccessLogPlan.Style, _ exchange: UInt32) {
        if let user = exchanges[exchange].pass?.user, !user.isEmpty { return writeText(user, field, style) }
        guard let identity = clients[exchanges[exchange].client].identity else { return log.batch.writeNothing(style) }
        let subject = identity.span.extracting(ClientIdentity.subject(in: identity.span))
        if style == .json { return log.batch.write(subject, field, style, limit: Self.shownChosen) }
        // One word, as whoever reads such lines expects.
        log.batch.write(combinedWord: subject, limit: Self.shownChosen)
    }

    private mutating func writeID(
        _ variable: LogVariable, _ field: LogField, _ style: AccessLogPlan.Style, _ id: Span<UInt8>, _ exchange: UInt32
    ) {
        var (high, low): (UInt64?, UInt64) = exchanges[exchange].id
        if variable != .requestID {
            guard let trace = exchanges[exchange].trace else { return log.batch.writeNothing(style) }
            (high, low) = variable == .traceID ? (trace.high, trace.low) : (nil, trace.span)
        } else if !id.isEmpty {
            return log.batch.write(id, field, style, limit: 128)
        }
        if style == .json {
            log.batch.write(field.text.span)
            log.batch.write(byte: 0x22)
        }
        if let high { log.batch.write(hex: high) }
        log.batch.write(hex: low)
        if style == .json { log.batch.write("\",") }
    }

    /// The value that the response had in a field: the first of those that are kept for it.
    private mutating func writeResponseField(
        _ field: LogField, _ style: AccessLogPlan.Style, _ exchange: UInt32
    ) {
        guard let kept = exchanges[exchange].loggedFields, let fields = log.plan.fields else {
            return log.batch.writeNothing(style)
        }
        var start = 0
        for other in fields {
            guard case .responseField = other.item else { continue }
            var end = start
            while end < kept.count && kept[end] != 0 { end += 1 }
            if other.item == field.item {
                return log.batch.write(
                    kept.span.extracting(start..<end), field, style, limit: Self.shownChosen)
            }
            start = min(end + 1, kept.count)
        }
    }
}

extension MirrorNote {
    /// As lines say it; `nil` for nothing.
    var name: StaticString? {
        switch self {
        case .none, .gathering: nil
        case .sent: "sent"
        case .tooMany: "too many"
        case .tooLarge: "too large"
        case .incomplete: "incomplete"
        }
    }
}
