// What becomes of each operation of the admin API.
import MartletEventLoop
import MartletProxy
import MartletProxyConfig
import MartletTelemetry

/// Does what is asked.
struct AdminAPI: Sendable {
    let scene: AdminScene

    func answer(_ call: APICall) async -> LocalAnswer {
        do throws(AdminProblem) {
            return try await perform(call)
        } catch {
            return error.answer
        }
    }

    private func perform(_ call: APICall) async throws(AdminProblem) -> LocalAnswer {
        switch call.operation.id {
        case .health: scene.isServing() ? .text(200, "ok\n") : .text(503, "draining\n")
        case .readiness: scene.phase == .serving ? .text(200, "ok\n") : .text(503, scene.phase.rawValue + "\n")
        case .metrics: scene.metricsText(MetricsFormat(accept: call.request.accept))
        case .document: json(OpenAPIDocument(operations: APIOperation.all).json, call)
        case .version: json(version, call)
        case .status: json(status, call)
        case .loops: json(loops, call)
        case .stats: json(await stats(), call)
        case .top: try await top(call)
        case .config: configuration(call)
        case .reload: try await reload(call)
        case .check: json(check(call), call)
        case .upstreams: json(.array(await upstreams(nil)), call)
        case .upstream: try await upstream(call)
        case .servers: try await servers(call)
        case .addServer: try await add(call)
        case .server: try await server(call)
        case .changeServer: try await change(call)
        case .removeServer: try await remove(call)
        case .connections: try await connections(call)
        case .certificates: json(certificates, call)
        case .drain: try drain(call)
        case .upgradeProgress: json(try upgradeProgress(), call)
        case .upgrade: json(try await upgrade(), call)
        case .logLevel: json(logLevel, call)
        case .setLogLevel: try setLogLevel(call)
        case .serverList: await serverList()
        case .setServerState: try await setServerState(call)
        }
    }

    /// A value as the answer to a call, or that it has not changed.
    /// - Parameter tag: the ETag, where it is not that of the value itself.
    func json(_ value: JSONText, _ call: APICall, tag: String? = nil) -> LocalAnswer {
        content(value.pretty() + "\n", "application/json", call, tag: tag)
    }

    func content(_ text: String, _ type: String, _ call: APICall, tag: String? = nil) -> LocalAnswer {
        let operation = call.operation
        var lines = ""
        if operation.hasTag {
            let own = tag ?? ETag.of(text.utf8)
            lines = "ETag: \(own)\r\n"
            if operation.problems.contains(304), let known = call.request.list("if-none-match"),
                ETag.Condition(known).isMetWeakly(by: own)
            {
                var answer = LocalAnswer(status: 304, contentType: "", content: [])
                answer.lines = Array(lines.utf8)
                return answer
            }
        }
        var answer = LocalAnswer.text(operation.answer.status, text, type: type)
        answer.lines = Array(lines.utf8)
        return answer
    }

    /// Whether If-Match, if it is there, is met by a tag.
    func heed(_ call: APICall, tag: String) throws(AdminProblem) {
        guard let value = call.request.list("if-match") else { return }
        if !ETag.Condition(value).isMet(by: tag) {
            throw AdminProblem(412, "it has been changed since; its ETag is \(tag)")
        }
    }
}
