// Why a request on the admin listener is not done (RFC 9457).
import MartletProxy
import MartletProxyConfig

/// A problem.
struct AdminProblem: Error, Sendable {
    let status: Int
    /// What is wrong, and what to do.
    let detail: String
    /// Where in the content it is.
    var misfits: [JSONMisfit] = []
    /// What is wrong with a config, as its check says.
    var diagnostics: JSONText?
    /// The same as compilers show it.
    var text = ""
    /// What a new process has said that did not get ready.
    var said: [String]?
    /// The value of Allow.
    var allow: String?
    /// More field lines.
    var lines = ""

    init(_ status: Int, _ detail: String, _ misfits: [JSONMisfit] = []) {
        self.status = status
        self.detail = detail
        self.misfits = misfits
    }

    static let contentType = "application/problem+json"

    var answer: LocalAnswer {
        var members: [(String, JSONText)] = [
            ("type", .string("about:blank")), ("title", .string(Self.titles[status] ?? "Problem")),
            ("status", .integer(status)), ("detail", .string(detail)),
        ]
        if !misfits.isEmpty {
            let errors = misfits.prefix(100).map {
                JSONText.object([("pointer", .string($0.pointer)), ("message", .string($0.message))])
            }
            members.append(("errors", .array(errors)))
        }
        if let diagnostics { members.append(("diagnostics", diagnostics)) }
        if !text.isEmpty { members.append(("text", .string(text))) }
        if let said { members.append(("lines", .array(said.map { .string($0) }))) }
        let text = JSONText.object(members).compact + "\n"
        var answer = LocalAnswer(
            status: status, contentType: Self.contentType, content: Array(text.utf8), allow: allow)
        answer.lines = Array(lines.utf8)
        return answer
    }

    /// What the statuses are called, of all that the API has.
    static let titles: [Int: String] = [
        400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed",
        408: "Request Timeout", 409: "Conflict", 412: "Precondition Failed", 413: "Content Too Large",
        414: "URI Too Long",
        415: "Unsupported Media Type", 422: "Unprocessable Content", 431: "Request Header Fields Too Large",
        503: "Service Unavailable", 507: "Insufficient Storage",
    ]
}
