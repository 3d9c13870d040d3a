import Foundation
import MartletTestSupport
import Testing

@Suite struct CommandLineTests {
    @Test func helpTellsCommandsSignalsAndExitCodes() throws {
        let help = try program("--help")
        #expect(help.has(code: 0) && help.errors.isEmpty)
        for word in ["run", "check", "proxy", "demo", "version", "SIGTERM", "SIGUSR1", "64", "69", "71", "78", "143"] {
            #expect(help.output.contains(word), "\(word)")
        }
        // Without a command, and in two other ways.
        for same in [try program(), try program("help"), try program("-h")] {
            #expect(same.has(code: 0) && same.output.contains("SUBCOMMANDS:"))
        }
    }

    @Test(arguments: ["run", "check", "proxy", "demo"])
    func eachCommandHasHelp(command: String) throws {
        let help = try program(command, "--help")
        #expect(help.has(code: 0))
        #expect(help.output.contains("USAGE: martlet \(command)"))
        #expect(try program("help", command).output == help.output)
    }

    @Test func theVersionIsALine() throws {
        let version = try program("version")
        #expect(version.has(code: 0))
        #expect(version.output.wholeMatch(of: /martlet [0-9]+\.[0-9]+\.[0-9]+\S*\n/) != nil, "\(version.output)")
        #expect(try program("--version").output == version.output)
    }

    private static let wrong: [(words: [String], says: String)] = [
        (["fly"], "'fly'"), (["--fly"], "'--fly'"), (["run", "--fly"], "'--fly'"), (["run", "a", "b"], "'b'"),
        (["run", "--workers", "0"], "between 1 and 256"), (["run", "--workers", "257"], "between 1 and 256"),
        (["run", "--workers", "two"], "'two'"), (["proxy"], "--to"), (["proxy", "--to", ","], "names no server"),
        (["proxy", "--to", "127.0.0.1"], "the port of '127.0.0.1' is missing"),
        (["proxy", "--to", "127.0.0.1:1", "--listen", "8080"], "expected an address to listen on such as :8080"),
        (["proxy", "--to", "127.0.0.1:1", "--access-log", "xml"], "'xml'"),
        (["proxy", "--to", "127.0.0.1:1,127.0.0.1:1"], "is there twice"),
        (["demo", "--requests", "0"], "between 1 and"),
        (["demo", "--requests", "1", "--traffic"], "exclude each other"),
        (["version", "now"], "'now'"), (["--generate-completion-script", "tcsh"], "tcsh"),
    ]

    @Test(arguments: wrong)
    func wrongWordsAreTold(words: [String], says: String) throws {
        let (exit, output, errors) = try ChildProcess.run(MartletBinary.path, words)
        #expect(exit == .code(64))
        #expect(errors.contains(says), "\(errors)")
        #expect(output.isEmpty)
    }

    @Test(arguments: [("bash", "#!/bin/bash"), ("zsh", "#compdef martlet"), ("fish", "complete -c 'martlet'")])
    func completionIsGenerated(shell: String, sign: String) throws {
        let script = try program("--generate-completion-script", shell)
        #expect(script.has(code: 0) && script.output.contains(sign))
        for word in ["check", "proxy", "workers"] { #expect(script.output.contains(word), "\(word)") }
    }

    @Test(.enabled(if: MartletBinary.hasProgram("bash")))
    func completionForBashIsAScriptOfBash() throws {
        let folder = try TestFolder()
        let file = try folder.write(try program("--generate-completion-script", "bash").output, to: "complete")
        let (exit, _, errors) = try ChildProcess.run("bash", ["-n", file])
        #expect(exit == .code(0) && errors.isEmpty)
    }
}
