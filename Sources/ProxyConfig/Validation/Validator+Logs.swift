// What is told to operators.
import MartletHTTPCore

extension Validator {
    /// A route has traces where there are any.
    mutating func checkTraces() {
        if configuration.tracing != nil { return }
        for (index, entry) in configuration.routes.entries.enumerated()
        where !entry.isPlain && (entry.route.tracing ?? nil) != nil {
            error(
                "routes[\(index)].tracing", "there are no traces", hint: "add a section 'tracing' at the top",
                isAboutKey: true)
        }
    }

    /// A line of the access log is said in one way, and there are lines at all.
    mutating func checkLogs() {
        guard let log = configuration.accessLog else { return }
        if !log.fields.isEmpty && log.format != .json {
            error(
                "accessLog.fields", "only lines of JSON have fields: those of another format are what it says",
                hint: "remove one of 'format' and 'fields'", isAboutKey: true)
        }
        for (index, item) in log.fields.enumerated() where log.fields.firstIndex(of: item) != index {
            error("accessLog.fields[\(index)]", "'\(item.name)' is in the list twice")
        }
        if log.exclude.count > 15 { error("accessLog.exclude", "more than 15 exclusions") }
        for (index, exclusion) in log.exclude.enumerated()
        where exclusion == AccessLogExclusionConfiguration() && isUnwritten("accessLog.exclude[\(index)]") {
            error(
                "accessLog.exclude[\(index)]", "this is for all requests: there would be no line at all",
                hint: "say which requests, or set 'accessLog: off'")
        }
    }

    /// Whether no key of an exclusion is written: one that could not be read says something all the same.
    private func isUnwritten(_ path: String) -> Bool {
        guard let isWritten else { return true }
        return !["host", "path", "statuses", "when"].contains { isWritten("\(path).\($0)") }
    }
}
