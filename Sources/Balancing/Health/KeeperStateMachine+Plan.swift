// Another plan takes the place of the one before, while servers are watched: whoever stays keeps all that is known of it.

/// What becomes of servers with a new plan.
package struct KeeperChange: Sendable, Equatable {
    /// Those that are not watched any more, with the states that they were in last.
    package var gone: [(server: Int, state: HealthState)] = []
    /// Those that are watched from now on.
    package var joined: [Int] = []

    package static func == (a: KeeperChange, b: KeeperChange) -> Bool {
        a.joined == b.joined && a.gone.elementsEqual(b.gone) { $0.server == $1.server && $0.state == $1.state }
    }
}

extension KeeperStateMachine {
    /// Goes by `new` from now on. A server stays if it has the place that it had, in the upstream in which it was. The loops are
    /// told of all upstreams that are not as they were, by the next `settle`.
    package mutating func adopt(_ new: [UpstreamHealthSettings], now: UInt64) -> KeeperChange {
        var change = KeeperChange()
        let old = upstreams
        grow(upstreams: new.count, servers: new.serverPlaces, now: now)
        let staying = self.staying(in: new)
        for server in servers.indices where !servers[server].isGone && !staying.contains(server) {
            change.gone.append((server, servers[server].standing.state))
            leave(server, drainTime: old[homes[server]].drainTime, now: now)
        }
        upstreams = new
        for home in new.indices {
            let before = home < old.count ? old[home] : UpstreamHealthSettings()
            if home >= old.count || before != new[home] { adopt(home, before, &change, now: now) }
        }
        let wanted = upstreams.compactMap(\.period).min()
        if wanted != period {
            period = wanted
            nextLook = now + (wanted ?? 0)
        }
        return change
    }

    private mutating func grow(upstreams count: Int, servers places: Int, now: UInt64) {
        while servers.count < places {
            servers.append(ServerHealth(vacant: servers.count, now: now))
            homes.append(0)
            running += [nil, nil]
        }
        checks.grow(items: 2 * servers.count)
        deadlines.grow(items: servers.count)
        while plans.count < count {
            plans.append(RosterPlan())
            ejected.append(0)
            takenOut.append(0)
            isTouched.append(false)
            isUnpublished.append(false)
            shares.append(nil)
        }
    }

    private func staying(in new: [UpstreamHealthSettings]) -> Set<Int> {
        var staying: Set<Int> = []
        for (home, upstream) in new.enumerated() {
            for facts in upstream.servers where !isGone(facts.server) && homes[facts.server] == home {
                if servers[facts.server].facts.identity == facts.identity { staying.insert(facts.server) }
            }
        }
        return staying
    }

    /// A server has been removed. What is going on there has the time that it would have if it were drained.
    private mutating func leave(_ server: Int, drainTime: UInt64, now: UInt64) {
        let cutTime = servers[server].cutTime ?? (drainTime > 0 ? now + drainTime : nil)
        servers[server].isGone = true
        scheduleChecks(server, at: now)
        (running[2 * server], running[2 * server + 1]) = (nil, nil)
        loads.setProbation(server, .none)
        deadlines.set(server, at: cutTime)
    }

    private mutating func adopt(
        _ home: Int, _ before: UpstreamHealthSettings, _ change: inout KeeperChange, now: UInt64
    ) {
        let settings = upstreams[home]
        let isNew = before.servers.isEmpty
        var stayed: [ServerFacts] = []
        for facts in settings.servers {
            if isGone(facts.server) || homes[facts.server] != home {
                join(facts, home, isNew: isNew, now: now)
                change.joined.append(facts.server)
            } else {
                stayed.append(servers[facts.server].facts)
                servers[facts.server].facts = facts
            }
        }
        ejected[home] = settings.servers.count { servers[$0.server].ejection.isOut }
        takenOut[home] = settings.servers.count { servers[$0.server].standing.isTakenOut }
        shares[home] = settings.usesReports ? ReportedShares(servers: settings.servers.count, now: now) : nil
        for facts in stayed { update(facts, before, now: now) }
        isUnpublished[home] = true
        touch(home)
    }

    /// A server is watched from now on. Its share grows where others serve already.
    private mutating func join(_ facts: ServerFacts, _ home: Int, isNew: Bool, now: UInt64) {
        let server = facts.server
        homes[server] = home
        servers[server] = ServerHealth(facts, upstreams[home], now: now)
        loads.forgetLatency(server)
        forgetOutcomes(server, now: now)
        if servers[server].standing == .well && !isNew && upstreams[home].slowStart > 0 {
            servers[server].slowStart = now
            servers[server].standing = .slowStart
        }
        schedule(server, now: now)
        scheduleChecks(server, at: now)
    }

    /// A server stays, and what is wanted of it may be something else.
    /// - Parameter facts: as they were.
    private mutating func update(_ facts: ServerFacts, _ before: UpstreamHealthSettings, now: UInt64) {
        let server = facts.server
        let settings = upstreams[homes[server]]
        servers[server].isChecked = settings.check != nil
        servers[server].isUpBeforeFirst = settings.check?.isUpBeforeFirst ?? true
        if settings.check == nil { servers[server].check = ActiveCheckState() }
        if before.check == nil && settings.check != nil && servers[server].standing.isWell {
            servers[server].check.assumePassing()
        }
        if settings.agent == nil { servers[server].agent = AgentStanding() }
        if before.check != settings.check || before.agent != settings.agent { scheduleChecks(server, at: now) }
        if settings.ejection.maxEjected == 0 && servers[server].ejection.isOut { bringBack(server, now: now) }
        // What an operator has said meanwhile holds until the config says something else than before.
        if servers[server].facts.state != facts.state { setState(server, servers[server].facts.state, now: now) }
        judge(server, now: now)
    }
}
