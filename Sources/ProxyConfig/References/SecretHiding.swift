// Keeping secrets out of what is said of a config.

/// The values that came from files with secrets.
struct SecretHiding {
    private let secrets: [String]

    init(_ secrets: Set<String>) {
        // Longer ones first: one may be part of another. What is as short as a word cannot be told from one.
        self.secrets = secrets.filter { $0.utf8.count >= 4 }.sorted { ($1.utf8.count, $0) < ($0.utf8.count, $1) }
    }

    /// The problem, without secrets in its texts.
    func hide(_ diagnostic: Diagnostic) -> Diagnostic {
        if secrets.isEmpty { return diagnostic }
        var diagnostic = diagnostic
        diagnostic.message = hide(diagnostic.message)
        diagnostic.expected = diagnostic.expected.map(hide)
        diagnostic.hint = diagnostic.hint.map(hide)
        return diagnostic
    }

    private func hide(_ text: String) -> String {
        var text = text
        for secret in secrets {
            // As messages show it, which cut what is long.
            let shown = Quoting.clean(secret)
            for part in [secret, shown, String(shown.prefix(40)), shown.lowercased()] where text.contains(part) {
                text = text.replacing(part, with: "(secret)")
            }
        }
        return text
    }
}
