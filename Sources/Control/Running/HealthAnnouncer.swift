// What the keeper has found, for the loops and for people.
import Logging
import MartletBalancing
import MartletEventLoop
import MartletHealth
import MartletProxy

/// Tells the loops whom to choose, and the log what has changed.
struct HealthAnnouncer: KeeperAudience {
    let model: Model
    let loops: [Mailbox<ProxyDriver.Message>]
    let log: Logger

    private func post(_ message: ProxyDriver.Message) { for loop in loops { loop.post(message) } }

    func publish(upstream: Int, _ roster: Roster) {
        post(.roster(upstream: upstream, roster, revision: model.upstreams[upstream].revision))
    }

    func serverDown(_ server: Int) { post(.serverDown(server)) }

    func drainExpired(_ server: Int) { post(.cutServer(server)) }

    func changed(_ change: StateChange) {
        let metadata: Logger.Metadata = [
            "upstream": "\(upstream(of: change.server))", "server": "\(model.servers[change.server].name)",
            "from": "\(change.from.name)", "to": "\(change.to.name)", "reason": "\(change.reason)",
        ]
        switch change.to {
        case .down, .ejected: log.warning("server is \(change.to.name)", metadata: metadata)
        case .up, .starting, .draining, .maintenance: log.notice("server is \(change.to.name)", metadata: metadata)
        }
    }

    func tierChanged(upstream: Int, from: Roster.Tier, to: Roster.Tier) {
        let metadata: Logger.Metadata = ["upstream": "\(model.upstreams[upstream].name)"]
        switch to {
        case .healthy: log.notice("only servers that are well are used again", metadata: metadata)
        case .backup: log.warning("too few servers are well: backups serve", metadata: metadata)
        case .panic: log.warning("too few servers are well: all are used, well or not", metadata: metadata)
        }
    }

    private func upstream(of server: Int) -> String {
        model.upstream(of: server)?.name ?? ""
    }
}
