// The thread on which resolvers are asked: none that serves clients waits for them.
import Logging
import MartletDNS
import MartletEventLoop

/// Asks about names until it is stopped.
final class ResolverThread: Sendable {
    private let mailbox: Mailbox<DNSDriver.Message>

    init(_ resolvers: [SocketAddress], _ settings: DNSSettings, audience: any DNSAudience, log: Logger)
        throws(SystemError)
    {
        let mailbox = try Mailbox<DNSDriver.Message>()
        self.mailbox = mailbox
        try BackgroundThread.start {
            do throws(SystemError) {
                var loop = try EventLoop(socketLimit: DNSDriver.socketLimit, bufferBytes: DNSDriver.bufferBytes)
                var driver = DNSDriver(resolvers, settings, audience: audience)
                try loop.run(&driver, mailbox: mailbox)
            } catch {
                log.critical(
                    "names are not asked for any more; the servers that are known stay", metadata: ["error": "\(error)"]
                )
            }
        }
    }

    /// Watches these names and no others.
    func watch(_ names: [WatchedName]) { mailbox.post(.watch(names)) }

    /// Asks these from now on.
    func ask(_ resolvers: [SocketAddress], _ settings: DNSSettings) { mailbox.post(.resolvers(resolvers, settings)) }

    func stop() { mailbox.post(.stop) }
}
