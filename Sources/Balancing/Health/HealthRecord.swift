// What is known of a server's health, as one process tells it to the one that follows. Both may be of different versions: whatever
// is added later must be optional.

/// A server's health. Times are lengths in milliseconds: moments of another process say nothing here.
package struct HealthRecord: Codable, Sendable, Equatable {
    /// An ejection that is going on.
    package struct Ejected: Codable, Sendable, Equatable {
        package var cause: String
        /// How long it still lasts; 0 when a single exchange may try the server.
        package var rest: UInt64
    }

    /// What its agent has said.
    package struct Agent: Codable, Sendable, Equatable {
        package var percent: UInt32
        package var wish: String
        /// In the agent's words, when it says that the server does not work.
        package var down: String?
        package var limit: UInt32?
    }

    /// Characters of a text that are taken.
    private static let longestText = 200

    /// Its state in one word, and how long it has been in it.
    package var state: String
    package var time: UInt64
    /// What its checks have come to; `nil` when nothing is known. `failure` says how they fail.
    package var passes: Bool?
    package var failure: String?
    package var ejected: Ejected?
    /// Ejections that count for the next one's time, and how long ago it came back from the last.
    package var ejections: Int?
    package var backFor: UInt64?
    package var agent: Agent?
    /// How long its share has been growing.
    package var slowStart: UInt64?
    /// How long its exchanges may still go on.
    package var cut: UInt64?

    package init(state: HealthState, time: UInt64) {
        self.state = state.name
        self.time = time
    }

    /// Whether there is nothing to say.
    var isEmpty: Bool { self == HealthRecord(state: .up, time: time) }

    /// What somebody else wrote, within bounds.
    static func bounded(_ text: String) -> String { String(text.prefix(longestText)) }
}

/// What a process knows of a server that another one looked after.
package struct InheritedServer: Sendable, Equatable {
    package let server: Int
    package var record: HealthRecord?
    /// What the operator wants of it, if that is not what the config says.
    package var wanted: OperatorState?

    package init(_ server: Int) { self.server = server }
}

extension EjectionCause {
    /// As a record calls it.
    var name: String {
        switch self {
        case .connectionFailures: "connectionFailures"
        case .serverErrors: "serverErrors"
        case .failureRate: "failureRate"
        case .failedProbation: "failedProbation"
        }
    }

    init?(name: String) {
        let all: [EjectionCause] = [.connectionFailures, .serverErrors, .failureRate, .failedProbation]
        guard let cause = all.first(where: { $0.name == name }) else { return nil }
        self = cause
    }
}

extension AgentReply.Wish {
    /// As a record calls it.
    fileprivate var name: String {
        switch self {
        case .ready: "ready"
        case .drain: "drain"
        case .maintenance: "maintenance"
        }
    }
}

extension AgentStanding {
    /// `nil` when the agent has said nothing that matters.
    var record: HealthRecord.Agent? {
        if self == AgentStanding() { return nil }
        var agent = HealthRecord.Agent(percent: percent, wish: wish.name, limit: limit)
        if case .down(let words) = condition { agent.down = HealthRecord.bounded(words) }
        return agent
    }

    /// What an agent has said to another process. A wish that is not known is none.
    init(_ record: HealthRecord.Agent) {
        self.init()
        var reply = AgentReply()
        reply.percent = min(record.percent, AgentReply.highestPercent)
        reply.wish = [.drain, .maintenance].first { $0.name == record.wish } ?? .ready
        reply.condition = record.down.map { .down(HealthRecord.bounded($0)) }
        reply.limit = record.limit
        note(reply)
    }
}
