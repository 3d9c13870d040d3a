import MartletBalancing

/// A keeper with a clock that is set by hand.
struct KeeperSetup: ~Copyable {
    var keeper: KeeperStateMachine
    let loads: ServerLoads
    var now: UInt64 = 1_000_000
    /// What has been done so far.
    var actions: [KeeperAction] = []

    /// One upstream.
    init(servers: Int, backups: Int = 0, _ change: (inout UpstreamHealthSettings) -> Void = { _ in }) {
        var settings = UpstreamHealthSettings()
        settings.policy = .roundRobin
        settings.servers = (0..<(servers + backups)).map { place in
            var facts = ServerFacts(server: place)
            facts.isBackup = place >= servers
            return facts
        }
        change(&settings)
        loads = ServerLoads(servers: settings.servers.count)
        keeper = KeeperStateMachine([settings], loads, seed: 1, now: now)
    }

    /// Lets time pass, with all that happens meanwhile.
    mutating func wait(_ milliseconds: UInt64) {
        let end = now + milliseconds
        while let next = keeper.nextTime, next <= end {
            now = max(now, next)
            actions += keeper.settle(now: now)
        }
        now = end
        actions += keeper.settle(now: now)
    }

    mutating func note(_ notice: ServerNotice) {
        keeper.note(notice, now: now)
        actions += keeper.settle(now: now)
    }

    mutating func setState(_ server: Int, _ state: OperatorState) {
        keeper.setState(server, state, now: now)
        actions += keeper.settle(now: now)
    }

    /// Takes all checks that are due, in order, and answers those of these servers as given; others pass.
    mutating func check(_ outcomes: [Int: CheckOutcome] = [:]) -> [CheckOrder] {
        var orders: [CheckOrder] = []
        while let order = keeper.takeCheck(now: now) { orders.append(order) }
        for case .check(let server) in orders { keeper.checked(server, outcomes[server] ?? .passed, now: now) }
        actions += keeper.settle(now: now)
        return orders
    }

    mutating func agent(_ server: Int, _ change: (inout AgentReply) -> Void) {
        var reply = AgentReply()
        change(&reply)
        while let order = keeper.takeCheck(now: now) {
            if order == .agent(server: server) {
                keeper.replied(server, reply, now: now)
            } else {
                keeper.replied(order.server, nil, now: now)
            }
        }
        actions += keeper.settle(now: now)
    }

    /// Exchanges that a server answers or fails.
    func exchange(_ server: Int, successes: Int = 0, failures: Int = 0) {
        for _ in 0..<successes { loads.succeeded(server) }
        for _ in 0..<failures { _ = loads.failed(server, .server) }
    }

    /// Takes what has been done: state changes as "0 up>down", tiers, cuts. Rosters aside.
    mutating func news() -> [String] {
        defer { actions = [] }
        return actions.compactMap { action in
            switch action {
            case .publish: nil
            case .changed(let change): "\(change.server) \(change.from.name)>\(change.to.name)"
            case .down(let server): "\(server) is down"
            case .drainExpired(let server): "\(server) is cut"
            case .tier(_, _, let tier): "\(tier)"
            }
        }
    }

    /// Who is in the last roster that was published.
    var members: [UInt32]? { roster?.members.map(\.server) }
    var roster: Roster? {
        for case .publish(_, let roster) in actions.reversed() { return roster }
        return nil
    }
}
