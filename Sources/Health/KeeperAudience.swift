// Who is told what the keeper has found.
import MartletBalancing
import MartletEventLoop
import MartletTLS

/// Takes what the keeper says, on the keeper's thread, without blocking it.
package protocol KeeperAudience: Sendable {
    /// All loops shall choose among others.
    func publish(upstream: Int, _ roster: Roster)
    /// A server's state is another one.
    func changed(_ change: StateChange)
    /// An upstream is served by others than before.
    func tierChanged(upstream: Int, from: Roster.Tier, to: Roster.Tier)
    /// A check has taken a server down: who waits for its answer may wait in vain.
    func serverDown(_ server: Int)
    /// A server that is drained has had its time: what is still going on there is cut.
    func drainExpired(_ server: Int)
}

/// What the keeper is given at the start.
package struct KeeperPlan: Sendable {
    /// As in the model, by their places; so are their servers.
    package let upstreams: [UpstreamHealthSettings]
    /// For each server what Host says to it.
    package let hosts: [String]
    /// Where each server is. Empty for a name that has not been resolved.
    package let addresses: [[SocketAddress]]
    /// For each server with TLS how it is spoken to, and the name that it must prove. Empty where none has it.
    package var security: [(context: TLSClientContext, name: String)?] = []

    package init(_ upstreams: [UpstreamHealthSettings], hosts: [String], addresses: [[SocketAddress]]) {
        self.upstreams = upstreams
        self.hosts = hosts
        self.addresses = addresses
    }
}

/// What is known of a server, for those who ask.
package struct ServerReport: Sendable, Equatable {
    /// Its place in the model.
    package let server: Int
    package let state: HealthState
    /// In a few words; empty if there is nothing to say.
    package let reason: String
    /// What the operator wants of it.
    package let wanted: OperatorState
    /// How long it has been in this state, in milliseconds.
    package let time: UInt64
    /// Its weight among those that are chosen, a plain server having `Candidate.unit`; 0 if it is not chosen.
    package let weight: UInt32
    /// Whether it is kept as a backup.
    package let isBackup: Bool
    /// Whether nothing is known of it yet: its first check, or its name's addresses, are to come.
    package let isUnknown: Bool
}
