// The program's own log: swift-log to the standard error output.
import Logging
import MartletProxyConfig

extension Logger {
    /// A log on the standard error output that leaves out what is less important than `level`.
    package static func martlet(_ level: LogLevel) -> Logger {
        var logger = Logger(label: "martlet") { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = Logger.Level(level)
        return logger
    }
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
