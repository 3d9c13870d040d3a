// Conditions on requests, apart from host and path.
import MartletHTTPCore

/// What a request must have, all of it. The keys mean what they mean of a route.
package struct ConditionConfiguration: Sendable, Equatable {
    /// The methods that it has one of, one or a list.
    package var methods: [String] = []

    /// Whether it has come over TLS, `https`, or without, `http`.
    package var scheme: RouteScheme?

    /// Header fields by their names, each with its value, or a test of it.
    package var headers: [ValueMatchConfiguration] = []

    /// Parameters of the query by their names, each with its value, or a test of it.
    package var query: [ValueMatchConfiguration] = []

    /// Cookies by their names, each with its value, or a test of it.
    package var cookies: [ValueMatchConfiguration] = []

    /// Parts of the certificate by which its client has proved who it is, each with its value, or a test of it: `subject` as
    /// RFC 4514 writes it, `dns` and `uri` for one of the alternative names, and `fingerprint`.
    package var certificate: [ValueMatchConfiguration] = []

    /// The networks that its client is in one of, one or a list.
    package var clients: [Network] = []

    /// Conditions of which at least one must hold.
    package var any: [ConditionConfiguration] = []

    /// Conditions that must all hold.
    package var all: [ConditionConfiguration] = []

    /// Conditions of which none may hold, one or a list.
    package var not: [ConditionConfiguration] = []

    /// Nothing.
    package init() {}
}

extension ConditionConfiguration: Section {
    static let noun = "a condition"
    static let isDescribedOnce = true
    static var blank: ConditionConfiguration { ConditionConfiguration() }

    static var keys: [Key<ConditionConfiguration>] {
        [
            Key("methods", \.methods, .oneOrMore(of: .method)),
            Key("scheme", \.scheme, .optional(.choice())),
            Key("headers", \.headers, .matches(.field)),
            Key("query", \.query, .matches(.parameter)),
            Key("cookies", \.cookies, .matches(.cookie)),
            Key("certificate", \.certificate, .matches(.certificate)),
            Key("clients", \.clients, .oneOrMore(of: .network)),
            Key("any", \.any, .some(of: .section())),
            Key("all", \.all, .some(of: .section())),
            Key("not", \.not, .oneOrMore(of: .section())),
        ]
    }
}
