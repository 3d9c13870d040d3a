// Programs that a test runs beside itself.
import Glibc

/// A child process whose output is collected while it runs. It is killed when nobody holds it any longer.
///
/// Start it with `init`, wait for what it says with `waitForOutput`, for its end with `wait`; `run` does all at once.
package final class ChildProcess: Sendable {
    /// How a process ended.
    package enum Exit: Equatable, Sendable {
        /// It ended by itself, with this exit code.
        case code(Int32)
        /// A signal ended it.
        case signal(Int32)
    }

    /// Where a process writes to.
    package enum Stream: Int, Sendable {
        case output, errors
    }

    /// The process's id.
    package let id: pid_t
    private let record: Monitor<ProcessRecord>

    /// Starts a program. It has nothing to read and blocks no signal.
    ///
    /// - Parameters:
    ///   - program: a path, or a name that is looked for in PATH.
    ///   - environment: what is added to this process's environment.
    package init(_ program: String, _ arguments: [String] = [], environment: [String: String] = [:])
        throws(TestFailure)
    {
        let environment = SystemCalls.environment.merging(environment) { $1 }
        let child = try Spawning.start([program] + arguments, environment)
        let record = Monitor(ProcessRecord())
        id = child.id
        self.record = record
        _ = TestThread { record.collect(.output, from: child.output) }
        _ = TestThread { record.collect(.errors, from: child.errors) }
        _ = TestThread { record.reap(child.id) }
    }

    deinit {
        signal(SIGKILL)
        _ = record.wait { $0.exit }
    }

    /// All that the process has written to its standard output so far.
    package var output: String { record.value.text(.output) }
    /// All that the process has written to its standard error so far.
    package var errors: String { record.value.text(.errors) }
    /// Whether the process has not ended.
    package var isRunning: Bool { record.value.exit == nil }

    /// Sends a signal; does nothing when the process has ended.
    package func signal(_ number: Int32) {
        // Under the lock, so that the id cannot have gone to another process.
        record.change { if $0.exit == nil { kill(id, number) } }
    }

    /// Waits for the end of the process and of its output.
    /// - Throws: when it has not ended within `limit`.
    package func wait(_ limit: Duration = defaultLimit) throws(TestFailure) -> Exit {
        if let exit = record.wait(limit, for: { $0.isComplete ? $0.exit : nil }) { return exit }
        throw TestFailure("the process has not ended after \(limit); " + record.value.summary)
    }

    /// Waits until the process has written `text`; all that it has written there by then.
    /// - Throws: when the process ends its output before, or has not written it within `limit`.
    @discardableResult
    package func waitForOutput(
        containing text: String, on stream: Stream = .output, _ limit: Duration = defaultLimit
    ) throws(TestFailure) -> String {
        let found = record.wait(limit) { record -> (isThere: Bool, written: String)? in
            let isThere = record.contains(text, stream)
            return isThere || record.hasEnded[stream.rawValue] ? (isThere, record.text(stream)) : nil
        }
        if let found, found.isThere { return found.written }
        throw TestFailure("the process did not write “\(text)”; " + record.value.summary)
    }

    /// Runs a program to its end.
    /// - Throws: when it cannot be started, or has not ended within `limit`; then it is killed.
    package static func run(
        _ program: String, _ arguments: [String] = [], environment: [String: String] = [:],
        _ limit: Duration = defaultLimit
    ) throws(TestFailure) -> (exit: Exit, output: String, errors: String) {
        let process = try ChildProcess(program, arguments, environment: environment)
        let exit = try process.wait(limit)
        return (exit, process.output, process.errors)
    }
}
