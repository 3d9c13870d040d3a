// How clients prove who they are, as far as a loop has to know it.

/// One way to ask.
package struct AdmissionModel: Sendable {
    /// What of a request shows who sends it.
    package enum Evidence: Sendable {
        /// The value of Authorization.
        case authorization
        /// The value of a field, or else of a parameter of the query.
        case key(field: String?, parameter: String?)
        /// The whole head: somebody else is asked.
        case head
    }

    package let evidence: Evidence
    /// The value of WWW-Authenticate (RFC 9110 section 11.6.1); `nil` for no such field.
    package let challenge: String?

    package init(_ evidence: Evidence, challenge: String? = nil) {
        self.evidence = evidence
        self.challenge = challenge
    }
}

/// All that stands between routes and servers.
package struct GateSet: Sendable {
    package var access = AccessModel()
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
