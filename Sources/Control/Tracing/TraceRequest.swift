// What is sent to a collector: ExportTraceServiceRequest of OTLP, by hand, around spans that are encoded already.
// Numbers are those of opentelemetry/proto/collector/trace/v1/trace_service.proto and what it imports.

/// Encodes requests.
struct TraceRequest {
    /// Everything that does not change from one request to the next: the resource.
    private let resource: [UInt8]
    private let scope: [UInt8]

    /// - Parameter attributes: of the resource, such as `service.name`.
    init(attributes: [(key: String, value: String)], version: String) {
        var resource: [UInt8] = []
        for (key, value) in attributes {
            let text = Self.field(1, Array(value.utf8))
            resource += Self.field(1, Self.field(1, Array(key.utf8)) + Self.field(2, text))
        }
        self.resource = Self.field(1, resource)
        scope = Self.field(1, Self.field(1, Array("martlet".utf8)) + Self.field(2, Array(version.utf8)))
    }

    /// - Parameter batches: spans, as fields of ScopeSpans.
    func encode(_ batches: [[UInt8]]) -> [UInt8] {
        var spans = scope
        spans.reserveCapacity(scope.count + batches.reduce(0) { $0 + $1.count })
        for batch in batches { spans += batch }
        return Self.field(1, resource + Self.field(2, spans))
    }

    /// A field whose content has a length.
    private static func field(_ number: UInt8, _ content: [UInt8]) -> [UInt8] {
        var bytes = [number << 3 | 2]
        var length = content.count
        while length >= 0x80 {
            bytes.append(UInt8(length & 0x7F) | 0x80)
            length >>= 7
        }
        bytes.append(UInt8(length))
        return bytes + content
    }
}
