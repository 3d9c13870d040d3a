// What the head writer makes of parsed heads, as text.

import MartletHTTP1
import MartletHTTPCore
import Testing

func string(_ bytes: Span<UInt8>) -> String {
    var copy: [UInt8] = []
    for index in bytes.indices { copy.append(bytes[index]) }
    return String(decoding: copy, as: UTF8.self)
}

/// What `writer` has written, all of which must have fitted.
func string(_ writer: borrowing HeadWriter) -> String {
    let overflowed = writer.overflowed
    #expect(!overflowed)
    return string(writer.bytes)
}

/// What `write` writes.
func written(capacity: Int = 4096, _ write: (inout HeadWriter) -> Void) -> String {
    var writer = HeadWriter(capacity: capacity)
    write(&writer)
    return string(writer)
}

/// Expects that `write` writes `expected`. A function, as `#expect` takes a closure's argument for a constant.
func expectWritten(
    _ expected: String, capacity: Int = 4096, sourceLocation: SourceLocation = #_sourceLocation,
    _ write: (inout HeadWriter) -> Void
) {
    let text = written(capacity: capacity, write)
    #expect(text == expected, sourceLocation: sourceLocation)
}

/// The request line that is sent for the request in `bytes`.
func sentRequestLine(_ bytes: [UInt8]) -> String {
    var head = RequestHead(fieldCapacity: 128)
    let result = RequestParser.parse(bytes.span, into: &head, limits: HeadLimits())
    #expect(result == .complete)
    var writer = HeadWriter(capacity: 4096)
    writer.requestLine(head, in: bytes.span)
    return string(writer)
}

/// The head that is sent for the request in `bytes`: its line, passing fields but `dropped`, framing, and the blank line.
func sentRequest(_ bytes: [UInt8], except dropped: KnownFieldSet = []) -> String {
    var head = RequestHead(fieldCapacity: 128)
    let result = RequestParser.parse(bytes.span, into: &head, limits: HeadLimits())
    #expect(result == .complete)
    var writer = HeadWriter(capacity: 64 << 10)
    writer.requestLine(head, in: bytes.span)
    writer.fields(head.fields, in: bytes.span, except: dropped)
    writer.framing(head.framing)
    writer.endOfHead()
    return string(writer)
}

/// The same for a response.
func sentResponse(_ bytes: [UInt8], to method: HTTPMethod = .get) -> String {
    var head = ResponseHead(fieldCapacity: 128)
    let result = ResponseParser.parse(bytes.span, into: &head, requestMethod: method, limits: HeadLimits())
    #expect(result == .complete)
    var writer = HeadWriter(capacity: 64 << 10)
    writer.statusLine(head.status, reason: bytes.span.extracting(head.reason))
    writer.fields(head.fields, in: bytes.span)
    writer.framing(head.framing)
    writer.endOfHead()
    return string(writer)
}
