// Why a server stands where it stands, for the log and the admin listener.

extension Standing {
    /// Why, in a few words.
    /// - Parameter previous: where it stood before, which is why it is well again.
    package func reason(after previous: Standing = .well) -> String {
        switch self {
        case .well: previous == .slowStart ? "its slow start is over" : previous.reasonOfEnd
        case .slowStart: previous.isWell ? "slow start" : "\(previous.reasonOfEnd); slow start"
        case .awaitingCheck: "its first check is to come"
        case .awaitingAddress: "its name has no address yet"
        case .probation: "its ejection is over; a single request may try it"
        case .ejected(let cause): cause.words
        case .failingCheck(let reason): "its check fails: \(reason)"
        case .downByAgent(let words): "its agent says: \(words)"
        case .draining(by: .operator), .maintenance(by: .operator): "the operator said so"
        case .draining(by: .agent), .maintenance(by: .agent): "its agent said so"
        }
    }

    /// Why a server is well that stood here before.
    private var reasonOfEnd: String {
        switch self {
        case .well, .slowStart: "it is well"
        case .awaitingCheck, .failingCheck: "its check passes"
        case .awaitingAddress: "its name has been resolved"
        case .probation, .ejected: "it has passed its probation"
        case .downByAgent: "its agent says that it is up"
        case .draining(by: .operator), .maintenance(by: .operator): "the operator said so"
        case .draining(by: .agent), .maintenance(by: .agent): "its agent said so"
        }
    }
}

extension EjectionCause {
    /// In words.
    package var words: String {
        switch self {
        case .connectionFailures: "too many failed connections in a row"
        case .serverErrors: "too many server errors in a row"
        case .failureRate: "too large a share of failed requests"
        case .failedProbation: "it failed its probation"
        }
    }
}
