// All that is known of one server, and what it comes to.

/// A server's record. Each part is a machine of its own; together they say where the server stands.
package struct ServerHealth: Sendable {
    package internal(set) var facts: ServerFacts
    /// What the operator wants.
    package internal(set) var wanted: OperatorState
    package internal(set) var hasAddress: Bool
    /// Whether its active checks decide anything.
    var isChecked: Bool
    /// Whether it serves before its first check.
    var isUpBeforeFirst: Bool
    /// No server has this place, or the one that had it has been removed: nothing that happens to it is news.
    package internal(set) var isGone = false
    var check = ActiveCheckState()
    var agent = AgentStanding()
    package internal(set) var ejection = Ejection()
    var window = FailureWindow()
    /// When its share began to grow, in milliseconds; `nil` when it has all of it.
    var slowStart: UInt64?
    /// When its exchanges are cut, in milliseconds; `nil` when it is not drained, or they may go on.
    var cutTime: UInt64?
    /// Where it stood when that was last settled.
    package internal(set) var standing: Standing
    /// Why.
    package internal(set) var reason: String
    /// Since when it is in this state, in milliseconds.
    package internal(set) var since: UInt64

    package init(_ facts: ServerFacts, _ settings: UpstreamHealthSettings, now: UInt64) {
        since = now
        self.facts = facts
        wanted = facts.state
        hasAddress = !facts.isNamed
        isChecked = settings.check != nil
        isUpBeforeFirst = settings.check?.isUpBeforeFirst ?? true
        standing = .initial(facts, settings)
        reason = standing == .well ? "" : standing.reason()
    }

    /// A place that no server has.
    init(vacant place: Int, now: UInt64) {
        self.init(ServerFacts(server: place), UpstreamHealthSettings(), now: now)
        isGone = true
    }

    /// Where it stands by all that is known, slow start aside. What is certain comes first: people, then the server's own
    /// words, then checks, then what exchanges have met.
    func judge() -> Standing {
        if wanted == .maintenance { return .maintenance(by: .operator) }
        if agent.wish == .maintenance { return .maintenance(by: .agent) }
        if wanted == .draining { return .draining(by: .operator) }
        if agent.isDraining { return .draining(by: .agent) }
        if case .down(let words) = agent.condition { return .downByAgent(words) }
        if !hasAddress { return .awaitingAddress }
        switch check.verdict {
        case .failing(let reason): return .failingCheck(reason)
        case .unknown where isChecked && !isUpBeforeFirst: return .awaitingCheck
        case .unknown, .passing: break
        }
        switch ejection.phase {
        case .ejected(_, let cause): return .ejected(cause)
        case .probation: return .probation
        case .none: return slowStart == nil ? .well : .slowStart
        }
    }

    /// Whether it is asked how it is: nobody is disturbed in maintenance.
    var mayBeChecked: Bool { !isGone && wanted != .maintenance && hasAddress }

    /// The server as the roster's builder wants it.
    func entry(slowStartTime: UInt64, reported: UInt32, now: UInt64) -> RosterEntry {
        var entry = RosterEntry(facts, standing)
        entry.agentPercent = agent.percent
        entry.limit = agent.limit ?? facts.inFlightLimit
        entry.reported = reported
        if let slowStart { entry.ramp = SlowStart.share(elapsed: now - min(slowStart, now), of: slowStartTime) }
        return entry
    }
}

extension Standing {
    /// Whether a server that comes from here has to warm up: it was away, or has never been here.
    var needsWarmUp: Bool {
        switch self {
        case .awaitingCheck, .awaitingAddress, .probation, .ejected, .failingCheck, .downByAgent, .maintenance: true
        case .well, .slowStart, .draining: false
        }
    }

    /// Whether it has no new exchanges because somebody said so.
    var isTakenOut: Bool {
        switch self {
        case .draining, .maintenance: true
        case .well, .slowStart, .awaitingCheck, .awaitingAddress, .probation, .ejected, .failingCheck, .downByAgent:
            false
        }
    }
}
