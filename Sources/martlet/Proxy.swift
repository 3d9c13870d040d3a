// martlet proxy
import ArgumentParser
import MartletControl

struct Proxy: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Serve without a config file: all requests go to the servers named.",
        discussion: """
            Example: martlet proxy --listen :8080 --to 127.0.0.1:9001,127.0.0.1:9002
            With TLS: martlet proxy --listen :8443 --cert site.pem --key site.key --to https://app.example.com
            """)

    @Option(help: "The address clients connect to.")
    var listen = ":8080"

    @Option(
        help: ArgumentHelp(
            "The servers, separated by commas; may be given several times. A server is 127.0.0.1:9001, [::1]:9001, a host name with a port, or unix:/run/app.sock. With https:// in front of all of them, they are spoken to by TLS, and verified.",
            valueName: "servers"))
    var to: [String]

    @Option(help: "The access log on the standard output: json, combined or off.")
    var accessLog = LogForm.json

    @Option(help: "A PEM file with a certificate: clients are spoken to by TLS.", completion: .file())
    var cert: String?

    @Option(help: "A PEM file with the certificate's key, if that is not in the same file.", completion: .file())
    var key: String?

    @OptionGroup var workers: WorkersOption
    @OptionGroup var engine: EngineOption
    @OptionGroup var pidFile: PidFileOption

    enum LogForm: String, ExpressibleByArgument, CaseIterable {
        case json, combined, off
    }

    func validate() throws {
        if key != nil, cert == nil { throw ValidationError("--key is for --cert") }
    }

    func run() throws {
        let servers = to.flatMap { $0.split(separator: ",").map(String.init) }
        guard !servers.isEmpty else { throw ValidationError("--to names no server") }
        let check: ConfigurationCheck
        do {
            check = ConfigurationCheck(
                try QuickProxy.configuration(
                    listen: listen, servers: servers, accessLog: accessLog.rawValue,
                    certificate: cert.map { ($0, key) }))
        } catch {
            throw ValidationError("\(error)")
        }
        Terminal.complain(check.text(colour: Terminal.errorHasColour), isWhole: true)
        guard let configuration = check.configuration else { throw ExitCode(ExitStatus.usage) }
        let overrides = Program.Overrides(
            workers: workers.workers, engine: engine.engine?.rawValue, pidFile: pidFile.pidFile)
        let code = Program.run(configuration, overrides) { Terminal.complain($0) }
        throw ExitCode(code)
    }
}
