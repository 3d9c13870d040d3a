// What all commands for operators have in common.
import ArgumentParser
import MartletControl

struct AdminOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Where the running Martlet is asked: unix:/run/martlet/admin.sock, 127.0.0.1:9901 or https://host:9901. Without it: $MARTLET_ADMIN, or where it is by itself.",
            valueName: "address"))
    var admin: String?

    @Option(
        name: .shortAndLong, help: "A config file that says where it is asked.",
        completion: .file(extensions: ["yaml", "yml"]))
    var config: String?

    @Option(
        help: "A file with the token, for an address by TCP. Without it: $MARTLET_ADMIN_TOKEN.", completion: .file())
    var tokenFile: String?

    @Option(help: "A PEM file with the authorities of its certificate, for https.", completion: .file())
    var caFile: String?

    @Option(help: "A PEM file with a certificate to show, for https.", completion: .file())
    var certFile: String?

    @Option(help: "A PEM file with the key of that certificate.", completion: .file())
    var keyFile: String?

    /// Whether the command line says where to ask, or with what right.
    var isGiven: Bool { [admin, config, tokenFile, caFile, certFile, keyFile].contains { $0 != nil } }

    /// All of it.
    var access: OperatorAccess {
        var access = OperatorAccess()
        (access.admin, access.config, access.tokenFile) = (admin, config, tokenFile)
        (access.caFile, access.certificateFile, access.keyFile) = (caFile, certFile, keyFile)
        return access
    }

    /// Runs a command, and writes what comes of it.
    func run(_ body: (OperatorCommand) throws(OperatorFailure) -> String) throws {
        do throws(OperatorFailure) {
            print(try body(try OperatorCommand(access)), terminator: "")
        } catch {
            Terminal.complain(error.message)
            throw ExitCode(error.code)
        }
    }
}

/// Common to all commands whose answer may be wanted by a program.
struct JSONFlag: ParsableArguments {
    @Flag(help: "Write the answer as JSON.")
    var json = false
}
