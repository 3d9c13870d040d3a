// martlet pin
import ArgumentParser
import MartletControl

struct Pin: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Say the pins of a server, a certificate or a key, with the lines to paste.",
        discussion: """
            A pin is the SHA-256 of a public key. It says which keys a server may have, whatever authorities say.

            martlet pin example.com:443      of what a server shows; its certificates are not verified
            martlet pin --cert chain.pem     of the certificates in a file
            martlet pin --key site.key       of a key, such as one that is kept in reserve

            Ends with 0, with 64 when the address is none, and with 69 when the server or the file cannot be had.
            """)

    @Argument(help: "A server: a host name or an IP address, with a port other than 443 behind a colon.")
    var server: String?

    @Option(help: "A PEM file with certificates.", completion: .file())
    var cert: String?

    @Option(help: "A PEM file with a private or public key.", completion: .file())
    var key: String?

    @Option(help: "The name that the server is asked for, instead of its host.")
    var serverName: String?

    @Flag(help: "Write the certificates and their pins as a JSON array.")
    var json = false

    func validate() throws {
        guard [server, cert, key].count(where: { $0 != nil }) == 1 else {
            throw ValidationError("name a server, or a file with --cert or --key")
        }
        if serverName != nil, server == nil { throw ValidationError("--server-name is for a server") }
    }

    private var source: PinCommand.Source {
        if let cert { return .certificate(path: cert) }
        if let key { return .key(path: key) }
        return .server(server ?? "", serverName: serverName)
    }

    func run() throws {
        do throws(PinCommand.Failure) {
            let report = try PinCommand.report(source)
            print(json ? report.json : report.text, terminator: "")
        } catch {
            Terminal.complain(error.message)
            throw ExitCode(error.code)
        }
    }
}
