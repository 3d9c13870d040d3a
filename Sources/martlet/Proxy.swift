// martlet proxy
import ArgumentParser
import MartletControl

struct Proxy: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Serve without a config file: all requests go to the servers named.",
        discussion: "Example: martlet proxy --listen :8080 --to 127.0.0.1:9001,127.0.0.1:9002")

    @Option(help: "The address clients connect to.")
    var listen = ":8080"

    @Option(
        help: ArgumentHelp(
            "The servers, separated by commas; may be given several times. A server is 127.0.0.1:9001, [::1]:9001, a host name with a port, or unix:/run/app.sock.",
            valueName: "servers"))
    var to: [String]

    @Option(help: "The access log on the standard output: json, combined or off.")
    var accessLog = LogForm.json

    @OptionGroup var workers: WorkersOption

    enum LogForm: String, ExpressibleByArgument, CaseIterable {
        case json, combined, off
    }

    func run() throws {
        let servers = to.flatMap { $0.split(separator: ",").map(String.init) }
        guard !servers.isEmpty else { throw ValidationError("--to names no server") }
        let check: ConfigurationCheck
        do {
            check = ConfigurationCheck(
                try QuickProxy.configuration(listen: listen, servers: servers, accessLog: accessLog.rawValue))
        } catch {
            throw ValidationError("\(error)")
        }
        Terminal.complain(check.text(colour: Terminal.errorHasColour), isWhole: true)
        guard let configuration = check.configuration else { throw ExitCode(ExitStatus.usage) }
        throw ExitCode(Program.run(configuration, workers: workers.workers) { Terminal.complain($0) })
    }
}
