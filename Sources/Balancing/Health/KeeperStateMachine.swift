// The health of all servers: what happens goes in, what is to be done comes out. How the events are told apart stands in
// KeeperStateMachine+Events.swift, which checks are due in KeeperStateMachine+Checks.swift, how a new plan takes the place of the
// one before in KeeperStateMachine+Plan.swift. Times are in milliseconds.

/// Keeps the servers' health, for all loops of a process.
///
/// Tell it what happens, then take what is to be done from `settle`. It looks at the loads that the loops share, and opens
/// and ends probations in them; all else is in here.
package struct KeeperStateMachine: ~Copyable {
    /// Servers that join so soon after the start have all of their share at once: there is nobody yet to take it.
    static var startTime: UInt64 { 10_000 }

    var upstreams: [UpstreamHealthSettings]
    let loads: ServerLoads
    let began: UInt64
    /// By the servers' places in the model.
    package internal(set) var servers: [ServerHealth]
    /// The upstream of each server.
    var homes: [Int]
    /// How many of each upstream's servers are ejected or on probation, and how many somebody has taken out.
    var ejected: [Int]
    var takenOut: [Int]
    /// Whom the loops choose among.
    var plans: [RosterPlan]
    /// Upstreams whose plan may have to change.
    var isTouched: [Bool]
    var touched: [Int] = []
    /// Upstreams whose plan the loops are told whether it has changed or not.
    var isUnpublished: [Bool]
    var shares: [ReportedShares?]
    /// When each server's check (even numbers) and agent (odd ones) is due.
    var checks: Agenda
    /// Which of them are going on, and when they began.
    var running: [UInt64?]
    /// When each server has something else to come: an end of an ejection, a step of a slow start, a cut.
    var deadlines: Agenda
    /// How often failure rates and reports are looked at; `nil` for never.
    var period: UInt64?
    var nextLook: UInt64
    var actions: [KeeperAction] = []
    var chance: Chance

    /// - Parameters:
    ///   - upstreams: as in the model, by their places; so are their servers.
    ///   - seed: where chance begins.
    package init(_ upstreams: [UpstreamHealthSettings], _ loads: ServerLoads, seed: UInt64, now: UInt64) {
        self.upstreams = upstreams
        self.loads = loads
        began = now
        let places = upstreams.serverPlaces
        servers = (0..<places).map { ServerHealth(vacant: $0, now: now) }
        homes = Array(repeating: 0, count: places)
        ejected = upstreams.map { _ in 0 }
        takenOut = upstreams.map { upstream in upstream.servers.count { $0.state != .up } }
        plans = upstreams.map { upstream in
            let entries = upstream.servers.map { RosterEntry($0, .initial($0, upstream)) }
            return RosterBuilder.plan(entries, panicThreshold: upstream.panicThreshold)
        }
        isTouched = upstreams.map { _ in false }
        isUnpublished = isTouched
        shares = upstreams.map { $0.usesReports ? ReportedShares(servers: $0.servers.count, now: now) : nil }
        checks = Agenda(items: 2 * servers.count)
        running = Array(repeating: nil, count: 2 * servers.count)
        deadlines = Agenda(items: servers.count)
        period = upstreams.compactMap(\.period).min()
        nextLook = now + (period ?? 0)
        chance = Chance(seed: seed)
        for (home, upstream) in upstreams.enumerated() {
            for facts in upstream.servers {
                servers[facts.server] = ServerHealth(facts, upstream, now: now)
                homes[facts.server] = home
            }
        }
        for server in servers.indices { scheduleChecks(server, at: now) }
    }

    /// When `settle` has something to do even if nothing happens; `nil` for never. Checks that cannot begin yet aside.
    package var nextTime: UInt64? { [period == nil ? nil : nextLook, deadlines.first].compactMap { $0 }.min() }

    /// The upstream of a server.
    package func home(of server: Int) -> Int { homes[server] }

    /// For each server its weight among those that are chosen; 0 if it is not.
    package var weights: [UInt32] {
        var weights = Array(repeating: UInt32(0), count: servers.count)
        for plan in plans { for member in plan.members { weights[Int(member.server)] = member.weight } }
        return weights
    }

    /// All that is to be done now, in order.
    package mutating func settle(now: UInt64) -> [KeeperAction] {
        while let server = deadlines.takeDue(now: now) { reachDeadline(server, now: now) }
        if let period, nextLook <= now {
            nextLook = now + period
            look(now: now)
        }
        while let upstream = touched.popLast() {
            isTouched[upstream] = false
            plan(upstream, now: now)
        }
        defer { actions = [] }
        return actions
    }

    /// Finds out where a server stands now, and says so if that is news.
    mutating func judge(_ server: Int, now: UInt64) {
        let old = servers[server].standing
        var new = servers[server].judge()
        if new == .well && !old.isWell && old.needsWarmUp && warmsUp(server, from: old, now: now) {
            servers[server].slowStart = now
            new = .slowStart
        }
        // What it did before it was ill says nothing of it now.
        if new.isWell && !old.isWell && old.needsWarmUp { loads.forgetLatency(server) }
        if !new.isWell { servers[server].slowStart = nil }
        noteCutTime(server, new, now: now)
        schedule(server, now: now)
        if new == old { return }
        if new.isTakenOut != old.isTakenOut { takenOut[homes[server]] += new.isTakenOut ? 1 : -1 }
        servers[server].standing = new
        servers[server].reason = new.reason(after: old)
        touch(homes[server])
        if new.state == old.state { return }
        servers[server].since = now
        actions.append(
            .changed(
                StateChange(server: server, from: old.state, to: new.state, reason: servers[server].reason)))
        if case .failingCheck = new { actions.append(.down(server: server)) }
    }

    private func warmsUp(_ server: Int, from old: Standing, now: UInt64) -> Bool {
        if upstreams[homes[server]].slowStart == 0 { return false }
        return now >= began + Self.startTime || (old != .awaitingCheck && old != .awaitingAddress)
    }

    private mutating func noteCutTime(_ server: Int, _ new: Standing, now: UInt64) {
        let time = upstreams[homes[server]].drainTime
        if !new.isTakenOut {
            servers[server].cutTime = nil
        } else if !servers[server].standing.isTakenOut && time > 0 {
            servers[server].cutTime = now + time
        }
    }

    mutating func touch(_ upstream: Int) {
        if isTouched[upstream] { return }
        isTouched[upstream] = true
        touched.append(upstream)
    }

    /// Whom the loops shall choose among now. In a panic all are asked, so that nobody needs a probation.
    private mutating func plan(_ upstream: Int, now: UInt64) {
        var plan = makePlan(upstream, now: now)
        if plan.tier == .panic {
            for facts in upstreams[upstream].servers where servers[facts.server].standing == .probation {
                bringBack(facts.server, now: now)
            }
            plan = makePlan(upstream, now: now)
        }
        let old = plans[upstream]
        if plan == old && !isUnpublished[upstream] { return }
        isUnpublished[upstream] = false
        plans[upstream] = plan
        if plan.tier != old.tier { actions.append(.tier(upstream: upstream, from: old.tier, to: plan.tier)) }
        actions.append(.publish(upstream: upstream, plan.roster(for: upstreams[upstream].policy)))
    }

    private func makePlan(_ upstream: Int, now: UInt64) -> RosterPlan {
        let settings = upstreams[upstream]
        let entries = settings.servers.enumerated().map { place, facts in
            servers[facts.server].entry(
                slowStartTime: settings.slowStart, reported: shares[upstream]?.shares[place] ?? 1_000, now: now)
        }
        return RosterBuilder.plan(entries, panicThreshold: settings.panicThreshold)
    }
}

extension [UpstreamHealthSettings] {
    /// How many places of servers there are.
    var serverPlaces: Int { (map { $0.servers.map(\.server).max() ?? -1 }.max() ?? -1) + 1 }
}

extension UpstreamHealthSettings {
    /// Whether load reports are made into shares. The other ways to choose look at the reports themselves, or at nothing.
    var usesReports: Bool {
        switch policy {
        case .roundRobin, .random, .hash: true
        case .leastBusy, .leastRequest, .first: false
        }
    }

    /// How often something has to be looked at, in milliseconds; `nil` for never.
    var period: UInt64? {
        let rate: UInt64? =
            ejection.failureRate > 0 && ejection.maxEjected > 0
            ? min(max(ejection.window / UInt64(FailureWindow.marks), 50), 1_000) : nil
        let reports: UInt64? = usesReports ? 1_000 : nil
        return [rate, reports].compactMap { $0 }.min()
    }
}
