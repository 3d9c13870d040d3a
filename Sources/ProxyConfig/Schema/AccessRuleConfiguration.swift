// Who is let in.
import MartletHTTPCore

/// A rule of access. It is for the requests that have all that it asks for; one that asks for nothing is for all.
package struct AccessRuleConfiguration: Sendable, Equatable {
    /// How the rule is called in the access log and in metrics. Without it, its place: `access[0]`, `routes[2].access[0]`.
    package var name: String?

    /// What becomes of a request that the rule is for: `deny` refuses it, `allow` lets it in without asking the rules behind,
    /// `challenge` goes on to the next rule only if the client has shown that it is a browser (see `challenge` at the top), and
    /// `log` notes it and goes on to the next rule.
    package var action: AccessRuleAction = .deny

    /// The status of the answer to what `deny` refuses.
    package var status: Int = 403

    /// Whether the rule is only tried out: requests that it is for are counted and noted in the access log, and the next rule
    /// is asked.
    package var shadow: Bool = false

    /// The hosts that requests are for, one or a list, written as in routes.
    package var host: [String] = []

    /// The paths that requests are for, one or a list, written as in routes.
    package var path: [String] = []

    /// The networks that clients are in, one or a list: `10.0.0.0/8`, or an address alone. What counts is the address of the
    /// connection, or the one that the PROXY protocol says.
    package var clients: [Network] = []

    /// Files with more such networks, one or a list. Each has one network a line; what stands behind `#` or `;` is a comment.
    /// They are read again within a second or two when they change; one that is broken then changes nothing, and the log says
    /// so.
    package var clientFiles: [String] = []

    /// What else requests must have: method, header fields, query and so on, as in routes.
    package var when: ConditionConfiguration?

    /// A rule that refuses everything.
    package init() {}
}

/// What becomes of requests that a rule is for.
package enum AccessRuleAction: String, Sendable, CaseIterable {
    /// They are refused.
    case deny
    /// They are let in.
    case allow
    /// Their clients have to show first that they are browsers.
    case challenge
    /// They are noted.
    case log
}

extension AccessRuleConfiguration: Section {
    static let noun = "an access rule"
    static let isDescribedOnce = true
    static var blank: AccessRuleConfiguration { AccessRuleConfiguration() }

    static var keys: [Key<AccessRuleConfiguration>] {
        [
            Key("name", \.name, .optional(.name)),
            Key(
                "action", \.action, .choice(otherWords: ["block": .deny, "refuse": .deny, "accept": .allow]),
                required: true),
            Key("status", \.status, .integer(400...599)),
            Key("shadow", \.shadow, .boolean),
            Key("host", \.host, .oneOrMore(of: .host)),
            Key("path", \.path, .oneOrMore(of: .path)),
            Key("clients", \.clients, .oneOrMore(of: .network)),
            Key("clientFiles", \.clientFiles, .oneOrMore(of: .filePath)),
            Key("when", \.when, .optional(.section())),
        ]
    }
}
