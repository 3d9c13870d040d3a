// A collector of spans for tests: takes OTLP over HTTP, and reads Protocol Buffers as a stranger would.
import Synchronization

/// A span as it has come.
package struct CollectedSpan: Sendable {
    package var trace = ""
    package var id = ""
    package var parent = ""
    package var name = ""
    package var kind = 0
    package var start: UInt64 = 0
    package var end: UInt64 = 0
    package var attributes: [String: String] = [:]
    package var isError = false
}

/// Fields of a message of Protocol Buffers, one after the other.
struct ProtobufReader {
    enum Value {
        case number(UInt64)
        case bytes([UInt8])
    }

    private let bytes: [UInt8]
    private var place = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    private mutating func varint() throws -> UInt64 {
        var (value, shift): (UInt64, UInt64) = (0, 0)
        while place < bytes.count && shift < 64 {
            let byte = bytes[place]
            place += 1
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
            shift += 7
        }
        throw TestFailure("a varint does not end")
    }

    /// The next field; `nil` at the end.
    mutating func next() throws -> (number: Int, value: Value)? {
        if place == bytes.count { return nil }
        let tag = try varint()
        switch tag & 7 {
        case 0: return (Int(tag >> 3), .number(try varint()))
        case 1:
            guard place + 8 <= bytes.count else { throw TestFailure("a fixed64 is cut") }
            let value = (0..<8).reduce(UInt64(0)) { $0 | UInt64(bytes[place + $1]) << UInt64(8 * $1) }
            place += 8
            return (Int(tag >> 3), .number(value))
        case 2:
            let count = Int(try varint())
            guard place + count <= bytes.count else { throw TestFailure("a field is longer than its message") }
            defer { place += count }
            return (Int(tag >> 3), .bytes(Array(bytes[place..<place + count])))
        default: throw TestFailure("wire type \(tag & 7)")
        }
    }

    /// All fields, by a closure.
    static func read(_ bytes: [UInt8], _ field: (Int, Value) throws -> Void) throws {
        var reader = ProtobufReader(bytes)
        while let next = try reader.next() { try field(next.number, next.value) }
    }
}

/// What a collector has been sent.
package struct CollectedTraces: Sendable {
    package var resource: [String: String] = [:]
    package var spans: [CollectedSpan] = []

    package init() {}

    /// Reads an ExportTraceServiceRequest.
    package mutating func add(_ content: [UInt8]) throws {
        try ProtobufReader.read(content) { number, value in
            guard number == 1, case .bytes(let resourceSpans) = value else { throw TestFailure("field \(number)") }
            try ProtobufReader.read(resourceSpans) { number, value in
                guard case .bytes(let bytes) = value else { throw TestFailure("a number in ResourceSpans") }
                if number == 1 {
                    resource = [:]
                    try ProtobufReader.read(bytes) { number, value in
                        if number == 1, case .bytes(let pair) = value { try Self.read(pair, into: &resource) }
                    }
                } else if number == 2 {
                    try ProtobufReader.read(bytes) { number, value in
                        if number == 2, case .bytes(let span) = value { spans.append(try Self.span(span)) }
                    }
                }
            }
        }
    }

    private static func read(_ pair: [UInt8], into attributes: inout [String: String]) throws {
        var (key, text) = ("", "")
        try ProtobufReader.read(pair) { number, value in
            guard case .bytes(let bytes) = value else { throw TestFailure("a number in KeyValue") }
            if number == 1 { key = try utf8(bytes) }
            if number != 2 { return }
            try ProtobufReader.read(bytes) { number, value in
                switch (number, value) {
                case (1, .bytes(let bytes)): text = try utf8(bytes)
                case (3, .number(let value)): text = String(value)
                default: throw TestFailure("field \(number) of AnyValue")
                }
            }
        }
        if attributes.updateValue(text, forKey: key) != nil { throw TestFailure("\(key) is there twice") }
    }

    private static func span(_ bytes: [UInt8]) throws -> CollectedSpan {
        var span = CollectedSpan()
        try ProtobufReader.read(bytes) { number, value in
            switch (number, value) {
            case (1, .bytes(let id)): span.trace = hex(id)
            case (2, .bytes(let id)): span.id = hex(id)
            case (4, .bytes(let id)): span.parent = hex(id)
            case (5, .bytes(let name)): span.name = try utf8(name)
            case (6, .number(let kind)): span.kind = Int(kind)
            case (7, .number(let time)): span.start = time
            case (8, .number(let time)): span.end = time
            case (9, .bytes(let pair)): try read(pair, into: &span.attributes)
            case (15, .bytes(let status)):
                try ProtobufReader.read(status) { if $0 == 3, case .number(2) = $1 { span.isError = true } }
            default: throw TestFailure("field \(number) of Span")
            }
        }
        return span
    }

    private static func utf8(_ bytes: [UInt8]) throws -> String {
        guard let text = String(validating: bytes, as: UTF8.self) else { throw TestFailure("not UTF-8") }
        return text
    }

    private static func hex(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef")
        return String(bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
    }
}

/// A collector that runs.
package final class OTLPCollector: Sendable {
    private let server: ScriptedServer
    private let state: Monitor<(traces: CollectedTraces, requests: Int, problem: String?)>
    private let heads: Monitor<[HTTPRequest]>

    /// - Parameter respond: the answer to the nth request, from 1; its spans are kept if it is 200.
    package init(_ respond: @escaping @Sendable (Int) -> String = { _ in OTLPCollector.ok }) throws {
        let state = Monitor((traces: CollectedTraces(), requests: 0, problem: String?.none))
        let heads = Monitor<[HTTPRequest]>([])
        (self.state, self.heads) = (state, heads)
        server = try ScriptedServer { socket, _ in
            while let request = try socket.readRequest() {
                heads.change { $0.append(request) }
                let number = state.change { state in
                    state.requests += 1
                    return state.requests
                }
                let answer = respond(number)
                if answer.hasPrefix("HTTP/1.1 200") {
                    state.change { state in
                        do { try state.traces.add(request.content) } catch { state.problem = "\(error)" }
                    }
                }
                try socket.send(answer)
            }
        }
    }

    package static let ok = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"

    /// As it is written in a config.
    package var endpoint: String { "http://127.0.0.1:\(server.port)/v1/traces" }
    package var requests: Int { state.value.requests }
    /// The heads of the requests so far.
    package var received: [HTTPRequest] { heads.value }
    package var resource: [String: String] { state.value.traces.resource }
    package var spans: [CollectedSpan] {
        get throws {
            if let problem = state.value.problem { throw TestFailure(problem) }
            return state.value.traces.spans
        }
    }

    /// Waits until there are so many spans.
    package func wait(for count: Int, _ limit: Duration = .seconds(20)) throws -> [CollectedSpan] {
        let spans = state.wait(limit) { $0.problem != nil || $0.traces.spans.count >= count ? $0.traces.spans : nil }
        if let problem = state.value.problem { throw TestFailure(problem) }
        guard let spans else { throw TestFailure("\(state.value.traces.spans.count) of \(count) spans have come") }
        return spans
    }
}
