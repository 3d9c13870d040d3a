// Which checks are due, and what comes of them.

extension KeeperStateMachine {
    private func item(_ order: CheckOrder) -> Int {
        switch order {
        case .check(let server): 2 * server
        case .agent(let server): 2 * server + 1
        }
    }

    /// When the next check is due; `nil` if none is.
    package var nextCheck: UInt64? { checks.first }

    /// Takes a check that is due; the caller makes it, and tells what came of it.
    package mutating func takeCheck(now: UInt64) -> CheckOrder? {
        guard let item = checks.takeDue(now: now) else { return nil }
        running[item] = now
        return item % 2 == 0 ? .check(server: item / 2) : .agent(server: item / 2)
    }

    /// An active check is over.
    package mutating func checked(_ server: Int, _ outcome: CheckOutcome, now: UInt64) {
        guard finish(.check(server: server)), let settings = upstreams[homes[server]].check else { return }
        servers[server].check.note(outcome, settings)
        let pause = servers[server].check.pause(settings, chance: chance.next())
        reschedule(.check(server: server), after: pause, now: now)
        if outcome == .passed && servers[server].ejection.endsWithPassedCheck { return bringBack(server, now: now) }
        judge(server, now: now)
    }

    /// An agent has replied; `nil` when it has not, or said nothing that is known. Then all stays as it was: whether the
    /// server works is for the other checks to say.
    package mutating func replied(_ server: Int, _ reply: AgentReply?, now: UInt64) {
        guard finish(.agent(server: server)), let settings = upstreams[homes[server]].agent else { return }
        reschedule(.agent(server: server), after: settings.interval, now: now)
        guard let reply else { return }
        let old = servers[server].agent
        servers[server].agent.note(reply)
        if servers[server].agent == old { return }
        touch(homes[server])
        judge(server, now: now)
    }

    /// Ends a running check; whether its result still counts.
    private mutating func finish(_ order: CheckOrder) -> Bool {
        if !servers[order.server].mayBeChecked { running[item(order)] = nil }
        return running[item(order)] != nil
    }

    /// The next check comes an interval after the beginning of the last one.
    private mutating func reschedule(_ order: CheckOrder, after pause: UInt64, now: UInt64) {
        let began = running[item(order)] ?? now
        running[item(order)] = nil
        checks.set(item(order), at: max(began + max(pause, 1), now))
    }

    /// Begins the server's checks, or ends them if it is not to be checked now. One that is going on begins the next.
    mutating func scheduleChecks(_ server: Int, at time: UInt64) {
        let settings = upstreams[homes[server]]
        let mayBeChecked = servers[server].mayBeChecked
        for (order, isWanted) in [
            (CheckOrder.check(server: server), settings.check != nil),
            (.agent(server: server), settings.agent != nil),
        ] {
            let isDue = mayBeChecked && isWanted && running[item(order)] == nil
            checks.set(item(order), at: isDue ? time : nil)
        }
    }
}
