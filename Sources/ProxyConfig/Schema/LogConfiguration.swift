// The log of the proxy itself.

/// How the proxy tells what happens to itself, on the standard error output.
package struct LogConfiguration: Sendable, Equatable {
    /// The least important messages that are written.
    package var level: LogLevel = .info
    /// What lines are. A change takes effect with a restart.
    ///
    /// `text` is the time, the level, the message, and `key=value` behind it; without the time, and with the level as a number, for systemd's journal. `json` is an object in each line.
    package var format: LogFormat = .text

    /// The defaults.
    package init() {}
}

/// What lines of the log are.
package enum LogFormat: String, Sendable, CaseIterable {
    /// For people.
    case text
    /// For programs.
    case json
}

/// How important a message of the log is.
package enum LogLevel: String, Sendable, CaseIterable {
    /// Everything, for finding defects.
    case trace
    /// Details, for finding faults.
    case debug
    /// What happens in normal service.
    case info
    /// What is worth knowing.
    case notice
    /// What may become a fault.
    case warning
    /// What failed.
    case error
}

extension LogConfiguration: Section {
    static let noun = "log"
    static var blank: LogConfiguration { LogConfiguration() }

    static var keys: [Key<LogConfiguration>] {
        [
            Key("level", \.level, .choice()),
            Key("format", \.format, .choice()),
        ]
    }
}
