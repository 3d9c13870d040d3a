// Descriptors: each client takes one, and each request in flight another.
import Logging
import MartletEventLoop

/// Makes room for the connections that the config allows.
enum DescriptorLimit {
    /// Beside the connections: listeners, logs, epoll, the runtime's own.
    private static let reserve = 256

    /// Raises the soft limit, and says so when the hard limit is too low: connections beyond it are shed.
    /// - Parameter files: that are open for clients.
    static func raise(forConnections connections: Int, files: Int = 0, log: Logger) {
        let wanted = 2 * connections + files + reserve
        let got = Host.raiseDescriptorLimit(to: wanted)
        if got >= wanted { return }
        log.warning(
            """
            the limit of descriptors is too low for limits.connections; clients beyond it are answered with 503. \
            Raise it (`ulimit -Hn`, LimitNOFILE= in a systemd unit), or lower limits.connections
            """,
            metadata: ["limit": "\(got)", "wanted": "\(wanted)"])
    }
}
