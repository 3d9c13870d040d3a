import MartletProxyConfig

/// What the user sees for a text: everything that is wrong or odd, or `fine`.
func shown(_ text: String) -> String {
    do throws(ConfigurationErrors) {
        let checked = try ConfigurationLoader.check(text, file: "martlet.yaml")
        guard !checked.warnings.isEmpty else { return "fine" }
        return DiagnosticText.render(checked.warnings, source: checked.source, colour: false)
    } catch {
        return error.text(colour: false)
    }
}

/// The messages for a text, one per line, without the lines they are about.
func headlines(_ text: String) -> [String] {
    do throws(ConfigurationErrors) {
        let checked = try ConfigurationLoader.check(text, file: "martlet.yaml")
        return checked.warnings.map(headline)
    } catch {
        return error.diagnostics.map(headline)
    }
}

private func headline(_ diagnostic: Diagnostic) -> String {
    "\(diagnostic.line):\(diagnostic.column): \(diagnostic.severity == .error ? "" : "warning: ")\(diagnostic.headline)"
}

/// A config with one listener, one route and one upstream, in front of more.
let base = """
    listeners:
      - address: ":8080"
    routes:
      - upstream: api
    upstreams:
      api:
        servers: ["127.0.0.1:9001"]

    """
