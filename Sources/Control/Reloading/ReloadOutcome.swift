// What comes of a reload, for whoever has asked for it.
import MartletProxyConfig

/// Who has asked for a reload.
package enum ReloadTrigger: String, Sendable {
    /// SIGHUP.
    case signal
    /// A file was saved.
    case watch
    /// The admin listener.
    case admin
    /// Servers were changed while running: nothing is read.
    case runtime
    /// Servers were found, or are not found any more: nothing is read.
    case discovery
}

/// What came of a reload.
package enum ReloadOutcome: Sendable, Equatable {
    /// The new config is in force.
    case applied(ReloadReport)
    /// The config before stays in force.
    case refused(ReloadRefusal)
}

/// A config that is in force now.
package struct ReloadReport: Sendable, Equatable {
    /// What has changed.
    package let changes: ConfigurationDiff
    /// What of the new config is not yet so: settings that take effect at the next start, what drains, what came to nothing.
    package let note: ReloadNote
    /// What is odd about the config.
    package let warnings: [Diagnostic]
    /// How long it took from the request until the config was in force.
    package let duration: Duration

    package init(changes: ConfigurationDiff, note: ReloadNote, warnings: [Diagnostic], duration: Duration) {
        self.changes = changes
        self.note = note
        self.warnings = warnings
        self.duration = duration
    }
}

/// Why a config is not in force.
package struct ReloadRefusal: Sendable, Equatable {
    /// What is wrong with the config, and what is odd; empty when the proxy could not take it.
    package let problems: [Diagnostic]
    /// All that is wrong, as compilers show it, or the one reason why the proxy could not take it. Ends with a line end.
    package let text: String

    init(_ errors: ConfigurationErrors) {
        problems = errors.diagnostics
        text = errors.text(colour: false)
    }

    init(_ error: StartError) {
        problems = []
        text = error.description + "\n"
    }
}
