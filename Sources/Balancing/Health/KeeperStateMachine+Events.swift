// What the keeper is told, and what it makes of it.

extension KeeperStateMachine {
    /// A loop has noticed something.
    package mutating func note(_ notice: ServerNotice, now: UInt64) {
        switch notice {
        case .failures(let server, let origin, let inARow): noteFailures(server, origin, inARow, now: now)
        case .probation(let server, let passed): noteProbation(server, passed: passed, now: now)
        case .resolved(let server): noteAddress(server, now: now)
        }
    }

    private mutating func noteFailures(_ server: Int, _ origin: FailureOrigin, _ inARow: Int, now: UInt64) {
        if isGone(server) { return }
        let settings = upstreams[homes[server]].ejection
        let (limit, cause): (Int, EjectionCause) =
            switch origin {
            case .connection: (settings.connectionFailures, .connectionFailures)
            case .server: (settings.serverErrors, .serverErrors)
            }
        if limit > 0 && inARow >= limit { eject(server, cause, now: now) }
    }

    /// Whether nobody is there: what loops tell may be late.
    package func isGone(_ server: Int) -> Bool { !servers.indices.contains(server) || servers[server].isGone }

    /// Ejects a server that serves, if that leaves enough of the others.
    private mutating func eject(_ server: Int, _ cause: EjectionCause, now: UInt64) {
        let home = homes[server]
        if !servers[server].standing.isWell || servers[server].ejection.isOut { return }
        let all = upstreams[home].servers.count - takenOut[home]
        if !Ejection.mayEject(ejected: ejected[home], of: all, upstreams[home].ejection) { return }
        ejected[home] += 1
        servers[server].ejection.eject(cause, upstreams[home].ejection, now: now)
        forgetOutcomes(server, now: now)
        judge(server, now: now)
    }

    /// What a server has done before does not count any longer.
    mutating func forgetOutcomes(_ server: Int, now: UInt64) {
        loads.forgetFailures(server)
        servers[server].window.reset(loads.outcomes(server), now: now)
    }

    private mutating func noteProbation(_ server: Int, passed: Bool, now: UInt64) {
        // It may be brought back, or be ejected anew, while the exchange was going on.
        if isGone(server) { return }
        guard case .probation = servers[server].ejection.phase else { return }
        if passed { return bringBack(server, now: now) }
        loads.setProbation(server, .none)
        servers[server].ejection.eject(.failedProbation, upstreams[homes[server]].ejection, now: now)
        forgetOutcomes(server, now: now)
        judge(server, now: now)
    }

    /// Ends a server's probation.
    mutating func bringBack(_ server: Int, now: UInt64) {
        loads.setProbation(server, .none)
        if servers[server].ejection.isOut { ejected[homes[server]] -= 1 }
        servers[server].ejection.bringBack(now: now)
        forgetOutcomes(server, now: now)
        judge(server, now: now)
    }

    private mutating func noteAddress(_ server: Int, now: UInt64) {
        if isGone(server) || servers[server].hasAddress { return }
        servers[server].hasAddress = true
        scheduleChecks(server, at: now)
        judge(server, now: now)
    }

    /// The operator wants something else of a server.
    package mutating func setState(_ server: Int, _ wanted: OperatorState, now: UInt64) {
        if isGone(server) { return }
        let old = servers[server].wanted
        if wanted == old { return }
        servers[server].wanted = wanted
        if wanted == .maintenance {
            // Whatever was known is no longer true when it comes back.
            servers[server].check = ActiveCheckState()
            servers[server].agent = AgentStanding()
            if servers[server].ejection.isOut { ejected[homes[server]] -= 1 }
            servers[server].ejection = Ejection()
            loads.setProbation(server, .none)
        }
        if wanted == .maintenance || old == .maintenance {
            forgetOutcomes(server, now: now)
            scheduleChecks(server, at: now)
        }
        judge(server, now: now)
    }

    /// A time has come for a server.
    mutating func reachDeadline(_ server: Int, now: UInt64) {
        // The time for what was going on at a server when it was removed.
        if servers[server].isGone { return actions.append(.drainExpired(server: server)) }
        let settings = upstreams[homes[server]]
        if servers[server].ejection.opensProbation(settings.ejection, now: now) { loads.setProbation(server, .open) }
        if let time = servers[server].cutTime, time <= now {
            servers[server].cutTime = nil
            actions.append(.drainExpired(server: server))
        }
        if let began = servers[server].slowStart {
            if now >= began + settings.slowStart { servers[server].slowStart = nil }
            touch(homes[server])
        }
        judge(server, now: now)
    }

    /// The times at which shares grow are multiples of this, in milliseconds.
    private static var grid: UInt64 { 100 }

    /// Sets the server's next deadline.
    mutating func schedule(_ server: Int, now: UInt64) {
        let record = servers[server]
        let settings = upstreams[homes[server]]
        var times = [record.ejection.deadline(settings.ejection), record.cutTime].compactMap { $0 }
        if let began = record.slowStart {
            let elapsed = now - min(began, now)
            if elapsed < settings.slowStart {
                // Steps of several servers come together where they may: each is a new roster.
                let step = now + SlowStart.untilNextStep(elapsed: elapsed, of: settings.slowStart)
                times.append((step + Self.grid - 1) / Self.grid * Self.grid)
            } else {
                times.append(now)
            }
        }
        deadlines.set(server, at: times.min())
    }

    /// Looks at failure rates, and at what servers report.
    mutating func look(now: UInt64) {
        for upstream in upstreams.indices {
            let settings = upstreams[upstream]
            if settings.ejection.failureRate > 0 { lookAtRates(settings, now: now) }
            lookAtReports(upstream, now: now)
        }
    }

    private mutating func lookAtRates(_ settings: UpstreamHealthSettings, now: UInt64) {
        for facts in settings.servers {
            let (successes, failures) = servers[facts.server].window.note(
                loads.outcomes(facts.server), now: now, window: settings.ejection.window)
            let all = successes + failures
            if all < UInt64(settings.ejection.minimumRequests) || failures == 0 { continue }
            if failures * 100 >= all * UInt64(settings.ejection.failureRate) {
                eject(facts.server, .failureRate, now: now)
            }
        }
    }

    private mutating func lookAtReports(_ upstream: Int, now: UInt64) {
        if shares[upstream] == nil { return }
        let samples = upstreams[upstream].servers.map { facts in
            let (successes, failures) = loads.outcomes(facts.server)
            return ReportedShares.Sample(
                exchanges: successes &+ failures, utilisation: loads.utilisation(facts.server, now: now * 1_000_000),
                weight: facts.weight)
        }
        if shares[upstream]?.update(samples, now: now) ?? false { touch(upstream) }
    }
}
