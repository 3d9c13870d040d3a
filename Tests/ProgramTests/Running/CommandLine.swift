// What the tests of this folder share.
import Foundation
import MartletTestSupport

/// Runs `martlet` with these arguments to its end.
func program(_ arguments: String..., environment: [String: String] = [:]) throws -> Ended {
    let (exit, output, errors) = try ChildProcess.run(MartletBinary.path, arguments, environment: environment)
    return Ended(exit: exit, output: output, errors: errors)
}

/// The same with the arguments in a list.
func program(with arguments: [String]) throws -> Ended {
    let (exit, output, errors) = try ChildProcess.run(MartletBinary.path, arguments)
    return Ended(exit: exit, output: output, errors: errors)
}

/// A program that has ended.
struct Ended {
    let exit: ChildProcess.Exit
    let output: String
    let errors: String

    /// Whether it ended by itself with this code.
    func has(code: Int32) -> Bool { exit == .code(code) }
}

extension ChildProcess {
    /// The port of the first TCP listener that a proxy's log tells; waits for it.
    func listeningPort() throws -> UInt16 {
        let log = try waitForOutput(containing: " notice started ", on: .errors)
        guard let match = log.firstMatch(of: #/ listening address=[^ ]*:([0-9]+) /#), let port = UInt16(match.output.1)
        else { throw TestFailure("no port in \(log)") }
        return port
    }
}

/// Whether somebody listens on a port of 127.0.0.1.
func isListening(_ port: UInt16) -> Bool { (try? TestSocket(port: port)) != nil }
