// martlet upgrade
import ArgumentParser
import MartletControl

struct Upgrade: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Replace the program of a running proxy, without a client noticing.",
        discussion: """
            The running process starts the program that is on disk now, with the words that it was started with, hands its \
            listening sockets over when the new one is ready, finishes what is going on, and ends. When the new one does \
            not get ready, nothing changes; the log of the running process says why.

            martlet upgrade --pid-file /run/martlet/martlet.pid     waits until another process serves
            martlet upgrade --pid 1234                              asks, and does not wait

            Ends with 0, with 69 when there is no such process, or it goes on without being replaced.
            """)

    @Option(help: "The process's number.")
    var pid: Int32?

    @Option(help: "The file that its number is in (martlet run --pid-file).", completion: .file())
    var pidFile: String?

    @Option(help: "How many seconds to wait for the new process, with --pid-file.")
    var wait = 45

    func validate() throws {
        guard (pid == nil) != (pidFile == nil) else {
            throw ValidationError("name a process with --pid or --pid-file")
        }
        if let pid, pid < 2 { throw ValidationError("--pid is \(pid); expected the number of a process") }
        if !(0...86_400).contains(wait) { throw ValidationError("--wait is \(wait); expected 0 to 86400 seconds") }
    }

    func run() throws {
        do throws(UpgradeOrder.Failure) {
            if let pid {
                try UpgradeOrder.ask(pid)
                print("process \(pid) was asked; its log says what comes of it")
            } else if let pidFile {
                let (before, after) = try UpgradeOrder.ask(pidFile: pidFile, seconds: wait)
                print("process \(after) has taken over from process \(before)")
            }
        } catch {
            Terminal.complain(error.message)
            throw ExitCode(ExitStatus.unavailable)
        }
    }
}
