// Descriptors: each client takes one, and each request in flight another.
import Logging
import MartletEventLoop
import MartletProxyConfig

/// Makes room for the connections that the config allows.
enum DescriptorLimit {
    /// Beside the connections: listeners, logs, epoll, the runtime's own.
    private static let reserve = 256
    /// What a start needs besides its loops and listeners: logs, files, the keeper of health, signals and timers.
    private static let basis = 24
    /// What a loop needs besides its listeners: what it waits on, its mailbox, and one in reserve.
    private static let perLoop = 3

    /// Makes sure that the proxy can start. Some of what is opened later has no way to say that it could not be: without its
    /// descriptors the library that hands signals over ends the process.
    static func require(_ configuration: Configuration, loops: Int) throws(StartError) {
        try require(basis + loops * (perLoop + configuration.addresses))
    }

    /// Makes sure that so many descriptors can be had now.
    static func require(_ needed: Int) throws(StartError) {
        let had = Host.spareDescriptors(upTo: needed)
        if had < needed { throw StartError.descriptors(needed: needed, had: had) }
    }

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

extension Configuration {
    /// How many addresses each loop listens on, the admin listener's included, which is the first one's alone.
    fileprivate var addresses: Int {
        listeners.reduce(1) { $0 + ($1.tls?.httpsOnly == nil ? 1 : 2) }
    }
}
