// The fields in which proxies say whom a request comes from, read from the end: what stands last was written by the nearest.

/// How such a field is written.
package enum ForwardedForm: Sendable, BitwiseCopyable {
    /// Addresses with commas between them, or a single one: `X-Forwarded-For`, `X-Real-IP`.
    case addresses
    /// `Forwarded` (RFC 7239), whose `for` counts.
    case elements
}

/// Reads them. What comes from clients may stand further ahead, and cannot change what is found behind it.
package enum ForwardedChain {
    /// Where the last element of a list begins that ends at `end`. A comma between quotes ends none (RFC 9110 section 5.6.1).
    package static func lastElement(of list: Span<UInt8>, endingAt end: Int) -> Int {
        var isQuoted = false
        var index = end
        while index > 0 {
            let byte = list[index - 1]
            if byte == UInt8(ascii: "\"") {
                isQuoted.toggle()
            } else if byte == UInt8(ascii: ","), !isQuoted {
                return index
            }
            index -= 1
        }
        return 0
    }

    /// Whom an element names; `nil` for one that names nobody by an address, such as `unknown`, and for what cannot be read.
    package static func address(in element: Span<UInt8>, _ form: ForwardedForm) -> IPAddress? {
        switch form {
        case .addresses: address(of: element.extracting(trimmed(element, 0..<element.count)))
        case .elements: node(in: element).flatMap { address(of: element.extracting($0)) }
        }
    }

    /// An address, which may have a port behind it, and IPv6 brackets around it.
    private static func address(of text: Span<UInt8>) -> IPAddress? {
        if text.isEmpty { return nil }
        if text[0] == UInt8(ascii: "[") {
            guard let end = (1..<text.count).first(where: { text[$0] == UInt8(ascii: "]") }),
                end + 1 == text.count || text[end + 1] == UInt8(ascii: ":")
            else { return nil }
            return IPAddress(parsing: text.extracting(1..<end))
        }
        // One colon stands before a port; more are in an address of IPv6.
        var colon = -1
        for index in text.indices where text[index] == UInt8(ascii: ":") {
            if colon >= 0 { return IPAddress(parsing: text) }
            colon = index
        }
        return IPAddress(parsing: colon < 0 ? text : text.extracting(0..<colon))
    }

    /// The value of `for` among the pairs of an element, without its quotes.
    private static func node(in element: Span<UInt8>) -> Range<Int>? {
        var start = 0
        while start < element.count {
            var end = start
            var isQuoted = false
            while end < element.count && (isQuoted || element[end] != UInt8(ascii: ";")) {
                if element[end] == UInt8(ascii: "\"") { isQuoted.toggle() }
                end += 1
            }
            if let value = value(ofFor: element, start..<end) { return value }
            start = end + 1
        }
        return nil
    }

    private static func value(ofFor element: Span<UInt8>, _ pair: Range<Int>) -> Range<Int>? {
        let inner = trimmed(element, pair)
        let end = inner.upperBound
        var start = inner.lowerBound
        guard end - start > 4, ByteScan.equals(element.extracting(start..<start + 4), lowercase: "for=") else {
            return nil
        }
        start += 4
        if element[start] == UInt8(ascii: "\"") {
            guard end - start >= 2, element[end - 1] == UInt8(ascii: "\"") else { return nil }
            return start + 1..<end - 1
        }
        return start..<end
    }

    /// A part of a text without the spaces at its ends.
    private static func trimmed(_ text: Span<UInt8>, _ part: Range<Int>) -> Range<Int> {
        var (start, end) = (part.lowerBound, part.upperBound)
        while start < end && isSpace(text[start]) { start += 1 }
        while end > start && isSpace(text[end - 1]) { end -= 1 }
        return start..<end
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
}
