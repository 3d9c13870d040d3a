// How this program was started, so that it can be started again in its new form.
import Glibc
import MartletEventLoop

/// Words and variables of a process.
package struct ProgramCommand: Sendable, Equatable {
    let arguments: [String]
    /// As `NAME=value`, as far as another process is to have them.
    let environment: [String]

    /// Those of this process.
    package static var ofProcess: ProgramCommand {
        ProgramCommand(arguments: CommandLine.arguments, environment: HostProcess.environment)
    }

    package init(arguments: [String], environment: [String]) {
        self.arguments = arguments
        // What is for this process alone; systemd says there which process it watches.
        let own = ["LISTEN_FDS=", "LISTEN_PID=", "LISTEN_FDNAMES=", "WATCHDOG_PID=", Predecessor.variable + "="]
        self.environment = environment.filter { entry in !own.contains { entry.hasPrefix($0) } }
    }

    /// Where the program is now. Its file has been replaced, or the name leads to another one: so it is looked for as it was when
    /// this process was started, and only then where this process has come from.
    /// - Parameters:
    ///   - running: what this process runs, as /proc/self/exe says.
    ///   - isProgram: whether a path leads to something that can be started.
    func locate(running: String?, isProgram: (String) -> Bool) -> String? {
        let name = arguments.first ?? ""
        if name.contains("/") {
            if isProgram(name) { return name }
        } else if !name.isEmpty {
            let folders = environment.first { $0.hasPrefix("PATH=") }?.dropFirst(5).split(separator: ":") ?? []
            if let folder = folders.first(where: { isProgram("\($0)/\(name)") }) { return "\(folder)/\(name)" }
        }
        let replaced = " (deleted)"
        guard let running else { return nil }
        let path = running.hasSuffix(replaced) ? String(running.dropLast(replaced.count)) : running
        return isProgram(path) ? path : nil
    }

    /// The same with this machine's files.
    var program: String? {
        locate(running: HostProcess.runningProgram, isProgram: HostProcess.isProgram)
    }
}
