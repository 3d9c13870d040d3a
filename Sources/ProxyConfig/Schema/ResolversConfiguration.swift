// Who is asked about names of the DNS.
import MartletHTTPCore

/// The resolvers that are asked where `discover` names a name. The names of servers that are written in `servers` are the system's
/// matter, which has more than the DNS for them.
package struct ResolversConfiguration: Sendable, Equatable {
    /// Their addresses, with a port if it is not 53. They are tried in turn, from the one on that has answered last. Without any,
    /// those of `file`.
    package var addresses: [ServerAddress] = []

    /// A file as resolv.conf(5) has it, whose first three `nameserver` lines count, its `search` or `domain`, and `ndots` of its
    /// `options`. It is read again when it has changed.
    package var file = "/etc/resolv.conf"

    /// The domains in which names of `discover` are looked for, one after the other until there is something; at most six, and 256
    /// characters. Without them those of `file`, if it is that whose resolvers are asked, and else none; `[]` is for none as well. A
    /// name that ends with a dot is whole, whatever they are.
    package var search: [String]?

    /// Names with so many dots, or more, are looked for as they are before they are looked for in `search`; others afterwards. Without
    /// it as `file` has it, or else 1.
    package var ndots: Int?

    /// How long a resolver may take before the next one is asked.
    package var timeout: Duration = .seconds(2)

    /// How often all of them are asked until there is no answer.
    package var tries: Int = 2

    /// The defaults.
    package init() {}
}

extension ResolversConfiguration: Section {
    static let noun = "resolvers"
    static var blank: ResolversConfiguration { ResolversConfiguration() }

    static var keys: [Key<ResolversConfiguration>] {
        [
            Key("addresses", \.addresses, .oneOrMore(of: .resolverAddress, minimum: 0)),
            Key("file", \.file, .filePath),
            Key("search", \.search, .optional(.list(of: .discoveredName))),
            Key("ndots", \.ndots, .optional(.integer(0...15))),
            Key("timeout", \.timeout, .duration(.milliseconds(10) ... .minutes(1))),
            Key("tries", \.tries, .integer(1...10)),
        ]
    }
}
