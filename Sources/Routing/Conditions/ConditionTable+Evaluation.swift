// Whether a request fulfils a condition.
import MartletHTTPCore

extension ConditionTable {
    /// Whether a request fulfils the condition at `index`.
    /// - Parameters:
    ///   - request: whose ranges are of `arena`.
    ///   - memory: for expressions, and for values that are decoded.
    func holds(
        _ index: Int, _ request: borrowing RequestHead, _ arena: Span<UInt8>, _ client: RouteClient,
        _ memory: inout RouteMemory
    ) -> Bool {
        switch nodes.span[index] {
        case .methods(let bits, let others): return hasMethod(bits, others, request, arena)
        case .scheme(let isSecure): return client.isSecure == isSecure
        case .field(let known, let name, let test):
            return hasField(known, text.span.extracting(name), request, arena) {
                fulfils($0, test, &memory.expressions)
            }
        case .parameter(let name, let test):
            return hasParameter(text.span.extracting(name), test, arena.extracting(request.query), &memory)
        case .cookie(let name, let test): return hasCookie(name, test, request, arena, &memory)
        case .certificate(let part, let test): return hasCertificate(part, test, &memory)
        case .client(let place): return networks[Int(place)].contains(client.address)
        case .not: return !holds(index + 1, request, arena, client, &memory)
        case .all, .any:
            var isAny = false
            if case .any = nodes[index] { isAny = true }
            var child = index + 1
            while child < Int(ends[index]) {
                if holds(child, request, arena, client, &memory) == isAny { return isAny }
                child = Int(ends[child])
            }
            return !isAny
        }
    }

    private func hasMethod(
        _ bits: UInt16, _ others: TextList, _ request: borrowing RequestHead, _ arena: Span<UInt8>
    ) -> Bool {
        let method = request.protocolName.isEmpty ? request.method : .get
        if method != .other { return bits >> UInt16(method.rawValue) & 1 == 1 }
        for index in others.start..<others.end
        where ByteScan.equals(text.span.extracting(lists[Int(index)]), arena.extracting(request.methodName)) {
            return true
        }
        return false
    }

    /// Whether a line of a field has a value that `isMatch` takes.
    private func hasField(
        _ known: KnownField, _ name: Span<UInt8>, _ request: borrowing RequestHead, _ arena: Span<UInt8>,
        _ isMatch: (Span<UInt8>) -> Bool
    ) -> Bool {
        if known != .other && !request.fields.present.contains(known) { return false }
        for index in 0..<request.fields.count where request.fields[index].known == known {
            let line = request.fields[index]
            if known == .other, !ByteScan.equalsIgnoringCase(arena.extracting(line.name), name) { continue }
            if isMatch(arena.extracting(line.value)) { return true }
        }
        return false
    }

    private func hasCookie(
        _ name: ByteRange, _ test: Test, _ request: borrowing RequestHead, _ arena: Span<UInt8>,
        _ memory: inout RouteMemory
    ) -> Bool {
        hasField(.cookie, text.span.extracting(name), request, arena) { field in
            var pairs = PairReader(separator: 0x3B)
            while let pair = pairs.next(in: field) {
                if ByteScan.equals(field.extracting(pair.name), text.span.extracting(name)),
                    fulfils(field.extracting(pair.value), test, &memory.expressions)
                {
                    return true
                }
            }
            return false
        }
    }

    /// Whether the client has a certificate with such a part.
    private func hasCertificate(_ part: CertificatePart, _ test: Test, _ memory: inout RouteMemory) -> Bool {
        guard let certificate = memory.certificate else { return false }
        let bytes = certificate.bytes.span
        var start = 0
        while start < bytes.count {
            var end = start + 1
            while end < bytes.count, bytes[end] != 0 { end += 1 }
            if bytes[start] == part.rawValue,
                fulfils(bytes.extracting(start + 1..<end), test, &memory.expressions)
            {
                return true
            }
            start = end + 1
        }
        return false
    }

    private func hasParameter(
        _ name: Span<UInt8>, _ test: Test, _ query: Span<UInt8>, _ memory: inout RouteMemory
    ) -> Bool {
        var decoded = memory.takeText()
        defer { memory.giveBack(&decoded) }
        var pairs = PairReader(separator: 0x26)
        while let pair = pairs.next(in: query) {
            decoded.removeAll(keepingCapacity: true)
            FormCode.decode(query.extracting(pair.name), onto: &decoded)
            if !ByteScan.equals(decoded.span, name) { continue }
            decoded.removeAll(keepingCapacity: true)
            FormCode.decode(query.extracting(pair.value), onto: &decoded)
            if fulfils(decoded.span, test, &memory.expressions) { return true }
        }
        return false
    }

    private func fulfils(_ value: Span<UInt8>, _ test: Test, _ memory: inout ExpressionMemory) -> Bool {
        switch test {
        case .present: true
        case .exact(let range): ByteScan.equals(value, text.span.extracting(range))
        case .prefix(let range):
            value.count >= Int(range.count)
                && ByteScan.equals(value.extracting(0..<Int(range.count)), text.span.extracting(range))
        case .expression(let place): expressions[Int(place)].matches(value, &memory)
        }
    }
}

/// Reads pairs of name and value with separators between them: cookies (RFC 6265 section 4.2.1), and queries as forms write
/// them.
struct PairReader {
    let separator: UInt8
    private var position = 0

    init(separator: UInt8) { self.separator = separator }

    /// The next pair that has a name, without blanks around it; one without "=" has an empty value.
    mutating func next(in text: Span<UInt8>) -> (name: ByteRange, value: ByteRange)? {
        while position < text.count {
            var end = position
            while end < text.count, text[end] != separator { end += 1 }
            let pair = ByteScan.trimmed(text, from: position, to: end)
            position = end + 1
            if pair.isEmpty { continue }
            var split = Int(pair.start)
            while split < pair.end, text[split] != 0x3D { split += 1 }
            let value = ByteRange(from: min(split + 1, pair.end), to: pair.end)
            return (ByteRange(from: Int(pair.start), to: split), value)
        }
        return nil
    }
}

/// Queries as forms write them (the WHATWG's URL standard, application/x-www-form-urlencoded).
enum FormCode {
    /// Appends `text` with "+" as a space and all that is encoded decoded; what is no encoding stays.
    static func decode(_ text: Span<UInt8>, onto decoded: inout [UInt8]) {
        var index = 0
        while index < text.count {
            if text[index] == 0x25, index + 2 < text.count,
                let byte = PercentCode.byte(text[index + 1], text[index + 2])
            {
                decoded.append(byte)
                index += 3
            } else {
                decoded.append(text[index] == 0x2B ? 0x20 : text[index])
                index += 1
            }
        }
    }
}
