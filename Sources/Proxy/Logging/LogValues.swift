// How values are written into lines of one's own choice.
import MartletTelemetry

extension LineBuffer {
    /// Writes a value that may come from outside; an empty one is none.
    mutating func write(_ value: Span<UInt8>, _ field: borrowing LogField, _ style: AccessLogPlan.Style, limit: Int) {
        if value.isEmpty { return writeNothing(style) }
        switch style {
        case .json:
            write(field.text.span)
            write(byte: 0x22)
            write(json: value, limit: limit)
            write("\",")
        case .text: write(combined: value, limit: limit)
        }
    }

    mutating func write(_ value: UInt64, _ field: borrowing LogField, _ style: AccessLogPlan.Style) {
        if style == .json { write(field.text.span) }
        write(decimal: value)
        if style == .json { write(byte: 0x2C) }
    }

    /// There is no value.
    mutating func writeNothing(_ style: AccessLogPlan.Style) { if style == .text { write(byte: 0x2D) } }
}
