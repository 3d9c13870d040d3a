// Asking a running process to be replaced, from outside.
import Glibc
import MartletEventLoop

/// What `martlet upgrade` does.
package enum UpgradeOrder {
    /// Why nothing came of it, in a line.
    package struct Failure: Error {
        package let message: String
    }

    private static let step: UInt32 = 20_000

    /// Asks a process, and does not wait.
    package static func ask(_ process: Int32) throws(Failure) {
        // A process that does not know the signal would be ended by it.
        guard isMartlet(process) else {
            throw Failure(message: "process \(process) is no martlet, or is not there")
        }
        if kill(process, SIGUSR2) < 0 {
            throw Failure(message: "process \(process) cannot be asked: \(SystemError(errno))")
        }
    }

    /// Asks the process whose number is in a file, and waits until another one has written its own there.
    package static func ask(pidFile path: String, seconds: Int) throws(Failure) -> (before: Int32, after: Int32) {
        let file = PidFile(path: path)
        guard let before = file.process, before > 1 else {
            throw Failure(message: "\(path) has no process's number")
        }
        try ask(before)
        let deadline = ContinuousClock.now + .seconds(seconds)
        while .now < deadline {
            if let after = file.process, after != before { return (before, after) }
            if kill(before, 0) < 0 && errno == ESRCH && file.process == before {
                throw Failure(message: "process \(before) has ended, and no other has taken over")
            }
            usleep(step)
        }
        throw Failure(message: "process \(before) goes on: its log says why")
    }

    private static func isMartlet(_ process: Int32) -> Bool {
        guard let name = try? FileBytes.read("/proc/\(process)/comm") else { return false }
        return String(decoding: name, as: UTF8.self).hasPrefix("martlet")
    }
}
