// Which responses are compressed, how, and what their heads say then (RFC 9110 sections 8.4, 8.8.3.3 and 12.5.5).
import MartletCoding
import MartletEventLoop
import MartletHTTP1
import MartletHTTPCore
import MartletTelemetry

/// What becomes of a response's head as its content changes.
struct CodedHead: BitwiseCopyable {
    /// How the content is coded that was not.
    var coding = ContentCoding.identity
    /// The content is not what the server has sent, byte for byte.
    var isChanged = false
    /// Which content a client gets depends on what it takes.
    var varies = false

    /// Fields that are written anew.
    var fields: KnownFieldSet {
        if isChanged { return [.vary, .etag, .contentEncoding] }
        return varies ? [.vary] : []
    }
}

extension ProxyDriver {
    /// Notes which coding the client of a request wants, where the route has responses coded.
    mutating func noteCodings(_ exchange: UInt32, _ arena: Span<UInt8>) {
        if exchanges[exchange].flags.contains(.isCall) { return }
        let place = actions.responses[Int(exchanges[exchange].actions)].coding
        if place < 0 { return }
        exchanges[exchange].flags.insert(.mayBeCoded)
        // Such a client would have to be told the end by closing the connection, and is most likely a simple one.
        if exchanges[exchange].flags.contains(.isHTTP10) { return }
        var accepted = AcceptedCodings()
        for index in 0..<request.fields.count where request.fields[index].known == .acceptEncoding {
            accepted.note(arena.extracting(request.fields[index].value))
        }
        exchanges[exchange].coding = accepted.choose(actions.codings[Int(place)].offers)
    }

    /// Decides what becomes of the content of the response in `response`, and how the client learns where it ends.
    mutating func planCoding(_ arena: Span<UInt8>, _ exchange: UInt32) -> CodedHead {
        var head = CodedHead()
        let place = actions.responses[Int(exchanges[exchange].actions)].coding
        if place < 0 { return head }
        let coding = exchanges[exchange].coding
        if response.status == 304 {
            // It stands for a response that may have been compressed.
            head.varies = true
            head.isChanged = coding != .identity
            return head
        }
        if !isCompressible(arena, actions.codings[Int(place)]) { return head }
        head.varies = true
        if coding == .identity { return head }
        if response.framing == .none || response.framing == .length(0) {
            // To HEAD, what GET would say.
            if exchanges[exchange].method != .head { return head }
        } else if !makeCoder(exchange, coding, actions.codings[Int(place)], arena) {
            metrics.add(.compressionsSkipped)
            return head
        } else {
            exchanges[exchange].responseFraming = .chunked
        }
        head.coding = coding
        head.isChanged = true
        return head
    }

    /// Whether the response in `response` may be compressed, and is worth it.
    private func isCompressible(_ arena: Span<UInt8>, _ plan: CodingActions) -> Bool {
        switch response.status {
        case ..<200, 204, 205, 206: return false
        default: break
        }
        if response.fields.present.contains(.contentRange) || isCoded(arena) || forbidsTransforming(arena) {
            return false
        }
        if let length = response.declaredLength, length < plan.leastBytes { return false }
        guard let type = response.fields.firstIndex(of: .contentType) else { return false }
        return actions.mediaTypes.contains(arena.extracting(response.fields[type].value), plan.types)
    }

    private func isCoded(_ arena: Span<UInt8>) -> Bool {
        if !response.fields.present.contains(.contentEncoding) { return false }
        for index in 0..<response.fields.count where response.fields[index].known == .contentEncoding {
            if !ByteScan.equals(arena.extracting(response.fields[index].value), lowercase: "identity") { return true }
        }
        return false
    }

    /// Whether the server has said that nobody is to change the content (RFC 9111 section 5.2.2.6).
    private func forbidsTransforming(_ arena: Span<UInt8>) -> Bool {
        if !response.fields.present.contains(.cacheControl) { return false }
        for index in 0..<response.fields.count where response.fields[index].known == .cacheControl {
            if FieldList.contains(arena.extracting(response.fields[index].value), "no-transform") { return true }
        }
        return false
    }

    /// Makes the exchange's coder; `false` when there is no memory for it.
    private mutating func makeCoder(
        _ exchange: UInt32, _ coding: ContentCoding, _ plan: CodingActions, _ arena: Span<UInt8>
    ) -> Bool {
        let level = plan.level(of: coding)
        let memory = Codec.memory(coding, level: level, length: response.declaredLength)
        if coderBytes + memory > settings.coderBytes { return false }
        guard let encoder = Codec(encoding: coding, level: level, length: response.declaredLength) else { return false }
        var isEvents = false
        if let type = response.fields.firstIndex(of: .contentType) {
            isEvents = MediaType.isEventStream(arena.extracting(response.fields[type].value))
        }
        let coder = ContentCoder(exchange, coding, encoder: encoder, memory: memory, flushesAtOnce: isEvents)
        guard let token = coders.insert(coder) else { return false }
        coderBytes += memory
        metrics.set(.compressionMemory, coderBytes)
        metrics.add(Counter.compressed(coding, .compressedGzip))
        exchanges[exchange].coder = token.index
        exchanges[exchange].sentCoding = coding
        exchanges[exchange].flags.insert(.isCoded)
        return true
    }

    // MARK: Heads

    /// Leaves out what does not hold for other content, before the head is written.
    mutating func dropContentFields(_ arena: Span<UInt8>, _ head: CodedHead) {
        if !head.isChanged { return }
        response.declaredLength = nil
        for index in 0..<response.fields.count where response.fields[index].known == .other {
            if CodedFields.dependsOnBytes(arena.extracting(response.fields[index].name)) {
                response.fields[index].isHopByHop = true
            }
        }
    }

    /// Writes the fields of other content into the head in `writer`, which is complete but for that.
    mutating func composeCodedFields(_ arena: Span<UInt8>, _ exchange: UInt32, _ head: CodedHead) {
        if !head.isChanged && !head.varies || writer.overflowed { return }
        let held = actions.responses[Int(exchanges[exchange].actions)].held
        // The blank line is written again.
        writer.removeLast(to: writer.count - 2)
        if head.coding != .identity {
            writer.write("Content-Encoding: ")
            writer.write(head.coding.name)
            writer.write("\r\n")
        }
        for index in 0..<response.fields.count where head.isChanged && response.fields[index].known == .etag {
            let line = response.fields[index]
            if line.isHopByHop || actions.names.contains(line, held, in: arena) { continue }
            // Other bytes than a strong one stands for.
            writer.write(CodedFields.isWeak(arena.extracting(line.value)) ? "ETag: " : "ETag: W/")
            writer.write(arena, line.value)
            writer.write("\r\n")
        }
        if head.varies { composeVary(arena, held) }
        writer.endOfHead()
    }

    /// Writes Vary with Accept-Encoding, and with what the server says that it depends on.
    private mutating func composeVary(_ arena: Span<UInt8>, _ held: FieldNameSet) {
        writer.write("Vary: ")
        var isSaid = false
        var isFirst = true
        for index in 0..<response.fields.count where response.fields[index].known == .vary {
            let line = response.fields[index]
            if line.isHopByHop || line.value.isEmpty || actions.names.contains(line, held, in: arena) { continue }
            let value = arena.extracting(line.value)
            if FieldList.contains(value, "accept-encoding") || FieldList.contains(value, "*") { isSaid = true }
            if !isFirst { writer.write(", ") }
            writer.write(value)
            isFirst = false
        }
        if !isSaid { writer.write(isFirst ? "Accept-Encoding" : ", Accept-Encoding") }
        writer.write("\r\n")
    }
}

/// Fields that belong to content byte for byte.
enum CodedFields {
    /// Whether a field says something of the bytes that does not hold for others: their digests, and that parts of them can be
    /// had.
    static func dependsOnBytes(_ name: Span<UInt8>) -> Bool {
        ByteScan.equals(name, lowercase: "accept-ranges") || ByteScan.equals(name, lowercase: "content-md5")
            || ByteScan.equals(name, lowercase: "digest") || ByteScan.equals(name, lowercase: "content-digest")
            || ByteScan.equals(name, lowercase: "repr-digest")
    }

    /// Whether an entity tag is a weak one.
    static func isWeak(_ tag: Span<UInt8>) -> Bool { tag.count >= 2 && tag[0] == 0x57 && tag[1] == 0x2F }
}

/// Looks at values that are lists.
enum FieldList {
    /// Whether one of the elements is `word`, whatever its case.
    /// - Parameter word: in lower case.
    static func contains(_ list: Span<UInt8>, _ word: StaticString) -> Bool {
        var start = 0
        for index in 0...list.count where index == list.count || list[index] == 0x2C {
            let element = list.extracting(ByteScan.trimmed(list, from: start, to: index))
            if ByteScan.equals(element, lowercase: word) { return true }
            start = index + 1
        }
        return false
    }
}
