// The config: what is in force, reading it anew, and checking another one.
import MartletProxy
import MartletProxyConfig

extension AdminAPI {
    func configuration(_ call: APICall) -> LocalAnswer {
        let configuration = scene.view().configuration
        if call.values["format"] == "yaml" { return content(configuration.yaml, "application/yaml", call, tag: tag) }
        return json(configuration.document, call, tag: tag)
    }

    /// The ETag of the config in force, in whatever form.
    private var tag: String { ETag.of(scene.view().configuration.document.compact.utf8) }

    func reload(_ call: APICall) async throws(AdminProblem) -> LocalAnswer {
        guard let source = scene.host.source else {
            throw AdminProblem(409, "this proxy was started without a file that could be read anew")
        }
        try heed(call, tag: tag)
        let before = ContinuousClock.now
        if call.json?["reset"] == .boolean(true) { _ = scene.host.servers?.reset() }
        let report = await source.reload()
        if !report.isInForce {
            var problem = AdminProblem(409, "the config cannot be used; the one before stays in force")
            problem.diagnostics = report.diagnostics
            problem.text = report.text
            throw problem
        }
        let time = before.duration(to: .now)
        return json(
            .object([
                ("changes", .array(report.changes.map { .string($0) })), ("warnings", report.diagnostics),
                ("text", .string(report.text)),
                ("kept", .integer(scene.host.servers?.summary(source.loaded).inForce ?? 0)),
                (
                    "milliseconds",
                    .integer(
                        Int(time.components.seconds * 1_000)
                            + Int(time.components.attoseconds / 1_000_000_000_000_000))
                ),
            ]), call)
    }

    func check(_ call: APICall) -> JSONText {
        let check = ConfigurationCheck(text: String(decoding: call.request.content, as: UTF8.self), file: "content")
        return .object([
            ("good", .boolean(check.configuration != nil)), ("diagnostics", check.document),
            ("text", .string(check.text(colour: false))),
        ])
    }
}
