// Reloads as the admin API has them done.
import MartletProxyConfig

extension ReloadControl: ConfigurationSource {
    var file: String { sources.files.first?.name ?? "" }

    func reload() async -> ApplyOutcome { ApplyOutcome(await reload(.admin)) }
    func reapply() async -> ApplyOutcome { ApplyOutcome(await reapply(.runtime)) }
}

extension ReloadControl {
    /// Has what is found put into force.
    func follow(_ discovery: Discovery) {
        var hooks = Hooks()
        hooks.prepare = { await discovery.prepare($0, after: $1) }
        hooks.settled = { discovery.settle($0) }
        setHooks(hooks)
        discovery.begin { [weak self] in
            guard let self else { return true }
            if case .applied = await reapply(.discovery) { return true }
            return false
        }
    }
}

extension ApplyOutcome {
    fileprivate init(_ outcome: ReloadOutcome) {
        switch outcome {
        case .applied(let report):
            self.init(isInForce: true)
            changes = report.changes.isEmpty ? [] : report.changes.lines
            changes += report.note.atNextStart.map { "\($0): takes effect at the next start" }
            changes += report.note.draining.map { "\($0): finishes what it has begun" }
            changes += report.note.failures
            diagnostics = DiagnosticJSON.array(report.warnings)
        case .refused(let refusal):
            self.init(isInForce: false)
            diagnostics = DiagnosticJSON.array(refusal.problems)
            text = refusal.text
        }
    }
}
