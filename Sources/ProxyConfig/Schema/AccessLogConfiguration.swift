// The record of the requests served.
import MartletHTTPCore
import MartletRouting

/// How requests are recorded. Lines are written in the background; no request ever waits for the log.
package struct AccessLogConfiguration: Sendable, Equatable {
    /// How a line looks: `json` is one object per line, `combined` is the format of Apache and nginx. Or a line of text with the names
    /// of [observability.md](observability.md#access-log) in braces, as in `{client} "{method} {target}" {status}`: what is not known
    /// is `-`, and `{{` and `}}` are braces.
    package var format: AccessLogFormat = .json

    /// What lines of JSON say, in this order, in place of the usual: the same names, or `request.header.NAME` and `response.header.NAME` for the value of a field.
    /// What is not known of a request is left out.
    package var fields: [LogItem] = []

    /// Fields of requests and responses whose values lines do not show: `***` stands in their place.
    package var redact: [String] = [
        "Authorization", "Proxy-Authorization", "Cookie", "Set-Cookie", "X-API-Key",
    ]

    /// The share of the requests that have a line, from 0 to 1. Requests that failed, or were answered with a status of 500 or more,
    /// always have one.
    package var sample: Double = 1

    /// Requests without a line, such as those of health checks: each is for requests that have all that it asks for. At most 15.
    package var exclude: [AccessLogExclusionConfiguration] = []

    /// Where lines go: `stdout`, or the path of a file, which is appended to and opened anew at SIGUSR1.
    package var file: AccessLogDestination = .stdout

    /// How many bytes may wait to be written. Lines beyond are dropped and counted.
    package var queue: Int = 4 << 20

    /// The defaults: JSON to the standard output.
    package init() {}
}

/// How a line of the access log looks.
package enum AccessLogFormat: Sendable, Equatable {
    /// One JSON object per line.
    case json
    /// The combined format of Apache and nginx.
    case combined
    /// A line of text.
    case text([LogItem])
}

/// Where the access log goes.
package enum AccessLogDestination: Sendable, Equatable {
    /// The standard output.
    case stdout
    /// The file with this path.
    case path(String)
}

extension AccessLogConfiguration: Section {
    static let noun = "accessLog"
    static var blank: AccessLogConfiguration { AccessLogConfiguration() }

    static var keys: [Key<AccessLogConfiguration>] {
        [
            Key("format", \.format, .logFormat),
            Key("fields", \.fields, .some(of: .logItem)),
            Key("redact", \.redact, .list(of: .fieldName)),
            Key("sample", \.sample, .decimal(0...1)),
            Key("exclude", \.exclude, .list(of: .section())),
            Key("file", \.file, .logDestination),
            Key("queue", \.queue, .size(64 << 10...1 << 30)),
        ]
    }
}

/// Requests that have no line in the access log.
package struct AccessLogExclusionConfiguration: Sendable, Equatable {
    /// The hosts that they are for, one or a list; written as those of routes.
    package var host: [String] = []

    /// Their paths, one or a list; written as those of routes.
    package var path: [String] = []

    /// The statuses that they are answered with, such as `200` or `200-399`, one or a list. Without it all.
    package var statuses: [ClosedRange<Int>] = []

    /// What else they must be like.
    package var when: ConditionConfiguration?

    /// All requests.
    package init() {}

    /// Routes for the same requests; `nil` when those are all.
    /// - Throws: when a pattern is none. The loader has refused such a config already; one made in code may have them.
    package func requests() throws(PatternError) -> [RouteRule]? {
        if host.isEmpty && path.isEmpty && when == nil { return nil }
        var hosts: [HostPattern] = []
        for host in host { hosts.append(try HostPattern(parsing: host)) }
        let condition = try (when ?? ConditionConfiguration()).compiled()
        var rules: [RouteRule] = []
        for path in path.isEmpty ? ["/*"] : path {
            let pattern = RoutePath.pattern(try PathPattern(parsing: path))
            rules.append(RouteRule(hosts: hosts, path: pattern, condition: condition))
        }
        return rules
    }
}

extension AccessLogExclusionConfiguration: Section {
    static let noun = "an exclusion"
    static var blank: AccessLogExclusionConfiguration { AccessLogExclusionConfiguration() }

    static var keys: [Key<AccessLogExclusionConfiguration>] {
        [
            Key("host", \.host, .oneOrMore(of: .host)),
            Key("path", \.path, .oneOrMore(of: .path)),
            Key("statuses", \.statuses, .oneOrMore(of: .statuses(100...599))),
            Key("when", \.when, .optional(.section())),
        ]
    }
}
