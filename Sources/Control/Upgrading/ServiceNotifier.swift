// What systemd, or whoever speaks like it, is told of this process: sd_notify(3).
import Logging
import MartletEventLoop
import Synchronization

/// Tells a service manager how the process is. Without one it does nothing.
package final class ServiceNotifier: Sendable {
    private let send: (@Sendable (String) -> Void)?
    /// Whether another process is the service now, of which nothing is to be said.
    private let isRetired = Atomic(false)

    /// Nobody is told anything.
    package static let silent = ServiceNotifier(nil)

    /// Tells the socket that NOTIFY_SOCKET names.
    package static func ofProcess(_ log: Logger) -> ServiceNotifier {
        guard let socket = ProcessEnvironment.value("NOTIFY_SOCKET") else { return silent }
        return ServiceNotifier { text in
            do throws(SystemError) {
                try HostProcess.send(text, to: socket)
            } catch {
                log.warning(
                    "the service manager cannot be told how this process is",
                    metadata: ["NOTIFY_SOCKET": "\(socket)", "error": "\(error)"])
            }
        }
    }

    /// - Parameter send: is given each message.
    init(_ send: (@Sendable (String) -> Void)?) { self.send = send }

    private func tell(_ lines: String...) {
        if isRetired.load(ordering: .relaxed) { return }
        send?(lines.joined(separator: "\n"))
    }

    /// Requests are served; `status` says more.
    package func ready(_ status: String) { tell("READY=1", "STATUS=" + Self.line(status)) }

    /// The config is being read anew; `ready` follows, whatever comes of it.
    package func reloading() {
        tell(
            "RELOADING=1", "MONOTONIC_USEC=\(Host.monotonicNanoseconds() / 1_000)", "STATUS=Reading the config anew")
    }

    /// The process is about to end.
    package func stopping() { tell("STOPPING=1", "STATUS=Finishing what is going on") }

    /// What the process does, for people.
    package func status(_ text: String) { tell("STATUS=" + Self.line(text)) }

    /// It is alive.
    func alive() { tell("WATCHDOG=1") }

    /// Another process is the service from now on; this one says nothing any more.
    func retire(for process: Int32) {
        tell("MAINPID=\(process)")
        isRetired.store(true, ordering: .relaxed)
    }

    /// A line end would begin another assignment.
    private static func line(_ text: String) -> String { text.replacing("\n", with: " ") }
}
