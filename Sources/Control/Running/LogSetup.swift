// The program's own log: swift-log to the standard error output.
import Logging
import MartletProxyConfig
import Synchronization

extension Logger {
    /// A log on the standard error output that leaves out what is less important than `level`, which `levels` may change.
    package static func martlet(_ level: LogLevel, levels: LogSwitch = LogSwitch()) -> Logger {
        levels.level = level
        return Logger(label: "martlet") { SwitchedLog(log: .standardError(label: $0), levels: levels) }
    }
}

/// What is logged at least, for all copies of a log.
package final class LogSwitch: Sendable {
    private let current = Mutex(LogLevel.info)

    package init() {}

    package var level: LogLevel {
        get { current.withLock { $0 } }
        set { current.withLock { $0 = newValue } }
    }

    /// As the config and the admin API call them.
    static let names = LogLevel.allCases.map(\.rawValue)
}

/// A log whose level others set.
private struct SwitchedLog: LogHandler {
    var log: StreamLogHandler
    let levels: LogSwitch

    init(log: StreamLogHandler, levels: LogSwitch) {
        self.log = log
        self.levels = levels
        self.log.logLevel = .trace
    }

    var logLevel: Logger.Level {
        get { Logger.Level(levels.level) }
        set { log.logLevel = newValue }
    }

    var metadata: Logger.Metadata {
        get { log.metadata }
        set { log.metadata = newValue }
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { log[metadataKey: key] }
        set { log[metadataKey: key] = newValue }
    }

    func log(event: LogEvent) { log.log(event: event) }
}

extension Logger.Level {
    init(_ level: LogLevel) {
        switch level {
        case .trace: self = .trace
        case .debug: self = .debug
        case .info: self = .info
        case .notice: self = .notice
        case .warning: self = .warning
        case .error: self = .error
        }
    }
}
