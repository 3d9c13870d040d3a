// What the log says of reloads.
import Logging
import MartletProxyConfig

/// Writes the lines.
struct ReloadLog {
    /// The most problems that get a line of their own.
    private static let most = 20

    private let log: Logger

    init(_ log: Logger) {
        self.log = log
    }

    /// - Parameter isRead: whether the config was read anew; otherwise all that is odd about it has been said.
    func tell(_ outcome: ReloadOutcome, _ trigger: ReloadTrigger, isRead: Bool) {
        switch outcome {
        case .applied(let report): tell(report, trigger, isRead)
        case .refused(let refusal): tell(refusal, trigger)
        }
    }

    private func tell(_ report: ReloadReport, _ trigger: ReloadTrigger, _ isRead: Bool) {
        if isRead { for warning in report.warnings.prefix(Self.most) { log.warning("\(Self.line(warning))") } }
        var metadata: Logger.Metadata = [
            "by": "\(trigger.rawValue)", "changes": "\(report.changes.summary)",
            "milliseconds": "\(report.duration.milliseconds)",
        ]
        for failure in report.note.failures { log.error("\(failure)") }
        if !report.note.atNextStart.isEmpty {
            metadata["at-next-start"] = "\(report.note.atNextStart.joined(separator: ", "))"
        }
        if !report.note.draining.isEmpty {
            metadata["draining"] = "\(report.note.draining.prefix(Self.most).joined(separator: ", "))"
        }
        // Nobody has asked for it, and nothing has come of it.
        let isNews = isRead || trigger != .discovery || !report.changes.isEmpty || report.note != ReloadNote()
        log.log(level: isNews ? .notice : .debug, "config reloaded", metadata: metadata)
    }

    private func tell(_ refusal: ReloadRefusal, _ trigger: ReloadTrigger) {
        let errors = refusal.problems.filter { $0.severity == .error }
        for error in errors.prefix(Self.most) { log.error("\(Self.line(error))") }
        var metadata: Logger.Metadata = ["by": "\(trigger.rawValue)"]
        if errors.isEmpty {
            metadata["error"] = "\(refusal.text.prefix { $0 != "\n" })"
        } else {
            metadata["errors"] = "\(errors.count)"
        }
        log.error("config not reloaded: the one before stays in force", metadata: metadata)
    }

    /// `martlet.yaml:7:5: unknown key 'upstrem' in a route`.
    private static func line(_ diagnostic: Diagnostic) -> String {
        var place = diagnostic.file
        if diagnostic.line > 0 { place += ":\(diagnostic.line)" }
        if diagnostic.column > 0 { place += ":\(diagnostic.column)" }
        return "\(place): \(diagnostic.headline)"
    }
}
