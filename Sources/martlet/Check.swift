// martlet check
import ArgumentParser
import MartletControl

struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Say everything that is wrong with a config file.",
        discussion: "Ends with 0 when the file can be used, with warnings or without, and with 78 when it cannot.")

    @Argument(help: "The config file.", completion: .file(extensions: ["yaml", "yml"]))
    var file = "martlet.yaml"

    @Flag(help: "Write what is wrong as a JSON array on the standard output, for editors.")
    var json = false

    func run() throws {
        let check = ConfigurationCheck(path: file)
        if json {
            print(check.json, terminator: "")
        } else {
            Terminal.complain(check.text(colour: Terminal.errorHasColour), isWhole: true)
            conclude(check)
        }
        if check.configuration == nil { throw ExitCode(ExitStatus.configuration) }
    }

    private func conclude(_ check: ConfigurationCheck) {
        switch (check.configuration, check.summary) {
        case (nil, let summary): Terminal.complain("\(file): \(summary ?? "an error")")
        case (_?, nil): print("\(file): good")
        case (_?, let summary?): print("\(file): good, but \(summary)")
        }
    }
}
