// Types of values about logs.
import MartletHTTPCore

extension ValueType where Value == LogItem {
    /// What a line of the access log may say.
    static var logItem: ValueType {
        let shape = TextShape(
            expected: "a name such as status, or request.header.NAME",
            pattern: "^[a-z_]+$|^(request|response)\\.header\\..+$")
        return .parsed(shape, blank: .variable(.time), write: \.name) { text throws(TextError) in
            if let item = LogItem(name: text) { return item }
            let nearest = NearestName.find(text, among: LogVariable.allCases.map(\.rawValue))
            throw TextError(
                message: "\(Quoting.quote(text)) is nothing that the log knows",
                hint: nearest.map { "did you mean '\($0)'?" })
        }
    }
}

extension ValueType where Value == AccessLogFormat {
    /// How a line looks.
    static var logFormat: ValueType {
        let expected = "json, combined, or a line such as '{client} {status}'"
        let shape = TextShape(expected: expected, pattern: #"^(json|combined)$|\{.+\}"#)
        return .parsed(shape, blank: .json, write: write) { text throws(TextError) in
            switch text {
            case "json": return .json
            case "combined": return .combined
            default: break
            }
            // A word, then, that is neither.
            if !text.contains("{") {
                let nearest = NearestName.find(text, among: ["json", "combined"])
                throw TextError(
                    message: "\(Quoting.quote(text)) is no format", hint: nearest.map { "did you mean '\($0)'?" })
            }
            do throws(LogTemplate.Problem) { return .text(try LogTemplate.parse(text)) } catch {
                throw TextError(message: error.message, part: (error.offset, error.length))
            }
        }
    }

    private static func write(_ format: AccessLogFormat) -> String {
        switch format {
        case .json: "json"
        case .combined: "combined"
        case .text(let items): items.map(\.written).joined()
        }
    }
}

extension LogItem {
    /// As a template has it.
    fileprivate var written: String {
        guard case .literal(let text) = self else { return "{" + name + "}" }
        return text.flatMap { $0 == "{" || $0 == "}" ? [$0, $0] : [$0] }.map(String.init).joined()
    }
}
