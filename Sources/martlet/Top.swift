// martlet top
import ArgumentParser
import MartletControl
import MartletTop

extension TopView: ExpressibleByArgument {
    /// The view of this name.
    public init?(argument: String) {
        guard let view = TopView.allCases.first(where: { $0.name == argument }) else { return nil }
        self = view
    }

    /// All names, for help and completion.
    public static var allValueStrings: [String] { allCases.map(\.name) }
}

struct Top: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show live what the running Martlet does.",
        discussion: """
            Rates, latencies, loops, servers, upstreams, routes, listeners, the paths and clients that ask most, and errors.

            Keys: q ends; 1 to 7, Tab and arrows choose a view; o and O sort by another column, i upside down; space pauses; + \
            and - change how often it looks; ? shows them all.

            For a pipe or a program: --once, and --once --json.

            Ends with 0, with 64 when there is no terminal to draw on, with 69 when there is no Martlet, and with 77 when it \
            wants a token. Once it shows something it goes on trying when there is none.
            """)

    @Option(help: "What to show first.")
    var view = TopView.servers

    @Option(
        help: ArgumentHelp(
            "The column to sort by, in all views that have it: \(TopView.sortKeys.joined(separator: ", ")).",
            valueName: "column"), completion: .list(TopView.sortKeys))
    var sort: String?

    @Option(help: "How many seconds the figures are from, 0.2 to 60.")
    var interval = 1.0

    @Flag(help: "Write the figures of one interval as text, and end.")
    var once = false

    @Flag(help: "With --once: write them as JSON.")
    var json = false

    @OptionGroup var admin: AdminOptions

    func validate() throws {
        if json && !once { throw ValidationError("--json is for --once") }
        if let sort, !TopView.sortKeys.contains(sort) {
            let known = TopView.sortKeys.joined(separator: ", ")
            throw ValidationError("--sort is '\(sort)'; there are \(known)")
        }
        if !(0.2...60).contains(interval) {
            throw ValidationError("--interval is \(interval); expected 0.2 to 60 seconds")
        }
    }

    func run() throws {
        if !once && !TopProgram.hasTerminal {
            Terminal.complain("there is no terminal to draw on; use --once, and --json for a program")
            throw ExitCode(ExitStatus.usage)
        }
        var options = TopOptions(view: view, sort: sort, interval: Int((interval * 1_000).rounded()))
        (options.isOnce, options.isJSON) = (once, json)
        let code = TopProgram.run(options, admin.access) {
            print($0, terminator: "")
        } complain: {
            Terminal.complain($0)
        }
        if code != ExitStatus.success { throw ExitCode(code) }
    }
}
