// martlet run
import ArgumentParser
import MartletControl

struct Run: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Serve as a config file says.")

    @Argument(help: "The config file.", completion: .file(extensions: ["yaml", "yml"]))
    var file = "martlet.yaml"

    @Flag(help: "Read the config again whenever one of its files is saved.")
    var watch = false

    @OptionGroup var workers: WorkersOption
    @OptionGroup var engine: EngineOption
    @OptionGroup var pidFile: PidFileOption

    func run() throws {
        let check = ConfigurationCheck(path: file)
        Terminal.complain(check.text(colour: Terminal.errorHasColour), isWhole: true)
        guard let checked = check.checked else { throw ExitCode(ExitStatus.configuration) }
        let overrides = Program.Overrides(
            workers: workers.workers, engine: engine.engine?.rawValue, pidFile: pidFile.pidFile)
        let code = Program.run(checked, path: file, watches: watch, overrides) { Terminal.complain($0) }
        throw ExitCode(code)
    }
}

/// Common to all commands that run a proxy, the demo as well.
struct EngineOption: ParsableArguments {
    @Option(help: "What the event loops stand on, instead of what the config says: auto, epoll or io_uring.")
    var engine: Engine?

    enum Engine: String, ExpressibleByArgument, CaseIterable {
        case auto, epoll
        case ioUring = "io_uring"
    }
}

/// Common to the commands that run a proxy until they are told to end.
struct PidFileOption: ParsableArguments {
    @Option(help: "A file that the process's number is written to.", completion: .file())
    var pidFile: String?
}

/// Common to all commands that run a proxy.
struct WorkersOption: ParsableArguments {
    @Option(help: "How many event loops serve, instead of what the config says (one per core).")
    var workers: Int?

    func validate() throws {
        if let workers, !(1...256).contains(workers) {
            throw ValidationError("--workers is \(workers); expected a number between 1 and 256")
        }
    }
}
