// What is known of servers goes from one process to the next.

extension KeeperStateMachine {
    /// What there is to be said of servers; nothing of those that are well and never were otherwise.
    package func records(now: UInt64) -> [(server: Int, record: HealthRecord)] {
        servers.filter { !$0.isGone }.compactMap { server in
            let record = server.record(now: now)
            return record.isEmpty ? nil : (server.facts.server, record)
        }
    }

    /// Takes over what another process knew of a server; before anything else happens to it. What the config does not have any
    /// more, such as checks, is passed over. It is no change of the server's state: the loops are told of it, and nobody else.
    package mutating func resume(_ inherited: InheritedServer, now: UInt64) {
        let server = inherited.server
        if isGone(server) { return }
        let (settings, record) = (upstreams[homes[server]], inherited.record ?? HealthRecord(state: .up, time: 0))
        if let wanted = inherited.wanted {
            servers[server].wanted = wanted
            scheduleChecks(server, at: now)
        }
        if servers[server].wanted != .maintenance {
            if settings.check != nil, let passes = record.passes {
                let failure = HealthRecord.bounded(record.failure ?? "it failed")
                servers[server].check = ActiveCheckState(passes ? .passing : .failing(failure))
            }
            if settings.agent != nil, let agent = record.agent { servers[server].agent = AgentStanding(agent) }
            resumeEjection(server, record, settings.ejection, now: now)
        }
        if let elapsed = record.slowStart, elapsed < settings.slowStart {
            servers[server].slowStart = now - min(elapsed, now)
        }
        settleResumed(server, record, now: now)
    }

    private mutating func resumeEjection(
        _ server: Int, _ record: HealthRecord, _ settings: EjectionSettings, now: UInt64
    ) {
        if servers[server].ejection.isOut { return }
        let home = homes[server]
        servers[server].ejection = Ejection(
            count: min(max(record.ejections ?? 0, 0), 1_000), backSince: now - min(record.backFor ?? now, now))
        guard let ejected = record.ejected, let cause = EjectionCause(name: ejected.cause) else { return }
        let all = upstreams[home].servers.count - takenOut[home]
        if !Ejection.mayEject(ejected: self.ejected[home], of: all, settings) { return }
        self.ejected[home] += 1
        servers[server].ejection.resume(cause, rest: ejected.rest, settings, now: now)
    }

    /// Where the server stands by what has been taken over.
    private mutating func settleResumed(_ server: Int, _ record: HealthRecord, now: UInt64) {
        let (old, new) = (servers[server].standing, servers[server].judge())
        if !new.isWell { servers[server].slowStart = nil }
        if new.isTakenOut != old.isTakenOut { takenOut[homes[server]] += new.isTakenOut ? 1 : -1 }
        servers[server].standing = new
        servers[server].reason = new == .well ? "" : new.reason()
        if new.state.name == record.state { servers[server].since = now - min(record.time, now) }
        let drainTime = upstreams[homes[server]].drainTime
        if new.isTakenOut, drainTime > 0, let rest = record.cut { servers[server].cutTime = now + min(rest, drainTime) }
        schedule(server, now: now)
        touch(homes[server])
    }
}

extension ServerHealth {
    fileprivate func record(now: UInt64) -> HealthRecord {
        var record = HealthRecord(state: standing.state, time: now - min(since, now))
        switch check.verdict {
        case .unknown: break
        case .passing: record.passes = true
        case .failing(let reason): (record.passes, record.failure) = (false, HealthRecord.bounded(reason))
        }
        switch ejection.phase {
        case .none: break
        case .ejected(let until, let cause):
            record.ejected = HealthRecord.Ejected(cause: cause.name, rest: until - min(now, until))
        case .probation(_, let cause): record.ejected = HealthRecord.Ejected(cause: cause.name, rest: 0)
        }
        if ejection.count > 0 {
            (record.ejections, record.backFor) = (ejection.count, now - min(ejection.backSince, now))
        }
        record.agent = agent.record
        record.slowStart = slowStart.map { now - min($0, now) }
        record.cut = cutTime.map { $0 - min(now, $0) }
        return record
    }
}
