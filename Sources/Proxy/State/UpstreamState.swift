// What lives for each upstream and each server in a loop.
import MartletBalancing
import MartletEventLoop

/// An upstream as this loop sees it.
struct UpstreamState {
    /// Its servers' places among all.
    let servers: [Int]
    /// The first of them; of one that has been removed, the one that was; -1 while there is none.
    private(set) var first: Int
    /// Copied from the model, which is an object: what is looked up for every request shall not count references.
    let settings: UpstreamSettings
    /// Failures in a row that the watch is told of; 0 for never.
    let toldConnectionFailures: Int
    let toldServerErrors: Int
    /// What ties requests to servers.
    let key: KeySource?
    let hasKey: Bool
    let sticky: Stickiness?
    let hasSticky: Bool
    let tls: UpstreamTLS?
    /// The block of counters in which its exchanges are counted.
    let counters: UInt16
    var chooser: Chooser
    /// How many servers may be chosen.
    private(set) var members = 0
    /// Servers that one exchange may try.
    private(set) var probation: [UInt32] = []
    var budget = RetryBudget()
    var latency = LatencyQuantile()
    var outage = Outage()
    /// Why exchanges wait, if any do.
    var waitCause = WaitCause.saturated

    /// - Parameter loops: how many share the work, and with it what is allowed for a time.
    init(_ model: UpstreamModel, loop: Int, of loops: Int) {
        servers = model.servers
        first = model.servers.first ?? -1
        var settings = model.settings
        settings.retry.budgetFloor = (settings.retry.budgetFloor + UInt32(loops) - 1) / UInt32(loops)
        self.settings = settings
        toldConnectionFailures = model.health.ejection.connectionFailures
        toldServerErrors = model.health.ejection.serverErrors
        key = model.affinity.key
        hasKey = model.affinity.key != nil
        sticky = model.affinity.sticky.map { Stickiness($0, servers: model.servers) }
        hasSticky = model.affinity.sticky != nil
        tls = model.tls
        counters = model.counters
        let roster = RosterBuilder.initial(model.health)
        chooser = Chooser(model.health.policy, roster, seed: UInt64(loop))
        note(roster)
    }

    /// The same upstream as another model has it. Whom the keeper lets in among its servers is not known of those that are new.
    init(_ model: UpstreamModel, after old: UpstreamState, loop: Int, of loops: Int) {
        self.init(model, loop: loop, of: loops)
        first = servers.first ?? (model.isRetired ? old.first : -1)
        budget = old.budget
        latency = old.latency
        outage = old.outage
        waitCause = old.waitCause
        let (before, initial) = (old.chooser.roster, chooser.roster)
        let members =
            before.members.filter { servers.contains(Int($0.server)) }
            + initial.members.filter { !old.servers.contains(Int($0.server)) }
        let probation = before.probation.filter { servers.contains(Int($0)) }
        update(Roster(members, probation: probation, tier: before.tier, for: model.health.policy))
    }

    /// Others may be chosen from now on.
    mutating func update(_ roster: Roster) {
        chooser.update(roster)
        note(roster)
    }

    private mutating func note(_ roster: Roster) {
        members = roster.members.count
        probation = roster.probation
    }
}

/// Why exchanges wait for a server.
enum WaitCause: UInt8, BitwiseCopyable {
    /// All servers have as many exchanges as they may have.
    case saturated
    /// There is no server, or none can be reached.
    case noServer
}

/// A time in which no server can be reached. Meanwhile one of the waiting exchanges after the other tries.
struct Outage: BitwiseCopyable {
    /// How long until the next one tries, in milliseconds.
    private static var pause: UInt64 { 100 }

    private(set) var isOn = false
    /// When the next exchange may try.
    private(set) var next: UInt64 = 0

    mutating func begin(now: UInt64) {
        isOn = true
        next = now + Self.pause
    }

    /// A server has been reached.
    mutating func end() { isOn = false }

    /// Whether an exchange may try now; the next one may after the pause.
    mutating func takesTurn(now: UInt64) -> Bool {
        if now < next { return false }
        next = now + Self.pause
        return true
    }
}

/// A server as this loop sees it.
struct ServerState {
    /// Where to connect; changes when a name is resolved anew.
    private(set) var addresses: [SocketAddress]
    /// Counts how often an address was lost: connections made before are not used again.
    private(set) var epoch: UInt32 = 0
    /// The address to use next.
    var next = 0
    /// Whether it may be chosen.
    var isMember = false
    /// The first of its links, by their multiplexers; `.max` for none.
    var firstLink: UInt32 = .max
    /// Requests to it are streams of links, as far as is known.
    var speaksHTTP2 = false
    /// It has said that it takes no WebSockets as streams (RFC 8441): where it may be asked in HTTP/1.1, it is.
    var refusesConnect = false
    /// The most exchanges and connections at a time, over all loops.
    var inFlightLimit: Int
    private(set) var connectionLimit: Int

    /// What Host says to it when the client has not said any.
    let host: String
    /// The host of its address, by which it proves who it is.
    let hostName: String

    init(_ model: ServerModel, inFlightLimit: Int) {
        addresses = model.addresses
        connectionLimit = model.connectionLimit
        self.inFlightLimit = inFlightLimit
        hostName = model.hostName
        host = model.addresses.first?.path == nil ? model.name : "localhost"
    }

    /// The same server as another model has it.
    mutating func adopt(_ model: ServerModel) { connectionLimit = model.connectionLimit }

    /// Connections made so far are not used again.
    mutating func retireConnections() { epoch &+= 1 }

    /// Takes the new addresses; whether one of the old ones is not among them.
    mutating func resolve(to new: [SocketAddress]) -> Bool {
        let hasLost = addresses.contains { !new.contains($0) }
        addresses = new
        if hasLost { epoch &+= 1 }
        return hasLost
    }

    /// The addresses in turn; `nil` while the name has none.
    mutating func nextAddress() -> SocketAddress? {
        if addresses.isEmpty { return nil }
        next = (next + 1) % addresses.count
        return addresses[next]
    }
}
