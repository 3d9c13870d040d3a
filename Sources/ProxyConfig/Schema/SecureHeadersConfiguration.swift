// Fields by which browsers are told to be careful.

/// Fields of responses by which browsers are told to be careful with them: of servers, of `redirect` and `respond`, and of error
/// pages. [rewriting.md](rewriting.md#secure-headers) has the list.
package struct SecureHeadersConfiguration: Sendable, Equatable {
    /// How much is asked of browsers: `basic` is what pages work with that know nothing of it, `strict` what they have to be made
    /// for. `Strict-Transport-Security` goes to clients over TLS alone, and only where the listener has no `hsts`, which says
    /// it with more detail.
    package var level: SecureLevel

    /// Whether these fields take the place of what a server says in them. Without it, a server's own value stays. What
    /// `responseFields` does to one of them counts in any case.
    package var override: Bool = false

    /// The fields of `level`.
    package init(_ level: SecureLevel) {
        self.level = level
    }
}

/// How much is asked of browsers.
package enum SecureLevel: String, Sendable, CaseIterable {
    /// What breaks no page.
    case basic
    /// What pages have to be made for.
    case strict
}

extension SecureHeadersConfiguration: Section {
    static let noun = "secureHeaders"
    static var blank: SecureHeadersConfiguration { SecureHeadersConfiguration(.basic) }

    static var keys: [Key<SecureHeadersConfiguration>] {
        [
            Key("level", \.level, .secureLevel, required: true),
            Key("override", \.override, .boolean),
        ]
    }
}

extension Configuration {
    /// What browsers are told on a route; `nil` for nothing.
    package func secureHeaders(of route: RouteConfiguration) -> SecureHeadersConfiguration? {
        route.secureHeaders ?? secureHeaders
    }
}
