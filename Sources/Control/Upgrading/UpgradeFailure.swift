// Why a program is not followed by its new form: everything stays as it is.
import MartletEventLoop

/// Why an upgrade has come to nothing.
package enum UpgradeFailure: Error, Equatable, Sendable {
    /// Another one is going on.
    case goingOn
    /// This process is about to end.
    case ending
    /// It is the first process, with whose end everything ends.
    case firstProcess
    /// There is no program where it should be.
    case noProgram(String)
    /// A loop does not say where it listens.
    case noAnswer
    /// The new program could not be started.
    case system(String, SystemError)
    /// It has ended.
    case ended(String, lines: [String])
    /// It was not ready in time.
    case late(seconds: String, lines: [String])
}

extension UpgradeFailure: CustomStringConvertible {
    package var description: String {
        switch self {
        case .goingOn: "another upgrade is going on"
        case .ending: "this process is about to end"
        case .firstProcess:
            "this is process 1, and whatever started it takes its end for the end of all; start a new container instead"
        case .noProgram(let name): "there is no program '\(name)' that could be started"
        case .noAnswer: "an event loop does not answer"
        case .system(let what, let error): "\(what): \(error)"
        case .ended(let how, _): "the new process has ended with \(how) before it was ready"
        case .late(let seconds, _): "the new process was not ready after \(seconds), and has been ended"
        }
    }

    /// The last that the new process has said.
    package var lines: [String] {
        switch self {
        case .ended(_, let lines), .late(_, let lines): lines
        case .goingOn, .ending, .firstProcess, .noProgram, .noAnswer, .system: []
        }
    }

    /// Whether it was not even tried.
    var isRefusal: Bool {
        switch self {
        case .goingOn, .ending, .firstProcess: true
        case .noProgram, .noAnswer, .system, .ended, .late: false
        }
    }
}
