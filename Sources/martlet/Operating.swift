// martlet status, reload, drain, log-level, certificates, config
import ArgumentParser
import MartletControl

private let codes = """
    Ends with 0, with 1 when the running Martlet refuses, with 69 when there is none, and with 77 when it wants a token.
    """

struct Status: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Say how the running Martlet is.", discussion: codes)

    @OptionGroup var json: JSONFlag
    @OptionGroup var admin: AdminOptions

    func run() throws { try admin.run { command throws(OperatorFailure) in try command.status(json: json.json) } }
}

struct Reload: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Have the running Martlet read its config anew, and say what has changed.",
        discussion: """
            If anything is wrong with the config, the one before stays in force, and all that is wrong is said.

            Servers that were added, removed or changed while it was running stay so; with --reset only what was saved does.

            Ends with 0, with 78 when the config cannot be used, with 69 when there is no Martlet, and with 77 when it wants a \
            token.
            """)

    @Flag(help: "Drop what was changed of servers while it was running, and not saved.")
    var reset = false

    @OptionGroup var json: JSONFlag
    @OptionGroup var admin: AdminOptions

    func run() throws {
        try admin.run { command throws(OperatorFailure) in try command.reload(reset: reset, json: json.json) }
    }
}

struct Drain: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Have the running Martlet finish what is going on, and end.",
        discussion: "As SIGTERM does. From now on /readyz answers 503.\n\n" + codes)

    @Option(help: "How many seconds it goes on serving first, so that load balancers notice.")
    var delay = 0

    @OptionGroup var admin: AdminOptions

    func validate() throws {
        if !(0...3600).contains(delay) { throw ValidationError("--delay is \(delay); expected 0 to 3600 seconds") }
    }

    func run() throws { try admin.run { command throws(OperatorFailure) in try command.drain(after: delay) } }
}

struct LogLevelCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "log-level", abstract: "Say what the running Martlet logs, or have it log more or less.",
        discussion: codes)

    @Argument(help: "trace, debug, info, notice, warning or error.")
    var level: String?

    @OptionGroup var admin: AdminOptions

    func run() throws { try admin.run { command throws(OperatorFailure) in try command.logLevel(level) } }
}

struct Certificates: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Say which certificates the running Martlet has, and until when.", discussion: codes)

    @OptionGroup var json: JSONFlag
    @OptionGroup var admin: AdminOptions

    func run() throws { try admin.run { command throws(OperatorFailure) in try command.certificates(json: json.json) } }
}

struct Config: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Say the config that is in force, with what was changed since; secrets are masked.",
        discussion: codes)

    @OptionGroup var json: JSONFlag
    @OptionGroup var admin: AdminOptions

    func run() throws { try admin.run { command throws(OperatorFailure) in try command.config(json: json.json) } }
}
