// martlet explain
import ArgumentParser
import MartletControl

struct Explain: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract:
            "Say which route a request takes and why, who lets it in, and what a server gets of it or is answered.",
        discussion: """
            Nothing is sent: the answer comes from the config alone, in which servers are as they are written.

            martlet explain GET https://example.com/api/users -H 'X-Env: blue' -c martlet.yaml

            Where a client has to prove who it is, it is taken to have done so.

            Ends with 0 when a server is asked, with 1 when Martlet answers by itself (400, 403, 404, and what routes say), \
            with 64 when the question is none, and with 78 when the config cannot be used.
            """)

    @Argument(help: "The method.")
    var method: String

    @Argument(help: "The URL that the client asks for, with http:// or https://.")
    var url: String

    @Option(name: [.customShort("H"), .long], help: "A header field of the request, such as 'X-Env: blue'.")
    var header: [String] = []

    @Option(help: "The address of the client.")
    var client: String?

    @Option(name: .shortAndLong, help: "The config file.", completion: .file(extensions: ["yaml", "yml"]))
    var config = "martlet.yaml"

    @Flag(help: "Write the answer as a JSON object.")
    var json = false

    func run() throws {
        let check = ConfigurationCheck(path: config)
        guard let checked = check.checked else {
            Terminal.complain(check.text(colour: Terminal.errorHasColour), isWhole: true)
            throw ExitCode(ExitStatus.configuration)
        }
        let report: RouteReport
        do throws(RouteInquiry.Failure) {
            let inquiry = try RouteInquiry(method: method, url: url, fields: header, client: client)
            report = try inquiry.answer(checked)
        } catch {
            Terminal.complain(error.message)
            throw ExitCode(ExitStatus.usage)
        }
        print(json ? report.json : report.text, terminator: "")
        if report.status != nil { throw ExitCode(1) }
    }
}
