// Servers that are found, not written down.

/// Where the servers of an upstream are found, besides those that are written in `servers`: either by a name in the DNS, or in the
/// files of a folder. They come and go while Martlet runs, and nothing else is touched by it.
package struct DiscoverConfiguration: Sendable, Hashable {
    /// A name of the DNS. Its addresses are the servers, or with `type: srv` its services. It is looked for in the domains of
    /// `resolvers.search`, or those of the system, unless it ends with a dot.
    package var dns: String?

    /// What is asked about the name. Without it the addresses of both kinds, `a` (IPv4) and `aaaa` (IPv6). `srv` is for names such as
    /// `_http._tcp.app.internal`, whose records (RFC 2782) have ports, weights and priorities: servers of the lowest priority serve,
    /// all others are backups.
    package var type: DiscoveredType?

    /// The port of servers that are found by their addresses. Services have their own.
    package var port: Int?

    /// A folder with files that have a server a line, such as `10.0.0.7:8080 weight=2`, with `#` before comments. Names that begin
    /// with a dot or end with `~` are not looked at. A change is in force at once. A file with a line that is wrong stays as it was
    /// when it was last right.
    package var folder: String?

    /// A name is not asked for again earlier than this, however short the answer's own time is.
    package var minTTL: Duration = .seconds(1)

    /// A name is asked for again after this time, however long the answer's own time is.
    package var maxTTL: Duration = .minutes(5)

    /// How often in a row a name must have no servers until those that are known are given up: resolvers that have just
    /// started know nothing either. When there is no answer at all, they are never given up.
    package var emptyAnswers: Int = 3

    /// The most servers that are taken. More are left out, and the log says so.
    package var maxServers: Int = 256

    /// How long the start, or a reload that brings a name or a folder, waits for its first answer. Then it goes on without:
    /// until there are servers, requests are answered with 503.
    package var startTimeout: Duration = .seconds(5)

    /// The defaults, which find nothing.
    package init() {}
}

/// What is asked about a name.
package enum DiscoveredType: String, Sendable, CaseIterable {
    /// IPv4 addresses.
    case a
    /// IPv6 addresses.
    case aaaa
    /// Services.
    case srv
}

extension DiscoverConfiguration: Section {
    static let noun = "discover"
    static var blank: DiscoverConfiguration { DiscoverConfiguration() }

    static var keys: [Key<DiscoverConfiguration>] {
        [
            Key("dns", \.dns, .optional(.discoveredName)),
            Key("type", \.type, .optional(.choice(otherWords: ["A": .a, "AAAA": .aaaa, "SRV": .srv]))),
            Key("port", \.port, .optional(.integer(1...65535))),
            Key("folder", \.folder, .optional(.folderPath)),
            Key("minTTL", \.minTTL, .duration(.milliseconds(100) ... .hours(1))),
            Key("maxTTL", \.maxTTL, .duration(.milliseconds(100) ... .hours(24))),
            Key("emptyAnswers", \.emptyAnswers, .integer(1...100)),
            Key("maxServers", \.maxServers, .integer(1...10_000)),
            Key("startTimeout", \.startTimeout, .duration(.zero ... .minutes(5))),
        ]
    }
}
