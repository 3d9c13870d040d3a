// Space of a loop that heads are written from, and fields of HTTP/2 decoded into.
import MartletHTTP1
import MartletHTTP2
import MartletHTTPCore

/// How large it has to be.
struct ScratchSize: BitwiseCopyable {
    /// Of a head, its fields, and the largest table of a decoder.
    let headBytes: Int
    let fields: Int
    let tableBytes: Int

    /// - Parameter least: heads that were taken by older settings, and connections with larger tables, may still be there.
    init(_ model: Model, atLeast least: ScratchSize? = nil) {
        let settings = model.settings
        let bytes = max(settings.requestHead.headBytes, settings.responseHead.headBytes)
        let count = max(settings.requestHead.fields, settings.responseHead.fields)
        headBytes = max(bytes, least?.headBytes ?? 0)
        fields = max(count, least?.fields ?? 0)
        tableBytes = max(model.largestFieldTable, least?.tableBytes ?? 0)
    }

    var writer: HeadWriter { HeadWriter(capacity: headBytes + 16 << 10) }
    var tail: HeadWriter { HeadWriter(capacity: headBytes + 1024) }
    var section: FieldSection {
        FieldSection(bytes: headBytes + 1024, fields: fields + 8, tableBytes: tableBytes)
    }
}
