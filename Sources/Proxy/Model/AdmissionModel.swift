// How clients prove who they are, as far as a loop has to know it.

/// One way to ask.
package struct AdmissionModel: Sendable {
    /// What of a request shows who sends it.
    package enum Evidence: Sendable {
        /// The value of Authorization.
        case authorization
        /// The value of a field, or else of a parameter of the query.
        case key(field: String?, parameter: String?)
        /// A token: the value of a field, behind "Bearer" in Authorization, or else of a cookie or a parameter of the query.
        case token(field: String?, cookie: String?, parameter: String?)
        /// The whole head: somebody else is asked.
        case head
        /// Any of these.
        indirect case several([Evidence])
    }

    package let evidence: Evidence
    /// The values of WWW-Authenticate (RFC 9110 section 11.6.1), one for each way that has one.
    package let challenges: [AuthenticateChallenge]

    package init(_ evidence: Evidence, challenges: [AuthenticateChallenge] = []) {
        self.evidence = evidence
        self.challenges = challenges
    }

    /// Any of several ways.
    package init(anyOf ways: [AdmissionModel]) {
        evidence = .several(ways.map(\.evidence))
        var challenges: [AuthenticateChallenge] = []
        for challenge in ways.flatMap(\.challenges) where !challenges.contains(challenge) {
            challenges.append(challenge)
        }
        self.challenges = challenges
    }
}

/// A value of WWW-Authenticate.
package struct AuthenticateChallenge: Sendable, Equatable {
    package let text: String
    /// Whether it is told what is wrong with a token.
    package let isForTokens: Bool

    package init(_ text: String, isForTokens: Bool = false) {
        self.text = text
        self.isForTokens = isForTokens
    }
}

/// What is wrong with what a client shows, as far as it is told of it (RFC 6750 section 3.1).
package enum AdmissionFault: UInt8, BitwiseCopyable, Sendable {
    /// Nothing was shown, or there is nothing to tell.
    case none
    case invalid, expired
    /// It is good, but not for this.
    case insufficient

    /// What stands behind a challenge.
    var parameters: StaticString {
        switch self {
        case .none: ""
        case .invalid: ", error=\"invalid_token\""
        case .expired: ", error=\"invalid_token\", error_description=\"The token has expired\""
        case .insufficient: ", error=\"insufficient_scope\""
        }
    }
}

/// All that stands between routes and servers.
package struct GateSet: Sendable {
    package var access = AccessModel()
    /// What is asked of clients that meet a rule with the action `challenge`; `nil` where there is none.
    package var challenge: ChallengeModel?
    package var admissions: [AdmissionModel] = []
    /// Gates refer to these; the first is that of the whole config if `hasCommonMaintenance`.
    package var maintenances: [MaintenanceModel] = []
    package var hasCommonMaintenance = false
    /// By upstream: what clients get instead of it, a place in `maintenances`; asked where requests are shared out.
    package var upstreamMaintenances: [Int: Int32] = [:]
    /// Routes refer to these.
    package var gates: [GateModel] = []
    /// Fields that say who a client has proved to be, in lower case: what clients say in them never passes.
    package var identityFields: [String] = []

    package init() {}
}
