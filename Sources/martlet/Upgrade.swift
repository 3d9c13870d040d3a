// martlet upgrade
import ArgumentParser
import MartletControl

struct Upgrade: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Replace the program of a running proxy, without a client noticing.",
        discussion: """
            The running process starts the program that is on disk now, with the words that it was started with, hands its \
            listening sockets and what was changed at run time over when the new one is ready, finishes what is going on, and \
            ends. When the new one does not get ready, nothing changes, and it is said why.

            martlet upgrade                                         asks through the admin listener, and waits
            martlet upgrade --pid-file /run/martlet/martlet.pid     asks by a signal, and waits until another process serves
            martlet upgrade --pid 1234                              asks by a signal, and does not wait

            Ends with 0 when another process serves (with --pid, when it was asked), with 1 when the running Martlet refuses, \
            with 69 when there is none, or it goes on because the new process did not get ready, and with 77 when it wants a \
            token.
            """)

    @Option(help: "The process's number.")
    var pid: Int32?

    @Option(help: "The file that its number is in (martlet run --pid-file).", completion: .file())
    var pidFile: String?

    @Option(help: "How many seconds to wait for the new process; not with --pid.")
    var wait = 45

    @OptionGroup var json: JSONFlag
    @OptionGroup var admin: AdminOptions

    func validate() throws {
        if pid != nil && pidFile != nil { throw ValidationError("name a process with --pid or --pid-file, not both") }
        if pid != nil || pidFile != nil {
            if admin.isGiven {
                throw ValidationError("--pid and --pid-file ask by a signal, without the admin listener")
            }
            if json.json { throw ValidationError("--json is for the admin listener's answer") }
        }
        if let pid, pid < 2 { throw ValidationError("--pid is \(pid); expected the number of a process") }
        if !(0...86_400).contains(wait) { throw ValidationError("--wait is \(wait); expected 0 to 86400 seconds") }
    }

    func run() throws {
        if pid == nil && pidFile == nil {
            return try admin.run { command throws(OperatorFailure) in
                try command.upgrade(seconds: wait, json: json.json) { Terminal.complain($0) }
            }
        }
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
