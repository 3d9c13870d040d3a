// What the config says of the access log: what lines say, and which requests have one.
import MartletHTTPCore
import MartletRouting

/// What lines say, and of which requests.
package struct AccessLogPlan: Sendable {
    /// How lines of one's own choice look.
    package enum Style: Sendable {
        /// An object of JSON.
        case json
        /// Text, in which what is not known is "-".
        case text
    }

    /// What lines consist of; `nil` for those of the format.
    package private(set) var fields: [LogField]?
    package private(set) var style = Style.json
    /// The share of the requests that have a line, of 2^32. Those that went wrong always do.
    package var share = UInt64(1) << 32
    /// Requests without a line. At most 15.
    package var exclusions: [LogExclusion] = []

    package init() {}

    /// Chooses what lines consist of.
    /// - Parameter redacted: names of fields in lower case whose values are not shown.
    package mutating func choose(_ items: [LogItem], _ style: Style, redacted: [String]) {
        fields = items.map { LogField($0, isRedacted: $0.field.map(redacted.contains) ?? false) }
        self.style = style
    }

    /// Whether requests may be without a line.
    var isSelective: Bool { share < UInt64(1) << 32 || !exclusions.isEmpty }
    /// Whether lines say something of the fields of responses.
    var showsResponseFields: Bool {
        fields?.contains { if case .responseField = $0.item { true } else { false } } ?? false
    }
    /// Whether lines say which route was taken.
    var showsRoute: Bool { fields?.contains { $0.item == .variable(.route) } ?? false }
}

/// A part of a line of one's own choice.
package struct LogField: Sendable {
    let item: LogItem
    /// In JSON, what stands before the value: `"name":`. Of a literal, itself.
    let text: [UInt8]
    let known: KnownField
    let isRedacted: Bool
    let isLate: Bool

    init(_ item: LogItem, isRedacted: Bool) {
        self.item = item
        self.isRedacted = isRedacted
        isLate = item.isLate
        if case .literal(let text) = item {
            self.text = Array(text.utf8)
        } else {
            text = Array("\"\(item.name)\":".utf8)
        }
        known = item.field.map { KnownField(token: Array($0.utf8).span) } ?? .other
    }

    /// The name of the field that it is about, in lower case.
    var fieldName: [UInt8] { item.field.map { Array($0.utf8) } ?? [] }
}

/// Requests that have no line: those that are for all of it.
package struct LogExclusion: Sendable {
    /// Hosts, paths and conditions; `nil` for all requests.
    package var requests: RouteTable?
    /// What they were answered with; `nil` for whatever it was.
    package var statuses: StatusSet?

    package init() {}
}
