// Whether a request is sent again. Pure.

/// How a try ended that came to nothing.
package enum TryFailure: Equatable, BitwiseCopyable, Sendable {
    /// No connection could be made: nothing was sent.
    case notConnected
    /// The connection was lost, or the server took too long, before the response's head.
    case lost
    /// The response has a status that says: ask another one.
    case status
    /// A call of gRPC was answered with a status after which, as the operator says, it may be sent again whatever it does.
    case callStatus
}

/// What the decision rests on.
package struct TryFacts: BitwiseCopyable {
    package var failure: TryFailure
    /// Tries that have been made, and how many there may be.
    package var tries: Int
    package var limit: Int
    /// The request is still there as a whole.
    package var isKept = false
    /// Sending it twice means the same as once, or the operator says that it does not matter.
    package var isRepeatable = false
    /// Not a byte of it has been handed to the server.
    package var isUnsent = false
    /// There is a server that has not been tried.
    package var hasOther = false

    package init(_ failure: TryFailure, tries: Int, limit: Int) {
        self.failure = failure
        self.tries = tries
        self.limit = limit
    }
}

/// What becomes of a request whose try has failed.
package enum RetryDecision: Equatable, BitwiseCopyable, Sendable {
    /// It is sent to another server at once.
    case now
    /// Only servers that failed are left: it is sent again after a pause.
    case afterPause
    /// No server can be reached: it waits until one can.
    case waitForServer
    /// It fails, or the response stands as it is.
    case never

    /// - Parameter budget: takes a retry out of the budget; asked last, and not for connections that could not be made,
    ///   as they put no load on a server.
    package static func decide(_ facts: TryFacts, budget: () -> Bool) -> RetryDecision {
        let isSafe = facts.isRepeatable || facts.isUnsent || facts.failure == .callStatus
        if !facts.isKept || !isSafe { return .never }
        switch facts.failure {
        case .notConnected:
            if facts.tries >= facts.limit { return .waitForServer }
            return facts.hasOther ? .now : .afterPause
        case .lost, .status, .callStatus:
            if facts.tries >= facts.limit || !budget() { return .never }
            return facts.hasOther ? .now : .afterPause
        }
    }

    /// The pause before a further retry, in milliseconds: twice as long each time, and a random half shorter, so that
    /// requests which failed together do not come back together.
    /// - Parameters:
    ///   - tries: how many have been made, at least 1.
    ///   - random: any number.
    package static func pause(tries: Int, base: UInt64, longest: UInt64, random: UInt64) -> UInt64 {
        let full = min(base << UInt64(min(max(tries - 1, 0), 20)), longest)
        return full - full / 2 * (random & 0xFF) / 0xFF
    }
}
