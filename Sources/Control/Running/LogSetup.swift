// The program's own log: swift-log to the standard error output. One of the few files that hold `unsafe`: system calls take
// pointers.
import CProcess
import Glibc
import Logging
import MartletProxyConfig
import Synchronization

extension Logger {
    /// A log on the standard error output that leaves out what is less important than its level, which `levels` may change.
    package static func martlet(_ wanted: LogConfiguration, levels: LogSwitch = LogSwitch()) -> Logger {
        levels.level = wanted.level
        return Logger(label: "martlet") { _ in ErrorOutputLog(levels: levels, form: .standardError(wanted.format)) }
    }

    /// The same, for people.
    package static func martlet(_ level: LogLevel) -> Logger {
        var wanted = LogConfiguration()
        wanted.level = level
        return martlet(wanted)
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

extension LogForm {
    /// What suits whoever reads the standard error output.
    static func standardError(_ format: LogFormat) -> LogForm {
        if format == .json { return LogForm(style: .json) }
        // Where the journal listens: device and number of its socket (systemd.exec(5)).
        let journal = ProcessEnvironment.value("JOURNAL_STREAM")?.split(separator: ":").compactMap { UInt64($0) } ?? []
        if journal.count == 2 && martlet_is_file(STDERR_FILENO, journal[0], journal[1]) == 1 {
            return LogForm(style: .journal)
        }
        let isColoured = isatty(STDERR_FILENO) == 1 && (ProcessEnvironment.value("NO_COLOR") ?? "").isEmpty
        return LogForm(style: isColoured ? .coloured : .text)
    }
}

/// Writes each line with one call, so that lines of several threads and processes do not mix.
private struct ErrorOutputLog: LogHandler {
    let levels: LogSwitch
    let form: LogForm
    var metadata: Logger.Metadata = [:]
    var metadataProvider: Logger.MetadataProvider?

    init(levels: LogSwitch, form: LogForm) {
        self.levels = levels
        self.form = form
    }

    var logLevel: Logger.Level {
        get { Logger.Level(levels.level) }
        set { _ = newValue }
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        var known = metadata
        if let provided = metadataProvider?.get() { known.merge(provided) { $1 } }
        if let own = event.metadata { known.merge(own) { $1 } }
        if let error = event.error { known["error"] = "\(error)" }
        var time = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &time)
        let now = UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
        let line = Array(form.line(event.level, "\(event.message)", known, time: now).utf8)
        _ = unsafe line.withUnsafeBytes { unsafe write(STDERR_FILENO, $0.baseAddress, $0.count) }
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
