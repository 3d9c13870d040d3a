import Foundation
import MartletTestSupport
import Testing

/// Every command that `martlet --help` has, found by its help: what all have in common, and for those that ask a running Martlet that
/// they reach one, say why they do not, and give JSON where they say so.
@Suite(.timeLimit(.minutes(20))) struct CommandWalkTests {
    /// What commands need. One that is not here needs nothing.
    private static let arguments: [String: [String]] = [
        "server add": ["app", "127.0.0.1:3"], "server remove": ["app", "127.0.0.1:3", "--now"],
        "server enable": ["app", "127.0.0.1:1"], "server drain": ["app", "127.0.0.1:1"],
        "server maintenance": ["app", "127.0.0.1:1"], "server weight": ["app", "127.0.0.1:1", "3"], "top": ["--once"],
    ]
    /// Those that end it, or take its place.
    private static let last: Set<String> = ["drain", "upgrade"]

    /// The names under SUBCOMMANDS, of a command's help.
    private func subcommands(_ help: String) -> [String] {
        var (names, isListing) = ([String](), false)
        for line in help.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasSuffix("SUBCOMMANDS:") {
                isListing = true
            } else if isListing, let match = line.prefixMatch(of: #/  ([a-z][a-z-]*)(?: |$)/#) {
                names.append(String(match.output.1))
            } else if line.isEmpty {
                isListing = false
            }
        }
        return names
    }

    /// All commands with their helps.
    private func commands(_ path: [String] = []) throws -> [(path: [String], help: String)] {
        let help = try program(with: path + ["--help"])
        #expect(help.has(code: 0) && help.output.contains("USAGE: martlet"), "\(path)")
        let below = try subcommands(help.output).flatMap { try commands(path + [$0]) }
        return below.isEmpty ? [(path, help.output)] : below
    }

    @Test func allHaveHelpAndRefuseWhatTheyDoNotKnow() throws {
        let all = try commands()
        let names = all.map { $0.path.joined(separator: " ") }
        #expect(
            Set(names).isSuperset(of: ["run", "check", "server add", "server weight", "status", "drain"]), "\(names)")
        #expect(Set(names).isSuperset(of: Self.arguments.keys.filter { $0 != "top" }), "\(names)")
        for (path, help) in all {
            #expect(help.contains("OVERVIEW: "), "\(path)")
            let wrong = try program(with: path + ["--no-such-option"])
            #expect(
                wrong.has(code: 64) && wrong.output.isEmpty && wrong.errors.contains("Usage: martlet"),
                "\(path): \(wrong)")
        }
    }

    @Test func thoseForOperatorsReachOneOrSayWhyNot() throws {
        let asking = try commands().filter { $0.help.contains("--admin") }
        #expect(asking.count >= 13)
        let admin = "admin: {address: '127.0.0.1:0', token: \(Configs.token)}\n"
        let martlet = try RunningMartlet(Configs.operated(["127.0.0.1:1", "127.0.0.1:2"], admin))
        let token = try martlet.folder.write(Configs.token + "\n", to: "token")
        let wrong = try martlet.folder.write(String(repeating: "0", count: 32), to: "wrong")
        let place = ["--admin", "127.0.0.1:\(try martlet.port(of: "admin"))", "--token-file"]
        for (path, help) in asking {
            let name = path.joined(separator: " ")
            let words = path + (Self.arguments[name] ?? [])
            let lost = try program(with: words + ["--admin", martlet.folder.path("none.sock")])
            #expect(lost.has(code: 69) && lost.output.isEmpty && !lost.errors.isEmpty, "\(name): \(lost)")
            let refused = try program(with: words + place + [wrong])
            #expect(refused.has(code: 77) && refused.errors.contains("token"), "\(name): \(refused)")
            if Self.last.contains(name) { continue }
            let done = try program(with: words + place + [token])
            #expect(done.has(code: 0) && done.errors.isEmpty && !done.output.isEmpty, "\(name): \(done)")
            if !help.contains("--json") || name.hasPrefix("server ") { continue }
            let json = try program(with: words + place + [token, "--json"])
            let value = try JSONSerialization.jsonObject(with: Data(json.output.utf8), options: .fragmentsAllowed)
            #expect(json.has(code: 0) && (value is [String: Any] || value is [Any]), "\(name)")
        }
        #expect(try program(with: ["drain"] + place + [token]).has(code: 0))
        #expect(try martlet.process.wait() == .code(0))
    }

    /// What a proxy refuses is told with its reason and another code than what is no command.
    @Test func whatIsRefusedIsToldWithItsReason() throws {
        try withMartlet(Configs.operated(["127.0.0.1:1"])) { martlet in
            let wrong: [([String], Int32, String)] = [
                (["server", "add", "app", "127.0.0.1:1"], 1, "has"),
                (["server", "add", "none", "127.0.0.1:3"], 1, "no upstream"),
                (["server", "add", "app", "nonsense"], 1, "expected"),
                (
                    ["server", "weight", "app", "127.0.0.1:1", "0"], 1,
                    "weight: expected a whole number between 1 and 1000"
                ),
                (["server", "weight", "app", "127.0.0.1:1", "x"], 64, "x"),
                (["server", "remove", "app", "127.0.0.1:1"], 1, "maintenance"),
                (["server", "remove", "app", "127.0.0.1:9"], 1, "no such server"),
                (["servers", "none"], 1, "no upstream"), (["log-level", "loud"], 1, "level: expected one of 'trace'"),
                (["status", "--token-file", "/nowhere"], 69, "/nowhere"),
                (["status", "--admin", "::"], 64, "expected"),
            ]
            for (words, code, part) in wrong {
                let (exit, output, errors) = try ChildProcess.run(
                    MartletBinary.path, words, environment: ["RUNTIME_DIRECTORY": martlet.folder.path])
                #expect(exit == .code(code) && output.isEmpty, "\(words): \(exit) \(output)")
                #expect(errors.contains(part), "\(words): \(errors)")
            }
        }
    }
}
