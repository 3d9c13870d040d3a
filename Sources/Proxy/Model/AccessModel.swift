// Who is let in, as the config says it.
import MartletHTTPCore
import MartletRouting

/// What becomes of a request that a rule is for.
package enum AccessAction: UInt8, Sendable {
    /// It is let in: the rules behind this one are not asked.
    case allow
    /// It is refused.
    case deny
    /// Its client has to show first that it is a browser; then the next rule is asked.
    case challenge
    /// It is noted, and the next rule is asked.
    case log
}

/// One rule.
package struct AccessRule: Sendable {
    /// How it is called in the log and in metrics.
    package let name: String
    package let action: AccessAction
    /// Of the answer when it refuses.
    package var status: UInt16 = 403
    /// It is counted and noted, and nothing else.
    package var isShadow = false
    /// Its routes say which hosts and paths it is for; `nil` for all.
    package var requests: RouteTable?
    /// Its one route says what else a request must have; `nil` for nothing.
    package var condition: RouteTable?
    /// The clients it is for, and lists from files that they may be in as well; with neither it is for all.
    package var clients: NetworkSet?
    /// Places in `AccessModel.lists`.
    package var lists: [Int] = []

    package init(name: String, action: AccessAction) {
        self.name = name
        self.action = action
    }
}

/// All rules, and which of them are asked where.
package struct AccessModel: Sendable {
    /// Those of the whole config first, and those of each route behind.
    package var rules: [AccessRule] = []
    /// How many are of the whole config.
    package var common = 0
    /// What files have said at the start; loops are told when they change.
    package var lists: [NetworkSet] = []
    /// How often each rule was for a request.
    package var counts = RuleCounts(0)

    package init() {}
}

/// What stands between a route and its servers.
package struct GateModel: Sendable, BitwiseCopyable {
    /// The route's own rules among `AccessModel.rules`; they are asked behind the common ones.
    package var first: Int32 = 0
    package var end: Int32 = 0
    /// Who is asked about the client: a place in `Model.admissions`; -1 for nobody.
    package var admission: Int32 = -1
    /// What clients get instead when it is on: that of the whole config, and the route's or its upstream's. Places in
    /// `GateSet.maintenances`; -1 for none.
    package var maintenance: Int32 = -1
    package var ownMaintenance: Int32 = -1
    /// The upstream that a split chooses may have one.
    package var asksUpstream = false

    package init() {}
}

/// How often rules were for requests.
package typealias RuleCounts = SharedCounts
