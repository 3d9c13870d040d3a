// What the admin listener answers (decision D8): the engine serves it, this says what.
import MartletProxy

/// Answers requests on the admin listener, off the loops.
struct AdminService: AdminResponder {
    /// Makes the text of `/metrics`.
    let metrics: @Sendable () -> [UInt8]
    /// Whether the proxy takes new requests.
    let isServing: @Sendable () -> Bool
    /// Answers for the servers.
    var servers: ServerDesk?

    func respond(to request: AdminRequest, reply: @escaping @Sendable (LocalAnswer) -> Void) {
        if let servers, ServerDesk.takes(request) { return servers.respond(to: request, reply: reply) }
        Task { reply(answer(request)) }
    }

    func answer(_ request: AdminRequest) -> LocalAnswer {
        switch request.path {
        case "/healthz", "/metrics":
            guard request.reads else {
                return .text(405, "only GET and HEAD are allowed here\n", allow: "GET, HEAD")
            }
            return request.path == "/metrics" ? metricsAnswer() : healthAnswer()
        case "/":
            return .text(200, "Martlet \(MartletVersion.string)\n\n/healthz\n/metrics\n/servers\n")
        default:
            return .text(404, "there is /healthz, /metrics and /servers\n")
        }
    }

    private func metricsAnswer() -> LocalAnswer {
        LocalAnswer(status: 200, contentType: PrometheusText.contentType, content: metrics())
    }

    /// 503 while draining: whoever spreads traffic over several proxies should send it elsewhere.
    private func healthAnswer() -> LocalAnswer {
        isServing() ? .text(200, "ok\n") : .text(503, "draining\n")
    }
}

extension LocalAnswer {
    /// Plain text.
    static func text(_ status: Int, _ text: String, allow: String? = nil) -> LocalAnswer {
        LocalAnswer(
            status: status, contentType: "text/plain; charset=utf-8", content: Array(text.utf8), allow: allow)
    }

    /// 200 with JSON.
    static func json(_ text: String) -> LocalAnswer {
        LocalAnswer(status: 200, contentType: "application/json", content: Array(text.utf8))
    }
}
