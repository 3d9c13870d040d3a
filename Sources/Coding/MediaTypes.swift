// Lists of media types, with stars.
import MartletHTTPCore

/// Media types of lists, side by side.
package struct MediaTypeTable: Sendable {
    /// What a type begins and ends with, in lower case; a type without a star is all of the first.
    private struct Pattern: BitwiseCopyable, Sendable {
        var head = ByteRange()
        var tail = ByteRange()
        var hasStar = false
    }

    private var bytes: [UInt8] = []
    private var patterns: [Pattern] = []

    /// A table without lists.
    package init() {}

    /// Puts a list in: `text/html`, `text/*`, `application/*+json`. Its place.
    package mutating func insert(_ types: [String]) -> ByteRange {
        let first = patterns.count
        for type in types {
            let lower = (type == "*/*" ? "*" : type).utf8.map(ByteScan.lowercased)
            let start = bytes.count
            bytes += lower
            var pattern = Pattern(head: ByteRange(from: start, to: bytes.count))
            if let star = lower.firstIndex(of: 0x2A) {
                pattern.hasStar = true
                pattern.head = ByteRange(from: start, to: start + star)
                pattern.tail = ByteRange(from: start + star + 1, to: bytes.count)
            }
            patterns.append(pattern)
        }
        return ByteRange(from: first, to: patterns.count)
    }

    /// Whether the value of a Content-Type is in a list. Streams of events are only if the list names them.
    package func contains(_ value: Span<UInt8>, _ list: ByteRange) -> Bool {
        let type = value.extracting(MediaType.essence(of: value))
        let isEvents = MediaType.isEventStream(value)
        for place in list.range {
            let pattern = patterns[place]
            if isEvents && pattern.hasStar { continue }
            if Self.matches(
                type, bytes.span.extracting(pattern.head), bytes.span.extracting(pattern.tail), pattern.hasStar)
            {
                return true
            }
        }
        return false
    }

    private static func matches(_ type: Span<UInt8>, _ head: Span<UInt8>, _ tail: Span<UInt8>, _ hasStar: Bool) -> Bool
    {
        if !hasStar { return ByteScan.equalsIgnoringCase(type, head) }
        // The star stands for something.
        if type.count <= head.count + tail.count { return false }
        return ByteScan.equalsIgnoringCase(type.extracting(0..<head.count), head)
            && ByteScan.equalsIgnoringCase(type.extracting(type.count - tail.count..<type.count), tail)
    }
}

/// Looks at values of Content-Type.
package enum MediaType {
    /// The type without its parameters.
    package static func essence(of value: Span<UInt8>) -> ByteRange {
        var end = 0
        while end < value.count && value[end] != 0x3B { end += 1 }
        return ByteScan.trimmed(value, from: 0, to: end)
    }

    /// A stream of events, each of which is waited for (server-sent events).
    package static func isEventStream(_ value: Span<UInt8>) -> Bool {
        ByteScan.equals(value.extracting(essence(of: value)), lowercase: "text/event-stream")
    }
}
