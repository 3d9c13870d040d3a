// Spans in the encoding of OTLP, which is Protocol Buffers: the few fields that are needed, by hand.
// Numbers are those of opentelemetry/proto/trace/v1/trace.proto.
import MartletTelemetry

/// What a span is for.
enum SpanKind: UInt8 {
    case server = 2
    case client = 3
}

extension LineBuffer {
    /// The least that a varint takes, seven bits a byte.
    private static func length(ofVarint value: UInt64) -> Int { max(1, (70 - value.leadingZeroBitCount) / 7) }

    mutating func write(varint value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            write(byte: UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        write(byte: UInt8(rest))
    }

    private mutating func write(fixed value: UInt64, isBigEndian: Bool = false) {
        for place in 0..<8 {
            write(byte: UInt8(truncatingIfNeeded: value >> UInt64((isBigEndian ? 7 - place : place) * 8)))
        }
    }

    /// trace_id, span_id and parent_span_id.
    mutating func write(trace high: UInt64, _ low: UInt64, span: UInt64, parent: UInt64) {
        write("\u{0A}\u{10}")
        write(fixed: high, isBigEndian: true)
        write(fixed: low, isBigEndian: true)
        write("\u{12}\u{08}")
        write(fixed: span, isBigEndian: true)
        if parent == 0 { return }
        write("\u{22}\u{08}")
        write(fixed: parent, isBigEndian: true)
    }

    /// kind, start_time_unix_nano and end_time_unix_nano.
    mutating func write(kind: SpanKind, from start: UInt64, to end: UInt64) {
        write(byte: 0x30)
        write(byte: kind.rawValue)
        write(byte: 0x39)
        write(fixed: start)
        write(byte: 0x41)
        write(fixed: end)
    }

    /// The name, in one or two words.
    mutating func write(spanName word: Span<UInt8>, _ other: Span<UInt8>) {
        let otherCount = min(other.count, 256)
        write(byte: 0x2A)
        write(varint: UInt64(word.count + (otherCount > 0 ? otherCount + 1 : 0)))
        write(plain: word)
        if otherCount == 0 { return }
        write(byte: 0x20)
        write(plain: other.extracting(0..<otherCount))
    }

    /// A status of error.
    mutating func writeErrorStatus() { write("\u{7A}\u{02}\u{18}\u{02}") }

    /// An attribute with a text, which is cut at `limit`.
    mutating func write(attribute key: StaticString, _ text: Span<UInt8>, limit: Int = 1_024) {
        let value = text.extracting(0..<min(text.count, limit))
        let valueLength = 1 + Self.length(ofVarint: UInt64(value.count)) + value.count
        begin(attribute: key, valueLength)
        write(byte: 0x0A)
        write(varint: UInt64(value.count))
        write(plain: value)
    }

    mutating func write(attribute key: StaticString, number: UInt64) {
        begin(attribute: key, 1 + Self.length(ofVarint: number))
        write(byte: 0x18)
        write(varint: number)
    }

    private mutating func begin(attribute key: StaticString, _ valueLength: Int) {
        let keyLength = key.utf8CodeUnitCount
        let length = 2 + keyLength + 1 + Self.length(ofVarint: UInt64(valueLength)) + valueLength
        write(byte: 0x4A)
        write(varint: UInt64(length))
        write(byte: 0x0A)
        write(byte: UInt8(keyLength))
        write(key)
        write(byte: 0x12)
        write(varint: UInt64(valueLength))
    }

    /// What is not printable ASCII is "?": a text that is not UTF-8 would spoil the whole batch.
    private mutating func write(plain text: Span<UInt8>) {
        for index in 0..<text.count {
            write(byte: text[index] >= 0x20 && text[index] < 0x7F ? text[index] : 0x3F)
        }
    }
}
