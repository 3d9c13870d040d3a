// martlet demo
import ArgumentParser
import MartletControl
import MartletDemo

struct Demo: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Start three small servers, the proxy in front of them, and show what happens.",
        discussion: """
            Serves until Ctrl-C. With --requests it makes its own requests and ends by itself: with 0 if all were \
            answered with 200, otherwise with 1.
            """)

    @Option(help: "The proxy's port on 127.0.0.1. Without it 8080, or a free one if that is taken.")
    var port: UInt16?

    @Option(help: "Make so many requests, as fast as it goes, and end with a summary.")
    var requests: Int?

    @Flag(help: "Make a few requests a second while serving.")
    var traffic = false

    @OptionGroup var engine: EngineOption

    func validate() throws {
        if let requests, !(1...10_000_000).contains(requests) {
            throw ValidationError("--requests is \(requests); expected a number between 1 and 10000000")
        }
        if requests != nil && traffic { throw ValidationError("--requests and --traffic exclude each other") }
    }

    func run() throws {
        var options = DemoOptions()
        options.port = port
        options.requests = requests
        options.makesTraffic = traffic
        if let engine = engine.engine { options.engine = engine.rawValue }
        let code = Demonstration.run(options) { Terminal.complain($0) }
        if code != ExitStatus.success { throw ExitCode(code) }
    }
}
