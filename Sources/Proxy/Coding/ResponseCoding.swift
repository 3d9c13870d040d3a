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
    /// Texts are replaced in it.
    var isReplaced = false
    /// The server has sent it with gzip, which is undone.
    var isDecoded = false
    /// There is no memory for it.
    var failure: FailureKind?

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
        exchanges[exchange].flags.insert(.mayBeCoded)
        var accepted = AcceptedCodings()
        for index in 0..<request.fields.count where request.fields[index].known == .acceptEncoding {
            accepted.note(arena.extracting(request.fields[index].value))
        }
        if accepted.takes(.gzip) { exchanges[exchange].flags.insert(.takesGzip) }
        if actions.responses[Int(exchanges[exchange].actions)].body >= 0 { restrictRequest() }
        let place = actions.responses[Int(exchanges[exchange].actions)].coding
        // Such a client would have to be told the end by closing the connection, and is most likely a simple one.
        if place < 0 || exchanges[exchange].flags.contains(.isHTTP10) { return }
        exchanges[exchange].coding = accepted.choose(actions.codings[Int(place)].offers)
    }

    /// On a route that replaces texts, the server is asked for nothing that they could not be replaced in.
    private mutating func restrictRequest() {
        for index in 0..<request.fields.count {
            switch request.fields[index].known {
            case .acceptEncoding, .range, .ifRange: request.fields[index].isHopByHop = true
            default: continue
            }
        }
    }

    /// Decides what becomes of the content of the response in `response`, and how the client learns where it ends.
    mutating func planCoding(_ arena: Span<UInt8>, _ exchange: UInt32) -> CodedHead {
        var head = CodedHead()
        let route = actions.responses[Int(exchanges[exchange].actions)]
        if response.status == 304 {
            // It stands for a response that may have been changed.
            head.varies = route.coding >= 0
            head.isChanged = exchanges[exchange].coding != .identity || route.body >= 0
            return head
        }
        if !hasChangeableStatus() { return head }
        if route.body >= 0 { planReplacing(&head, arena, route) }
        if route.coding >= 0 && isCompressible(arena, actions.codings[Int(route.coding)], isDecoded: head.isDecoded) {
            head.varies = true
            head.coding = exchanges[exchange].coding
        }
        if head.isDecoded {
            head.varies = true
            let takesGzip = exchanges[exchange].flags.contains(.takesGzip)
            if head.coding == .identity && takesGzip { head.coding = .gzip }
        }
        head.isChanged = head.isReplaced || head.coding != .identity
        if head.isChanged { settleCoder(&head, exchange, arena, route) }
        return head
    }

    /// Statuses whose content may be changed: not those without any, and no parts.
    private func hasChangeableStatus() -> Bool {
        switch response.status {
        case ..<200, 204, 205: false
        default: true
        }
    }

    private var isPart: Bool { response.status == 206 || response.fields.present.contains(.contentRange) }

    /// Whether the texts of a route are replaced in the response in `response`.
    private mutating func planReplacing(_ head: inout CodedHead, _ arena: Span<UInt8>, _ route: ResponseActions) {
        guard let type = response.fields.firstIndex(of: .contentType),
            actions.mediaTypes.contains(
                arena.extracting(response.fields[type].value), actions.bodies[Int(route.body)].types)
        else { return }
        if isPart { return metrics.add(.bodiesSkippedPartial) }
        if forbidsTransforming(arena) { return metrics.add(.bodiesSkippedNoTransform) }
        let coding = givenCoding(arena)
        if coding != .identity && coding != .gzip { return metrics.add(.bodiesSkippedCoding) }
        head.isDecoded = coding == .gzip
        head.isReplaced = true
    }

    /// Whether the response in `response` may be compressed, and is worth it.
    /// - Parameter isDecoded: the coding that it has is undone.
    private func isCompressible(_ arena: Span<UInt8>, _ plan: CodingActions, isDecoded: Bool) -> Bool {
        if isPart || !isDecoded && givenCoding(arena) != .identity || forbidsTransforming(arena) { return false }
        if !isDecoded, let length = response.declaredLength, length < plan.leastBytes { return false }
        guard let type = response.fields.firstIndex(of: .contentType) else { return false }
        return actions.mediaTypes.contains(arena.extracting(response.fields[type].value), plan.types)
    }

    /// How the server has coded the content; `nil` for what we do not know, or several ways.
    private func givenCoding(_ arena: Span<UInt8>) -> ContentCoding? {
        var coding = ContentCoding.identity
        if !response.fields.present.contains(.contentEncoding) { return coding }
        for index in 0..<response.fields.count where response.fields[index].known == .contentEncoding {
            guard coding == .identity, let other = ContentCoding(arena.extracting(response.fields[index].value)) else {
                return nil
            }
            coding = other
        }
        return coding
    }

    /// Whether the server has said that nobody is to change the content (RFC 9111 section 5.2.2.6).
    private func forbidsTransforming(_ arena: Span<UInt8>) -> Bool {
        if !response.fields.present.contains(.cacheControl) { return false }
        for index in 0..<response.fields.count where response.fields[index].known == .cacheControl {
            if FieldList.contains(arena.extracting(response.fields[index].value), "no-transform") { return true }
        }
        return false
    }

    // MARK: Coders

    /// Makes the coder for what is to be changed. Without memory for an encoder the content is not compressed; to replace texts, what
    /// it takes must be there.
    private mutating func settleCoder(
        _ head: inout CodedHead, _ exchange: UInt32, _ arena: Span<UInt8>, _ route: ResponseActions
    ) {
        if response.framing == .none || response.framing == .length(0) {
            // To HEAD, what GET would say. Others have no content that could be changed.
            if exchanges[exchange].method != .head { (head.isChanged, head.coding) = (false, .identity) }
            return
        }
        if !makeCoder(head, exchange, arena, route) {
            metrics.add(.compressionsSkipped)
            head.coding = .identity
            head.isChanged = head.isReplaced
            if !head.isReplaced { return }
            if !makeCoder(head, exchange, arena, route) {
                head.failure = .noBuffers
                return
            }
        }
        let isHTTP10 = exchanges[exchange].flags.contains(.isHTTP10)
        exchanges[exchange].responseFraming = isHTTP10 ? .untilClose : .chunked
    }

    /// Makes the exchange's coder; `false` when there is no memory for it.
    private mutating func makeCoder(
        _ head: CodedHead, _ exchange: UInt32, _ arena: Span<UInt8>, _ route: ResponseActions
    ) -> Bool {
        // How long it becomes is only known if nothing is replaced.
        let length = head.isReplaced ? nil : response.declaredLength
        let level = route.coding < 0 ? 5 : actions.codings[Int(route.coding)].level(of: head.coding)
        let memory =
            Codec.memory(head.coding, level: level, length: length) + (head.isDecoded ? Codec.decoderMemory : 0)
        if coderBytes + memory > settings.coderBytes { return false }
        var encoder: Codec?
        if head.coding != .identity {
            encoder = Codec(encoding: head.coding, level: level, length: length)
            if encoder == nil { return false }
        }
        var coder = ContentCoder(
            exchange, head.coding, encoder: encoder, memory: memory, flushesAtOnce: isEventStream(arena))
        if head.isReplaced {
            var decoder: Codec?
            if head.isDecoded {
                decoder = Codec(decodingGzip: ())
                if decoder == nil { return false }
            }
            coder.replacer = Replacer(Int(route.body), rules: rules(exchange, route), decoder: decoder)
        }
        return insert(coder, memory, exchange)
    }

    private mutating func insert(_ coder: consuming ContentCoder, _ memory: Int, _ exchange: UInt32) -> Bool {
        let coding = coder.coding
        let isReplaced = coder.replacer != nil
        guard let token = coders.insert(coder) else { return false }
        coderBytes += memory
        metrics.set(.compressionMemory, coderBytes)
        if coding != .identity { metrics.add(Counter.compressed(coding, .compressedGzip)) }
        if isReplaced { metrics.add(.bodiesReplaced) }
        exchanges[exchange].coder = token.index
        exchanges[exchange].sentCoding = coding
        exchanges[exchange].flags.insert(.isCoded)
        return true
    }

    private func isEventStream(_ arena: Span<UInt8>) -> Bool {
        guard let type = response.fields.firstIndex(of: .contentType) else { return false }
        return MediaType.isEventStream(arena.extracting(response.fields[type].value))
    }

    /// What takes the texts' places, where that depends on the request.
    private mutating func rules(_ exchange: UInt32, _ route: ResponseActions) -> SubstitutionRules? {
        let templates = actions.bodies[Int(route.body)].templates
        if templates.isEmpty { return nil }
        guard let kept = exchanges[exchange].kept.take() else {
            let texts = substitutes(templates, StaticString("").bytes, exchange)
            return SubstitutionRules(actions.bodies[Int(route.body)].rules.table, texts)
        }
        let texts = substitutes(templates, of: kept, exchange)
        exchanges[exchange].kept = consume kept
        return SubstitutionRules(actions.bodies[Int(route.body)].rules.table, texts)
    }

    private mutating func substitutes(
        _ templates: [ByteRange], of kept: borrowing Buffer, _ exchange: UInt32
    ) -> SubstituteTexts {
        substitutes(templates, kept.bytes, exchange)
    }

    private mutating func substitutes(
        _ templates: [ByteRange], _ kept: Span<UInt8>, _ exchange: UInt32
    ) -> SubstituteTexts {
        var texts = SubstituteTexts()
        for template in templates {
            writer.removeAll()
            write(parts: template, kept, exchange)
            texts.append(writer.bytes)
        }
        return texts
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
