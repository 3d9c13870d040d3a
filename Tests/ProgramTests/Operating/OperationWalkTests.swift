import Foundation
import MartletTestSupport
import Testing

/// Every operation of the API's document is asked, well and badly, and answers what the document says. One that is not in `calls` is a
/// failure: whoever adds an operation adds a line.
@Suite(.timeLimit(.minutes(20))) struct OperationWalkTests {
    /// A question, and the status of its answer.
    private struct Call {
        let line: String
        let status: Int
        var content = ""
        var fields: [String] = []

        init(_ line: String, _ status: Int, _ content: String = "", _ fields: [String] = []) {
            (self.line, self.status, self.content, self.fields) = (line, status, content, fields)
        }
    }

    private static let one = "/v1/upstreams/app/servers/127.0.0.1:1"
    private static let new = "/v1/upstreams/app/servers/127.0.0.1:3"

    /// By the id of the operation, in the order in which they are asked.
    private static let calls: [(id: String, good: [Call], bad: [Call])] = [
        ("health", [Call("GET /healthz", 200)], [Call("PUT /healthz", 405)]),
        ("readiness", [Call("GET /readyz", 200)], [Call("POST /readyz", 405)]),
        ("metrics", [Call("GET /metrics", 200)], [Call("DELETE /metrics", 405)]),
        (
            "document",
            [Call("GET /v1/openapi.json", 200), Call("GET /v1/openapi.json", 304, "", ["If-None-Match: *"])],
            [Call("GET /v1/openapi.json?x=1", 400)]
        ),
        ("version", [Call("GET /v1/version", 200)], [Call("POST /v1/version", 405)]),
        ("status", [Call("GET /v1/status", 200)], [Call("GET /v1/status?x", 400)]),
        ("loops", [Call("GET /v1/loops", 200)], [Call("PUT /v1/loops", 405)]),
        (
            "top", [Call("GET /v1/top", 200), Call("GET /v1/top?limit=0&watchSeconds=1", 200)],
            [Call("GET /v1/top?limit=1001", 400)]
        ),
        ("upgradeProgress", [Call("GET /v1/upgrade", 200)], [Call("PUT /v1/upgrade", 405)]),
        // Whoever is upgraded is another process then: tests of upgrades ask for it.
        ("upgrade", [], [Call("DELETE /v1/upgrade", 405), Call("POST /v1/upgrade?x=1", 400)]),
        ("stats", [Call("GET /v1/stats", 200)], [Call("POST /v1/stats", 405)]),
        (
            "connections", [Call("GET /v1/connections", 200), Call("GET /v1/connections?limit=0", 200)],
            [Call("GET /v1/connections?limit=10001", 400)]
        ),
        ("certificates", [Call("GET /v1/certificates", 200)], [Call("GET /v1/certificates?x=", 400)]),
        ("logLevel", [Call("GET /v1/log-level", 200)], [Call("POST /v1/log-level", 405)]),
        (
            "setLogLevel", [Call("PUT /v1/log-level", 200, #"{"level":"error"}"#)],
            [
                Call("PUT /v1/log-level", 422, #"{"level":"x"}"#), Call("PUT /v1/log-level", 400, "{"),
                Call("PUT /v1/log-level", 412, #"{"level":"info"}"#, ["If-Match: \"0\""]),
            ]
        ),
        (
            "config", [Call("GET /v1/config", 200), Call("GET /v1/config?format=yaml", 200)],
            [Call("GET /v1/config?format=xml", 400)]
        ),
        (
            "check", [Call("POST /v1/config/check", 200, "a: 1", ["Content-Type: text/yaml"])],
            [
                Call("POST /v1/config/check", 415, "a: 1", ["Content-Type: text/html"]),
                Call("POST /v1/config/check", 400),
            ]
        ),
        (
            "reload", [Call("POST /v1/config/reload", 200), Call("POST /v1/config/reload", 200, #"{"reset":true}"#)],
            [
                Call("POST /v1/config/reload", 422, #"{"reset":1}"#),
                Call("POST /v1/config/reload", 412, "", ["If-Match: \"0\""]),
            ]
        ),
        ("upstreams", [Call("GET /v1/upstreams", 200)], [Call("POST /v1/upstreams", 405)]),
        ("upstream", [Call("GET /v1/upstreams/app", 200)], [Call("GET /v1/upstreams/none", 404)]),
        (
            "servers", [Call("GET /v1/servers", 200), Call("GET /v1/servers?upstream=app", 200)],
            [Call("GET /v1/servers?upstream=none", 404)]
        ),
        (
            "addServer",
            [Call("POST /v1/upstreams/app/servers", 201, #"{"address":"127.0.0.1:3","weight":2,"save":true}"#)],
            [
                Call("POST /v1/upstreams/app/servers", 409, #"{"address":"127.0.0.1:3"}"#),
                Call("POST /v1/upstreams/none/servers", 404, #"{"address":"127.0.0.1:3"}"#),
                Call("POST /v1/upstreams/app/servers", 422, #"{"address":"127.0.0.1:0"}"#),
            ]
        ),
        ("server", [Call("GET " + new, 200)], [Call("GET /v1/upstreams/app/servers/127.0.0.1:9", 404)]),
        (
            "changeServer",
            [
                Call("PATCH " + new, 200, #"{"weight":1,"state":"draining","maxInFlight":5}"#),
                Call("PATCH " + new, 200, "{}", ["Content-Type: application/merge-patch+json"]),
            ],
            [
                Call("PATCH " + new, 422, #"{"weight":0}"#), Call("PATCH " + one, 412, "{}", ["If-Match: \"0\""]),
                Call("PATCH /v1/upstreams/app/servers/127.0.0.1:9", 404, "{}"),
            ]
        ),
        (
            "removeServer", [Call("DELETE \(new)?drainSeconds=0&save=true", 204)],
            [
                Call("DELETE " + new, 404), Call("DELETE \(one)?drainSeconds=x", 400),
                Call("DELETE " + one, 412, "", ["If-Match: \"0\""]),
            ]
        ),
        ("serverList", [Call("GET /servers", 200)], [Call("PUT /servers", 405)]),
        (
            "setServerState",
            [Call("POST /servers/app/127.0.0.1:1/drain", 200), Call("POST /servers/app/127.0.0.1:1/up", 200)],
            [Call("POST /servers/app/127.0.0.1:1/off", 404), Call("POST /servers/app/127.0.0.1:9/up", 404)]
        ),
        (
            "drain", [Call("POST /v1/drain", 202, #"{"delaySeconds":3600}"#), Call("POST /v1/drain", 202)],
            [Call("POST /v1/drain", 422, #"{"delaySeconds":3601}"#), Call("POST /v1/drain", 400, "[")]
        ),
    ]

    @Test func everyOperationIsAsked() throws {
        try withMartlet(Configs.operated(["127.0.0.1:1", "127.0.0.1:2"])) { martlet in
            let document = try martlet.ask("GET /v1/openapi.json").object
            let paths = try #require(document["paths"] as? [String: [String: [String: Any]]])
            var operations: [String: [String: Any]] = [:]
            for operation in paths.values.flatMap(\.values) {
                operations[try #require(operation["operationId"] as? String)] = operation
            }
            let unasked = Set(operations.keys).symmetricDifference(Self.calls.map(\.id))
            #expect(unasked.isEmpty, "no line in `calls`, or no such operation: \(unasked.sorted())")
            let schemas = (document["components"] as? [String: Any])?["schemas"] as? [String: Any] ?? [:]
            for (id, good, bad) in Self.calls {
                guard let operation = operations[id] else { continue }
                for call in good + bad { try ask(call, id, operation, DocumentSchema(schemas: schemas), martlet) }
            }
        }
    }

    private func ask(
        _ call: Call, _ id: String, _ operation: [String: Any], _ schemas: DocumentSchema, _ martlet: RunningMartlet
    ) throws {
        let typed = call.fields.contains { $0.hasPrefix("Content-Type") } || call.content.isEmpty
        let fields = typed ? call.fields : ["Content-Type: application/json"] + call.fields
        let answer = try martlet.ask(call.line, fields, content: call.content)
        #expect(answer.status == call.status, "\(id), \(call.line): \(answer.status) \(answer.text)")
        // What another method would be is not said of this one.
        if answer.status == 405 { return #expect(answer["Allow"] != nil) }
        let responses = operation["responses"] as? [String: [String: Any]] ?? [:]
        let response = try #require(
            responses["\(answer.status)"], "\(id) does not say that it answers \(answer.status)")
        let type = String((answer["Content-Type"] ?? "").prefix { $0 != ";" })
        let content = response["content"] as? [String: [String: Any]] ?? [:]
        if content.isEmpty { return #expect(answer.content.isEmpty && type.isEmpty) }
        let media = try #require(content[type], "\(id) does not say that it answers \(type) with \(answer.status)")
        if !type.hasSuffix("json") { return }
        let value = try JSONSerialization.jsonObject(with: Data(answer.content), options: .fragmentsAllowed)
        let faults = schemas.faults(value, media["schema"] as? [String: Any] ?? [:])
        #expect(faults.isEmpty, "\(id), \(call.line): \(faults.prefix(5))")
    }
}
