// The record of the requests served.

/// How requests are recorded. Lines are written in the background; no request ever waits for the log.
package struct AccessLogConfiguration: Sendable, Equatable {
    /// How a line looks: `json` is one object per line, `combined` is the format of Apache and nginx.
    package var format: AccessLogFormat = .json

    /// Where lines go: `stdout`, or the path of a file, which is appended to and opened anew at SIGUSR1.
    package var file: AccessLogDestination = .stdout

    /// How many bytes may wait to be written. Lines beyond are dropped and counted.
    package var queue: Int = 4 << 20

    /// The defaults: JSON to the standard output.
    package init() {}
}

/// How a line of the access log looks.
package enum AccessLogFormat: String, Sendable, CaseIterable {
    /// One JSON object per line.
    case json
    /// The combined format of Apache and nginx.
    case combined
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
            Key("format", \.format, .choice()),
            Key("file", \.file, .logDestination),
            Key("queue", \.queue, .size(64 << 10...1 << 30)),
        ]
    }
}
