// What may be said of a server, in one word and in a sentence.

/// The state of a server, as operators and metrics know it.
package enum HealthState: UInt8, Sendable, CaseIterable, BitwiseCopyable {
    /// It serves.
    case up
    /// It does not serve yet, or not all of its share: before its first check, on probation, or in its slow start.
    case starting
    /// It does not serve for a while because of what exchanges have met.
    case ejected
    /// A check says that it does not work.
    case down
    /// No new exchanges; running ones may finish.
    case draining
    /// The same, and whatever happens to it is no news.
    case maintenance

    /// As logs, metrics and the admin listener call it.
    package var name: String {
        switch self {
        case .up: "up"
        case .starting: "starting"
        case .ejected: "ejected"
        case .down: "down"
        case .draining: "draining"
        case .maintenance: "maintenance"
        }
    }
}

/// Who has taken a server out.
package enum Authority: UInt8, Sendable, BitwiseCopyable {
    case `operator`
    /// The server's own agent.
    case agent
}

/// Where a server stands, and why.
package enum Standing: Sendable, Equatable {
    case well
    /// It is well and gets a growing share.
    case slowStart
    /// Nothing is known yet, and the first check decides.
    case awaitingCheck
    /// Its name has not been resolved.
    case awaitingAddress
    /// A single exchange may try it.
    case probation
    case ejected(EjectionCause)
    /// Its check fails, and how.
    case failingCheck(String)
    /// What its agent says.
    case downByAgent(String)
    case draining(by: Authority)
    case maintenance(by: Authority)

    /// In one word.
    package var state: HealthState {
        switch self {
        case .well: .up
        case .slowStart, .awaitingCheck, .awaitingAddress, .probation: .starting
        case .ejected: .ejected
        case .failingCheck, .downByAgent: .down
        case .draining: .draining
        case .maintenance: .maintenance
        }
    }

    /// Whether it may be chosen when all is as it should be.
    package var isWell: Bool {
        switch self {
        case .well, .slowStart: true
        case .awaitingCheck, .awaitingAddress, .probation, .ejected, .failingCheck, .downByAgent, .draining,
            .maintenance:
            false
        }
    }

    /// Whether it is known to be ill: it counts when too many are, and is tried all the same then.
    package var isIll: Bool {
        switch self {
        case .probation, .ejected, .failingCheck, .downByAgent: true
        case .well, .slowStart, .awaitingCheck, .awaitingAddress, .draining, .maintenance: false
        }
    }
}

extension Standing {
    /// Whether nothing is known of it yet.
    package var isUnknown: Bool {
        switch self {
        case .awaitingCheck, .awaitingAddress: true
        case .well, .slowStart, .probation, .ejected, .failingCheck, .downByAgent, .draining, .maintenance: false
        }
    }
}

/// Why a server is ejected.
package enum EjectionCause: UInt8, Sendable, BitwiseCopyable {
    case connectionFailures, serverErrors, failureRate, failedProbation
}
